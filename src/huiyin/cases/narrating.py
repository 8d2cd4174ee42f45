"""Events and effects of a case told in words: titles, facts, and the procedure's notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.names import Names
from huiyin.cases.ownfacts import title_of, words_of
from huiyin.cases.wording import required_sentence
from huiyin.core.times import moment_text
from huiyin.journal.models import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """A fact of an event; `when` is a time to be shown as times are."""

    label: str
    value: str = ""
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    clause: str


@dataclass(slots=True)
class Details:
    title: str
    tone: str = "done"
    means: str = ""
    facts: list[Line] = field(default_factory=list)


Data = Mapping[str, Any]

# Told for every pack, whether it adds values to them or not.
_COMMON = frozenset({"severity", "urgency", "responsible_party", "via", "category", "answer_by"})
# Events whose colour says more than the word: what went well, what came back.
TONES = {
    "registered": "start",
    "chased": "soon",
    "reopened": "soon",
    "appealed": "soon",
    "closed": "good",
    "noted": "quiet",
    "linked": "quiet",
    "unlinked": "quiet",
}


def time_of(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def details_of(name: str, data: Data, texts: Mapping[str, str], names: Names) -> Details:
    """The title of an event and what it says beside its words."""
    details = Details(labels.label(labels.HAPPENED, name), TONES.get(name, "done"))
    if means := data.get("means"):
        details.means = labels.label(labels.MEANS, means)
    tell = _TELL.get(name)
    if tell is not None:
        tell(details, data, texts, names)
    _own_facts(details, data, texts, names)
    return details


def _own_facts(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    """What the event says of the facts that the pack added, codes and words."""
    for fact in names.rules.pack.fact:
        value = texts.get(fact.name) or data.get(fact.name)
        if value not in (None, "") and fact.name not in _COMMON:
            details.facts.append(Line(title_of(fact), words_of(fact, value)))


def _judged(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    details.title = _("判定为%(validity)s") % {
        "validity": labels.label(labels.VALIDITIES, data.get("validity"))
    }
    if data.get("level"):
        details.facts.append(Line(_("级别"), labels.level_label(names.rules, data["level"])))
    _common(details, data, names)


def _common(details: Details, data: Data, names: Names) -> None:
    shown: tuple[tuple[str, str, labels.Labels], ...] = (
        ("severity", _("严重程度"), labels.SEVERITIES),
        ("urgency", _("紧急程度"), labels.URGENCIES),
        ("responsible_party", _("责任方"), labels.PARTIES),
        ("via", _("转来"), labels.VIAS),
    )
    for key, title, values in shown:
        if data.get(key):
            details.facts.append(Line(title, labels.label(values, data[key])))
    if data.get("category"):
        details.facts.append(Line(_("类别"), labels.category_label(names.rules, data["category"])))
    if data.get("answer_by"):
        details.facts.append(Line(_("要求答复"), when=time_of(data["answer_by"])))


def _registered(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    details.title = _("登记了%(kind)s") % {"kind": labels.kind_label(names.rules, data.get("kind", ""))}
    details.means = labels.channel_label(names.rules, data.get("channel", ""))
    _common(details, data, names)


def _amended(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    _common(details, data, names)


def _assigned(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    to = (
        names.person(data.get("person")) or names.post(data.get("to_post")) or names.unit(data.get("to_unit"))
    )
    details.title = _("派给%(to)s") % {"to": to}
    if data.get("to_unit") and names.unit(data["to_unit"]) != to:
        details.facts.append(Line(_("部门"), names.unit(data["to_unit"])))
    if data.get("to_post") and names.post(data["to_post"]) != to:
        details.facts.append(Line(_("岗位"), names.post(data["to_post"])))


def _promised(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    details.title = _("承诺%(what)s") % {"what": names.promised(data.get("what"))}
    details.facts.append(Line(_("最迟"), when=time_of(data.get("by"))))


def _followed_up(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    outcome = data.get("outcome")
    details.title = _("回访：%(outcome)s") % {"outcome": labels.label(labels.OUTCOMES, outcome)}
    details.tone = {"satisfied": "good", "fairly_satisfied": "good", "dissatisfied": "late"}.get(
        str(outcome), "soon"
    )


def _confirmed(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    good = data.get("satisfied") is not False
    details.title = _("顾客确认：满意") if good else _("顾客确认：不满意")
    details.tone = "good" if good else "late"
    if texts.get("signed_by"):
        details.facts.append(Line(_("签字人"), texts["signed_by"]))


def _escalated(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    if data.get("to_post"):
        details.title = _("上报给%(post)s") % {"post": names.post(data["to_post"])}


def _amount(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    if data.get("amount") not in (None, ""):
        details.facts.append(Line(_("金额"), _("%(amount)s 元") % {"amount": data["amount"]}))
    if data.get("what"):
        details.facts.append(Line("", labels.approved_label(names.rules, str(data["what"]))))
    if data.get("attempts"):
        details.facts.append(Line(_("联系尝试"), _("%(count)s 次") % {"count": data["attempts"]}))
    if data.get("recourse_offered"):
        details.facts.append(Line("", _("已告诉顾客还可以向哪里反映")))


def _assessed(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    """Which one and what became of it; amount and person are for those concerned alone."""
    details.title = labels.label(labels.DECISIONS, data.get("decision"))
    name = labels.assessment_label(names.rules, str(data.get("assessment", "")))
    details.facts.append(Line("", name))


def _forwarded(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    details.title = _("转交%(party)s") % {"party": labels.label(labels.PARTIES, data.get("party"))}


def _linked(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    details.facts.append(Line(labels.label(labels.RELATIONS, data.get("relation")), str(data.get("to", ""))))


def _slip(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    title = labels.slip_label(names.rules, data.get("form", "")) if data.get("form") else _("联络单")
    details.facts.append(Line(title, str(data.get("slip", ""))))
    if data.get("to_unit"):
        details.facts.append(Line(_("发往"), names.unit(data["to_unit"])))
    for key, words in (("reply_by", _("要求回复")), ("finish_by", _("要求办结"))):
        if data.get(key):
            details.facts.append(Line(words, when=time_of(data[key])))
    if data.get("satisfied") is False:
        details.facts.append(Line("", _("没有办好，再办一轮")))


def _signed(details: Details, data: Data, texts: Mapping[str, str], names: Names) -> None:
    if texts.get("by"):
        details.facts.append(Line(_("签字人"), texts["by"]))


_TELL: dict[str, Callable[[Details, Data, Mapping[str, str], Names], None]] = {
    "registered": _registered,
    "amended": _amended,
    "judged": _judged,
    "assigned": _assigned,
    "promised": _promised,
    "followed_up": _followed_up,
    "confirmed": _confirmed,
    "escalated": _escalated,
    "compensated": _amount,
    "approved": _amount,
    "declined": _amount,
    "assessed": _assessed,
    "forwarded": _forwarded,
    "linked": _linked,
    "unlinked": _linked,
    "signed": _signed,
    "appealed": _signed,
    "slip_issued": _slip,
    "slip_received": _slip,
    "slip_answered": _slip,
    "slip_finished": _slip,
    "slip_evaluated": _slip,
}


def refused_title(data: Data) -> str:
    """The headline of a refused attempt."""
    return _("没有做成：%(step)s") % {"step": labels.event_label(str(data.get("event", "")))}


def effect_note(name: str, data: Data, clause: str | None, names: Names) -> Note | None:
    """What the procedure made of it, in one line; None for what the page shows anyway."""
    tell = _EFFECTS.get(name)
    text = tell(data, names) if tell is not None else ""
    return Note(text, clause or "") if text else None


def entry_note(entry: Entry, names: Names) -> Note | None:
    return effect_note(entry.name, entry.data, entry.clause, names)


def _clock(data: Data, names: Names) -> str:
    about = data.get("slip") or (names.promised(data["what"]) if data.get("what") else "")
    title = names.clock(str(data.get("clock", "")))
    return _("%(clock)s（%(about)s）") % {"clock": title, "about": about} if about else title


def _due(data: Data) -> str:
    when = time_of(data.get("due"))
    return moment_text(when) if when else ""


def _started(data: Data, names: Names) -> str:
    return _("%(clock)s开始计时，最迟 %(due)s") % {"clock": _clock(data, names), "due": _due(data)}


def _changed(data: Data, names: Names) -> str:
    return _("%(clock)s的截止时间改为 %(due)s") % {"clock": _clock(data, names), "due": _due(data)}


def _stopped(data: Data, names: Names) -> str:
    sentences = {
        "met": _("%(clock)s按时做到"),
        "late": _("%(clock)s超时做到"),
        "void": _("%(clock)s不再适用"),
    }
    return sentences.get(str(data.get("outcome")), _("%(clock)s停止计时")) % {"clock": _clock(data, names)}


def _notified(data: Data, names: Names) -> str:
    return _("已通知%(post)s") % {"post": names.post(data.get("post"))}


def _approval(data: Data, names: Names) -> str:
    values = {
        "step": labels.approved_label(names.rules, str(data.get("what", ""))),
        "post": names.post(data.get("post")),
        "amount": data.get("amount", ""),
    }
    if data.get("amount"):
        return _("%(step)s %(amount)s 元需要%(post)s批准") % values
    return _("%(step)s需要%(post)s批准") % values


def _action(data: Data, names: Names) -> str:
    """An assessment is named, its amount is not: who decides finds it in the step."""
    if data.get("action") != "assess":
        return _("需要采取措施")
    params = data.get("params") or {}
    values = {
        "title": labels.assessment_label(names.rules, str(params.get("assessment", ""))),
        "post": names.post(params.get("post")),
    }
    return _("提出考核：%(title)s，由%(post)s决定") % values


_EFFECTS: dict[str, Callable[[Data, Names], str]] = {
    "number_given": lambda data, names: _("编号 %(number)s") % {"number": data.get("number", "")},
    "kind_set": lambda data, names: (
        _("转为%(kind)s处理") % {"kind": labels.kind_label(names.rules, str(data.get("kind", "")))}
    ),
    "level_set": lambda data, names: (
        _("级别：%(level)s") % {"level": labels.level_label(names.rules, str(data.get("level") or ""))}
        if data.get("level")
        else ""
    ),
    "owner_set": lambda data, names: _("由%(post)s负责") % {"post": names.post(data.get("post"))},
    "clock_started": _started,
    "clock_changed": _changed,
    "clock_paused": lambda data, names: _("%(clock)s暂停计时") % {"clock": _clock(data, names)},
    "clock_resumed": _changed,
    "clock_stopped": _stopped,
    "warned": lambda data, names: (
        _("%(clock)s快到时限了，最迟 %(due)s") % {"clock": _clock(data, names), "due": _due(data)}
    ),
    "breached": lambda data, names: (
        _("%(clock)s超时，应在 %(due)s 之前") % {"clock": _clock(data, names), "due": _due(data)}
    ),
    "escalated": lambda data, names: _("上报给%(post)s") % {"post": names.post(data.get("to_post"))},
    "notified": _notified,
    "required": lambda data, names: required_sentence(str(data.get("what", "")), names.rules),
    "approval_required": _approval,
    "action_required": _action,
    "reopened": lambda data, names: _("重新开始一轮处理"),
    "closed": lambda data, names: _("工单关闭"),
}
