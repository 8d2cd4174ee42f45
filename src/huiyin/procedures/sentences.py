"""Every rule of a pack as a plain sentence, beneath the clause that demands it.

One function for each kind of rule; what is shown on the pages and what two editions differ in come from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.core.phrases import listed
from huiyin.engine import Pack
from huiyin.engine.schema.rules import matching
from huiyin.procedures import papers
from huiyin.procedures.conditions import phrases, subject
from huiyin.procedures.words import PERIODS, SLIP_STATES, Words, duration_words, either, many

# What stands before a sentence.
TABLES: dict[str, str | Promise] = {
    "clock": lazy("时限"),
    "gate": lazy("关口"),
    "requirement": lazy("下一步"),
    "followup": lazy("回访"),
    "escalation": lazy("上报告知"),
    "authority": lazy("权限"),
    "approval": lazy("审批"),
    "assessment": lazy("考核"),
    "turn": lazy("转为"),
    "setting": lazy("可定的值"),
    "owner": lazy("归谁负责"),
    "level": lazy("分级"),
    "repetition": lazy("重复"),
    "trigger": lazy("统计触发"),
    "emergency": lazy("紧急情形"),
    "kind": lazy("登记"),
    "post": lazy("岗位"),
    "cites": lazy("自动"),
    "slip": lazy("联络单"),
    "record": lazy("记录表格"),
    "number": lazy("编号"),
    "retention": lazy("保存期"),
    "duty": lazy("定期工作"),
    "notice": lazy("通知"),
    "information_class": lazy("信息分类"),
    "meeting": lazy("会议"),
    "survey": lazy("调查"),
}
CITED: dict[str, str | Promise] = {
    "number": lazy("登记后给出编号"),
    "owner": lazy("登记后定下责任岗位"),
    "level": lazy("按标准定级"),
    "closed": lazy("办完后结案"),
    "reopened": lazy("顾客不满意的重新处理"),
    "promise": lazy("向顾客作了承诺的按承诺计时"),
    "appeal": lazy("顾客有异议的重新判定和答复"),
    "approval": lazy("需要批准的报请批准"),
    "slip": lazy("联络单记下开出、签收、回复和办结"),
    "pause": lazy("暂停计时要有理由"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A rule in words. `key` is the same for the same rule in another edition."""

    clause: str
    table: str
    label: str
    text: str
    key: tuple[str, ...]


def sentences(pack: Pack) -> list[Sentence]:
    """All rules of a pack that cite a clause, in the pack's order."""
    return list(_all(pack, Words(pack)))


def by_clause(pack: Pack) -> dict[str, list[Sentence]]:
    found: dict[str, list[Sentence]] = {clause.id: [] for clause in pack.clause}
    for one in sentences(pack):
        found.setdefault(one.clause, []).append(one)
    return found


def _all(pack: Pack, words: Words) -> Iterator[Sentence]:
    for table, say in _SAY.items():
        value = getattr(pack, table)
        rows = value if isinstance(value, list) else [value] if value is not None else []
        for row in rows:
            if row.clause:
                yield _sentence(row.clause, table, say(words, row), _key(table, row, words))
    for row in pack.survey:
        for clause, text in papers.served(words, row):
            yield _sentence(clause, "survey", text, ("survey", clause, row.code))
    yield from _cited(pack.cites, "", ())
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for kind in pack.kind:
        if kind.cites:
            alike.setdefault(tuple(sorted(kind.cites.items())), []).append(kind.code)
    for cites, kinds in alike.items():
        about = listed(words.kind(code) for code in kinds)
        yield from _cited(dict(cites), about, tuple(kinds))


def _cited(cites: Mapping[Any, str], about: str, kinds: tuple[str, ...]) -> Iterator[Sentence]:
    """What the engine does of itself by a clause, in one sentence."""
    clauses: dict[str, list[str]] = {}
    for what in CITED:
        if what in cites:
            clauses.setdefault(cites[what], []).append(str(CITED[what]))
    for clause, things in clauses.items():
        text = _end(things)
        if about:
            text = _("%(about)s：%(text)s") % {"about": about, "text": text}
        yield _sentence(clause, "cites", text, ("cites", clause, *kinds))


def _sentence(clause: str, table: str, text: str, key: tuple[str, ...]) -> Sentence:
    return Sentence(clause=clause, table=table, label=str(TABLES[table]), text=text, key=key)


