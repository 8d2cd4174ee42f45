"""What changed between two editions, in sentences: the change page writes itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.core.phrases import listed
from huiyin.engine import Pack
from huiyin.procedures.sentences import Sentence, sentences
from huiyin.procedures.words import Words


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is empty for what is new, `after` for what is gone."""

    label: str
    before: str
    after: str

    @property
    def what(self) -> str:
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(slots=True)
class ClauseChange:
    """One clause with all that changed beneath it; an empty id is the document as a whole."""

    clause: str
    title: str
    changes: list[Change] = field(default_factory=list)


def difference(old: Pack, new: Pack) -> list[ClauseChange]:
    """Clause by clause in the order of the new edition; clauses that are gone at the end."""
    whole = ClauseChange("", _("整个文件"), _document(old, new))
    found = {clause.id: ClauseChange(clause.id, Words(new).title(clause)) for clause in new.clause}
    for clause in old.clause:
        found.setdefault(clause.id, ClauseChange(clause.id, Words(old).title(clause)))
    _clauses(old, new, found)
    _rules(old, new, found)
    return [one for one in [whole, *found.values()] if one.changes]


def _document(old: Pack, new: Pack) -> list[Change]:
    before, after = _frame(old), _frame(new)
    return [Change(label, before[label], after[label]) for label in after if before[label] != after[label]]


def _frame(pack: Pack) -> dict[str, str]:
    """What stands outside of the clauses, by its heading."""
    words, document, hours = Words(pack), pack.procedure, pack.service_hours
    return {
        _("名称"): words.title(document),
        _("编写"): words.posts(document.written_by),
        pgettext("procedure", "审核"): words.posts(document.reviewed_by),
        pgettext("procedure", "批准"): words.posts(document.approved_by),
        _("工作日服务时间"): listed(hours.working_days),
        _("休息日服务时间"): listed(hours.rest_days),
        _("时区"): document.timezone,
        _("种类"): listed(words.title(row) for row in pack.kind),
        _("岗位"): listed(words.title(row) for row in pack.post),
        _("渠道"): listed(words.title(row) for row in pack.channel),
        _("类别"): listed(words.title(row) for row in pack.category),
    }


def _clauses(old: Pack, new: Pack, found: dict[str, ClauseChange]) -> None:
    before = {clause.id: clause for clause in old.clause}
    after = {clause.id: clause for clause in new.clause}
    for number, one in found.items():
        was, now = before.get(number), after.get(number)
        told = Words(old).demands(was) if was else "", Words(new).demands(now) if now else ""
        if told[0] != told[1]:
            one.changes.append(Change(_("条文"), *told))
        if was and now and was.title != now.title:
            one.changes.append(Change(_("标题"), Words(old).title(was), Words(new).title(now)))
        if was and now and was.running != now.running:
            runs = {True: _("系统照此运行"), False: _("系统还没有照此运行")}
            one.changes.append(Change(_("运行"), runs[was.running], runs[now.running]))


def _rules(old: Pack, new: Pack, found: dict[str, ClauseChange]) -> None:
    """Rules of one key are the same rule. What stands in both unchanged is left out."""
    before, after = _keyed(sentences(old)), _keyed(sentences(new))
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key, []), after.get(key, [])
        gone = [one for one in was if one.text not in {other.text for other in now}]
        come = [one for one in now if one.text not in {other.text for other in was}]
        for index in range(max(len(gone), len(come))):
            first = gone[index] if index < len(gone) else None
            second = come[index] if index < len(come) else None
            either = second or first
            assert either is not None
            change = Change(either.label, first.text if first else "", second.text if second else "")
            found[either.clause].changes.append(change)


def _keyed(all_of: list[Sentence]) -> dict[tuple[str, ...], list[Sentence]]:
    found: dict[tuple[str, ...], list[Sentence]] = defaultdict(list)
    for one in all_of:
        found[one.key].append(one)
    return dict(found)