def _key(table: str, row: Any, words: Words) -> tuple[str, ...]:
    names = [str(getattr(row, name)) for name in ("code", "name", "what") if getattr(row, name, None)]
    steps = many(getattr(row, "step", None) or getattr(row, "on", None) or [])
    about = repr(sorted((getattr(row, "when", None) or {}).items(), key=lambda item: item[0]))
    given = repr(sorted((getattr(row, "given", None) or {}).items(), key=lambda item: item[0]))
    return (table, row.clause or "", *names, *steps, about, given)


# ------------------------------------------------------------ rules that run


def _deadline(limits: str | list[str]) -> str:
    """按顾客要求的时间，没有要求的在 2 小时内"""
    named = many(limits)
    parts = [_limit(one) for one in named]
    if len(parts) == 1:
        return parts[0]
    if named[0] == "asked":
        return _("按顾客要求的时间，没有要求的%(other)s") % {"other": either(parts[1:])}
    return either(parts)


def _limit(text: str) -> str:
    words = duration_words(text)
    if text[:1].isdigit():
        return _("在 %(limit)s内") % {"limit": words}
    return _("按%(time)s") % {"time": words}


def _until(words: Words, until: Any) -> str:
    if not until:
        return _("做到所承诺的事")
    return either(_need(words, event, fields) for event, fields in matching(until).items())


def _clock(words: Words, row: Any) -> str:
    values = {
        "about": subject(words, row.when),
        "start": words.events(row.start),
        "limit": _deadline(row.limit),
        "until": _until(words, row.until),
    }
    parts = [_("%(about)s，从%(start)s起，%(limit)s%(until)s") % values]
    if row.roll:
        parts.append(_("最后一天休息的顺延到下一个工作日"))
    parts += _warning(words, row)
    parts += _consequence(words, row.on_breach)
    if row.pause is True:
        parts.append(_("可以暂停计时"))
    elif row.pause:
        parts.append(_("因%(reasons)s可以暂停计时") % {"reasons": words.values("pause", row.pause)})
    return _end(parts)


def _warning(words: Words, row: Any) -> list[str]:
    if not row.warn:
        return []
    named = row.on_warn.notify if hasattr(row, "on_warn") else []
    told = words.posts(named) if named else words.post("owner")
    values = {"who": told, "share": row.warn}
    if row.warn.endswith("%"):
        return [_("时间用去 %(share)s 时提醒%(who)s") % values]
    return [_("到期前 %(span)s提醒%(who)s") % {"span": duration_words(row.warn), "who": told}]


def _consequence(words: Words, what: Any) -> list[str]:
    parts = []
    if what.escalate:
        parts.append(_("超时上报%(who)s") % {"who": words.posts(what.escalate)})
    if what.notify:
        parts.append(_("超时告知%(who)s") % {"who": words.posts(what.notify)})
    if what.owner:
        parts.append(_("并转由其负责"))
    if what.action:
        parts.append(_("超时要决定是否采取措施"))
    return parts


def _end(parts: list[str]) -> str:
    text = pgettext("rule", "，").join(parts)
    return _("%(text)s。") % {"text": text[:1].upper() + text[1:]}


def _need(words: Words, event: str, fields: Any) -> str:
    """回访，结果为满意或基本满意; 判定之后再答复"""
    wanted = dict(fields)
    after, count, party = wanted.pop("after", None), wanted.pop("count", None), wanted.pop("party", None)
    posts = wanted.pop("by_post", None)
    text = words.event(event)
    if party:
        text = _("转交给%(party)s") % {"party": words.values("party", party)}
    if posts:
        who = either(words.post(code) for code in many(posts))
        text = _("由%(posts)s%(step)s") % {"posts": who, "step": text}
    if wanted:
        text = _("%(thing)s（%(conditions)s）") % {
            "conditions": listed(phrases(words, wanted)),
            "thing": text,
        }
    if after == "appealed":
        # only where somebody did: an appeal is not something everybody must go through
        text = _("%(thing)s，有异议的要在异议之后") % {"thing": text}
    elif after:
        text = _("%(event)s之后再%(thing)s") % {"event": words.event(after), "thing": text}
    if count:
        text = _("%(thing)s %(count)s 次") % {"count": count, "thing": text}
    return text


def _gate(words: Words, row: Any) -> str:
    step = words.events(row.step)
    about = subject(words, row.when)
    if row.given:
        about = _("%(about)s，%(step)s（%(given)s）时") % {
            "about": about,
            "step": step,
            "given": listed(phrases(words, row.given)),
        }
    head = _("%(about)s：") % {"about": about}
    if row.forbid:
        return head + _("不能这样%(step)s。") % {"step": step}
    parts = _gate_parts(words, row, step)
    return head + _end(parts or [step])


def _gate_parts(words: Words, row: Any, step: str) -> list[str]:
    parts = []
    if row.posts:
        values = {"posts": either(words.post(code) for code in row.posts), "step": step}
        parts.append(_("由%(posts)s%(step)s") % values)
    if row.fields:
        fields = listed(words.fact(name) for name in row.fields)
        parts.append(_("%(step)s时要写明%(fields)s") % {"step": step, "fields": fields})
    if row.facts:
        parts.append(
            _("%(facts)s，才能%(step)s") % {"facts": listed(phrases(words, row.facts)), "step": step}
        )
    if row.needs:
        needs = listed(_need(words, event, fields) for event, fields in row.needs.items())
        parts.append(_("要先%(needs)s，才能%(step)s") % {"needs": needs, "step": step})
    if row.slips:
        values = {"done": str(SLIP_STATES[row.slips]), "step": step}
        parts.append(_("联络单都%(done)s了，才能%(step)s") % values)
    if row.other_than:
        values = {"done": words.events(row.other_than), "step": step}
        parts.append(_("%(done)s的人不能自己%(step)s") % values)
    if row.exception:
        parts.append(_exception(words, row.exception))
    return parts


def _exception(words: Words, row: Any) -> str:
    who = either(words.post(code) for code in many(row.approved_by))
    if not row.records:
        return _("做不到的，经%(who)s批准也可以") % {"who": who}
    fields = listed(words.fact(name) for name in row.records)
    return _("做不到的，写明%(fields)s，经%(who)s批准也可以") % {"fields": fields, "who": who}


def _requirement(words: Words, row: Any) -> str:
    values = {
        "about": subject(words, row.when),
        "start": words.events(row.start),
        "until": _until(words, row.until),
    }
    return _("%(about)s，%(start)s后要%(until)s。") % values


def _followup(words: Words, row: Any) -> str:
    values = {"about": subject(words, row.when), "start": words.events(row.start)}
    if row.period:
        values["every"] = str(PERIODS[row.period])
        parts = [_("%(about)s，%(start)s后，%(every)s结束时列入回访名单") % values]
    else:
        parts = [_("%(about)s，%(start)s后要回访") % values]
    if row.within:
        parts.append(_limit(row.within))
    if row.share < 1:
        parts.append(_("抽取不少于 %(share)s%%") % {"share": round(row.share * 100)})
    if row.by:
        parts.append(_("由%(posts)s回访") % {"posts": either(words.post(code) for code in row.by)})
    if row.other_than:
        parts.append(_("%(done)s的人不能自己回访") % {"done": words.events(row.other_than)})
    parts.append(_("结果为%(outcomes)s才算办好") % {"outcomes": words.values("outcome", row.outcomes)})
    return _end(parts + _warning(words, row) + _consequence(words, row.on_breach))


def _escalation(words: Words, row: Any) -> str:
    values = {"about": subject(words, row.when), "on": words.events(row.on)}
    parts = [_("%(about)s，%(on)s时") % values]
    if row.given:
        values["given"] = listed(phrases(words, row.given))
        parts = [_("%(about)s，%(on)s（%(given)s）时") % values]
    if row.to:
        who = words.post(row.to)
        parts.append((_("上报%(who)s，由其负责") if row.owner else _("上报%(who)s")) % {"who": who})
    if row.notify:
        parts.append(_("告知%(who)s") % {"who": words.posts(row.notify)})
    if row.action:
        parts.append(_("要决定是否采取措施"))
    return _end(parts)


def _authority(words: Words, row: Any) -> str:
    values = {
        "about": subject(words, row.when),
        "who": words.post(row.post) if row.post else _("处理人"),
        "what": words.event(row.what),
        "amount": row.up_to,
        "above": words.post(row.above),
    }
    return _("%(about)s：%(who)s可以决定 %(amount)s 元以内的%(what)s，超过的由%(above)s批准。") % values


def _approval(words: Words, row: Any) -> str:
    values = {
        "about": subject(words, row.when),
        "what": words.title(row),
        "who": words.post(row.post),
        "steps": words.events(row.before),
    }
    return _("%(about)s：%(what)s经%(who)s批准，才能%(steps)s；不批准的要重新提出。") % values


def _assessment(words: Words, row: Any) -> str:
    values = {
        "about": subject(words, row.when),
        "on": words.events(row.on),
        "whom": words.responsible(row.responsible),
        "title": words.title(row),
        "by": words.post(row.by),
    }
    parts = [_("%(about)s，%(on)s时，对%(whom)s提出%(title)s") % values]
    if row.base:
        values["span"] = "–".join(f"{amount:f}" for amount in row.base)
        parts.append(_("%(span)s 元") % values)
    if row.measures:
        parts.append(either(row.measures.values()))
    parts.append(_("由%(by)s决定") % values)
    if row.times_when:
        values |= {"when": listed(phrases(words, row.times_when)), "times": str(row.times)}
        parts.append(_("%(when)s时为 %(times)s 倍") % values)
    return _end(parts)


def _turn(words: Words, row: Any) -> str:
    values = {"about": subject(words, row.when), "on": words.events(row.on), "into": words.kind(row.into)}
    return _("%(about)s，%(on)s时转为%(into)s处理。") % values


def _setting(words: Words, row: Any) -> str:
    value = str(row.value)
    return _("%(title)s：%(value)s（公司可以另定）。") % {
        "title": words.title(row),
        "value": duration_words(value),
    }


def _owner(words: Words, row: Any) -> str:
    return _("%(about)s由%(who)s负责。") % {"about": subject(words, row.when), "who": words.post(row.post)}


def _level(words: Words, row: Any) -> str:
    about = subject(words, {"kind": row.kind, **row.when})
    if row.any_of:
        options = either(listed(phrases(words, one)) for one in row.any_of)
        about = _("%(about)s，%(options)s的，") % {"about": about, "options": options}
    if row.owner:
        values = {"about": about, "level": words.title(row), "who": words.post(row.owner)}
        return _("%(about)s定为%(level)s，由%(who)s负责。") % values
    return _("%(about)s定为%(level)s。") % {"about": about, "level": words.title(row)}


def _repetition(words: Words, row: Any) -> str:
    same = listed(words.fact(name) for name in row.same)
    if row.window:
        values = {"same": same, "window": duration_words(row.window)}
        return _("%(window)s内%(same)s相同的，是同一问题再次发生。") % values
    return _("%(same)s相同的，是同一问题再次发生。") % {"same": same}


def _trigger(words: Words, row: Any) -> str:
    about = subject(words, row.when)
    if row.kind == "rising":
        period = _("季度") if row.period == "quarter" else _("个月")
        text = _("%(about)s连续 %(runs)s %(period)s上升") % {
            "about": about,
            "runs": row.runs,
            "period": period,
        }
    else:
        text = _("%(about)s达到 %(count)s 件") % {"about": about, "count": row.at_least}
        if row.window:
            text = _("%(window)s内%(text)s") % {"window": duration_words(row.window), "text": text}
    parts = [text, _("要决定是否采取措施")]
    if row.notify:
        parts.append(_("告知%(who)s") % {"who": words.posts(row.notify)})
    return _end(parts)


def _kind(words: Words, row: Any) -> str:
    values = {"kind": words.title(row), "who": words.post(row.owner) if row.owner else ""}
    if row.owner:
        return _("%(kind)s都要登记，由%(who)s负责。") % values
    return _("%(kind)s都要登记。") % values


def _emergency(words: Words, row: Any) -> str:
    said = _("、").join(f"“{word}”" for word in row.words)
    english = row.advice_en if (get_language() or "").startswith("en") else ""
    values = {"said": said, "advice": (english or row.advice).rstrip("。."), "kinds": ""}
    if row.kinds:
        values["kinds"] = listed(words.kind(code) for code in row.kinds)
        return _("%(kinds)s里说到%(said)s的，按紧急提出，先提示：%(advice)s。") % values
    return _("原话里说到%(said)s的，按紧急提出，先提示：%(advice)s。") % values


def _post(words: Words, row: Any) -> str:
    if row.reports_to:
        return _("%(post)s，上级是%(above)s。") % {
            "post": words.title(row),
            "above": words.post(row.reports_to),
        }
    return _("%(post)s。") % {"post": words.title(row)}


_SAY: dict[str, Callable[[Words, Any], str]] = {
    "kind": _kind,
    "emergency": _emergency,
    "owner": _owner,
    "level": _level,
    "repetition": _repetition,
    "clock": _clock,
    "gate": _gate,
    "requirement": _requirement,
    "followup": _followup,
    "escalation": _escalation,
    "authority": _authority,
    "approval": _approval,
    "assessment": _assessment,
    "turn": _turn,
    "setting": _setting,
    "trigger": _trigger,
    **papers.SAY,
    "post": _post,
}
