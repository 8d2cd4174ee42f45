"""Slips, forms, numbers, retention, duties and what else a procedure keeps on paper, in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from huiyin.core.phrases import in_turn, listed
from huiyin.core.times import WEEKDAYS
from huiyin.procedures.conditions import subject
from huiyin.procedures.words import PERIODS, Words, duration_words, either


def _slip(words: Words, row: Any) -> str:
    title = _("《%(title)s》") % {"title": words.title(row)}
    parts = [title]
    if row.from_posts:
        parts = [
            _("%(form)s由%(posts)s开出")
            % {"form": title, "posts": either(words.post(code) for code in row.from_posts)}
        ]
    parts.append({"up": _("向上级"), "down": _("向下属部门"), "across": _("在部门之间")}[row.direction])
    for limit, text in (
        (row.receive, _("%(limit)s内签收")),
        (row.reply, _("%(limit)s内回复")),
        (row.finish, _("%(limit)s内办结")),
    ):
        if limit:
            parts.append(text % {"limit": duration_words(limit)})
    if row.on_breach.escalate:
        parts.append(_("超时上报%(who)s") % {"who": words.posts(row.on_breach.escalate)})
    if row.on_breach.notify:
        parts.append(_("超时告知%(who)s") % {"who": words.posts(row.on_breach.notify)})
    return _end(parts)


def _record(words: Words, row: Any) -> str:
    parts = [_("填写《%(title)s》") % {"title": words.title(row)}]
    if row.kinds:
        parts.append(_("用于%(kinds)s") % {"kinds": listed(words.kind(code) for code in row.kinds)})
    if row.fields:
        parts.append(_("共 %(count)s 栏") % {"count": len(row.fields)})
    return _end(parts)


def _number(words: Words, row: Any) -> str:
    example = row.pattern.format(unit=_("单位"), kind=_("种类"), year=2026, month=1, day=1, serial=1)
    parts = [
        _("%(what)s编号如 %(example)s")
        % {"what": listed(words.thing(code) for code in row.of), "example": example}
    ]
    if row.per == "unit":
        parts.append(_("各单位分别编"))
    if row.resets == "never":
        parts.append(_("连续编号，不重新编"))
    else:
        parts.append(_("%(period)s从 1 重新编") % {"period": PERIODS[row.resets]})
    return _end(parts)


def _retention(words: Words, row: Any) -> str:
    since = {"closed": _("自结案起"), "made": _("自形成起"), "superseded": _("自作废起")}[row.start]
    values = {"title": row.title, "since": since, "keep": duration_words(row.keep)}
    parts = [_("%(title)s%(since)s保存 %(keep)s") % values]
    if row.keeper:
        parts.append(_("由%(who)s保管") % {"who": words.post(row.keeper)})
    return _end(parts)


_THIS = {
    "day": lazy("当天"),
    "week": lazy("当周"),
    "month": lazy("当月"),
    "quarter": lazy("当季"),
    "half_year": lazy("当期"),
    "year": lazy("当年"),
}
_NEXT = {
    "day": lazy("第二天"),
    "week": lazy("下周"),
    "month": lazy("下月"),
    "quarter": lazy("下季度"),
    "half_year": lazy("下一期"),
    "year": lazy("下一年"),
}


def due_words(due: Any, every: str) -> str:
    """下月 5 日前; 当周周五前，遇休息日提前"""
    period = (_NEXT if due.period == "next" else _THIS).get(every, "")
    values: dict[str, Any] = {"period": period, "month": due.month, "day": due.day}
    if due.weekday:
        when = _("%(period)s%(weekday)s前") % {"period": period, "weekday": WEEKDAYS[due.weekday - 1]}
    elif due.day == "last":
        when = _("%(period)s最后一天前") % values
    elif due.day and due.month:
        when = _("%(period)s %(month)s 月 %(day)s 日前") % values
    elif due.day:
        when = _("%(period)s第 %(day)s 天前") % values
    else:
        return ""
    if due.roll == "none":
        return when
    rolled = _("遇休息日提前") if due.roll == "back" else _("遇休息日顺延")
    return in_turn([when, rolled])


def _duty(words: Words, row: Any) -> str:
    who = words.post(row.owner)
    if row.per != "company":
        units = {"site": _("各管理处"), "department": _("各部门")}[row.per]
        who = _("%(units)s的%(who)s") % {"units": units, "who": who}
    values = {"every": PERIODS[row.every], "who": who, "title": words.title(row)}
    parts = [_("%(every)s由%(who)s完成：%(title)s") % values]
    if when := due_words(row.due, row.every):
        parts.append(when)
    if row.approval:
        parts.append(_("经%(who)s批准") % {"who": words.posts(row.approval)})
    if row.given_to:
        parts.append(_("报%(who)s") % {"who": words.posts(row.given_to)})
    if row.publish_to:
        parts.append(_published(row))
    if "management_review" in row.feeds:
        parts.append(_("作为管理评审的输入"))
    return _end(parts)


def _notice(words: Words, row: Any) -> str:
    parts = [words.title(row)]
    if row.before:
        parts.append(_("提前 %(span)s通知") % {"span": duration_words(row.before)})
    if row.approval:
        parts.append(_("经%(who)s批准") % {"who": words.posts(row.approval)})
    if row.channels:
        parts.append(_("通过%(how)s") % {"how": listed(words.value("channel", one) for one in row.channels)})
    return _end(parts)


def _information(words: Words, row: Any) -> str:
    parts = [_("%(about)s属于%(title)s") % {"about": subject(words, row.when), "title": words.title(row)}]
    if row.report_within:
        parts.append(_("%(span)s内报送") % {"span": duration_words(row.report_within)})
    if row.report_to:
        parts.append(_("报%(who)s") % {"who": words.posts(row.report_to)})
    return _end(parts)


def _meeting(words: Words, row: Any) -> str:
    parts = [_("%(every)s召开%(title)s") % {"every": PERIODS[row.every], "title": words.title(row)}]
    if row.due and (when := due_words(row.due, row.every)):
        parts.append(when)
    if row.chair:
        parts.append(_("由%(who)s主持") % {"who": words.post(row.chair)})
    if row.notice_approval:
        parts.append(_("通知经%(who)s批准") % {"who": words.posts(row.notice_approval)})
    if row.minutes_approval:
        parts.append(_("记录经%(who)s批准") % {"who": words.posts(row.minutes_approval)})
    if row.postponed_by:
        parts.append(_("延期要事先经%(who)s同意") % {"who": words.posts(row.postponed_by)})
    if row.publish_to:
        parts.append(_published(row))
    if row.followed_up:
        parts.append(_("改进措施要跟踪"))
    return _end(parts)


def _survey(words: Words, row: Any) -> str:
    parts = [_("%(every)s进行%(title)s") % {"every": PERIODS[row.every], "title": words.title(row)}]
    if row.share:
        parts.append(_("覆盖不少于 %(share)s%%") % {"share": round(row.share * 100)})
    if row.response_rate:
        parts.append(_("回收不少于 %(share)s%%") % {"share": round(row.response_rate * 100)})
    if row.response_above:
        parts.append(_("回收超过 %(share)s%%") % {"share": round(row.response_above * 100)})
    if row.owner:
        parts.append(_("由%(who)s组织") % {"who": words.post(row.owner)})
    if row.due and (when := due_words(row.due, row.every)):
        parts.append(when)
    if row.approval:
        parts.append(_("报告经%(who)s批准") % {"who": words.posts(row.approval)})
    if row.given_to:
        parts.append(_("报%(who)s") % {"who": words.posts(row.given_to)})
    if row.publish_to:
        parts.append(_published(row))
    return _end(parts)


_SERVED = {
    "survey": lazy("调查"),
    "sample": lazy("抽样"),
    "ways": lazy("方式"),
    "questionnaire": lazy("问卷"),
    "items": lazy("调查的项目"),
    "time": lazy("时间"),
    "returns": lazy("回收"),
    "count": lazy("统计"),
    "rate": lazy("满意率"),
    "index": lazy("满意度的计算"),
    "indicators": lazy("指标体系"),
    "weights": lazy("权重"),
    "grades": lazy("评分"),
    "collection": lazy("汇总"),
    "verification": lazy("核实"),
    "consequence": lazy("后续措施"),
    "analysis": lazy("分析"),
    "report": lazy("报告"),
}


def served(words: Words, row: Any) -> Iterator[tuple[str, str]]:
    """(clause, sentence) for the other clauses that the plan of a survey serves."""
    for what, clause in row.cites.items():
        values = {"title": words.title(row), "what": _SERVED.get(what, what)}
        yield clause, _end([_("%(title)s的计划定%(what)s") % values])


def _published(row: Any) -> str:
    named = {"departments": _("各部门"), "customers": _("顾客"), "owners_committee": _("业主委员会")}
    return _("向%(who)s公布") % {"who": listed(named.get(one, one) for one in row.publish_to)}


def _end(parts: list[str]) -> str:
    text = pgettext("rule", "，").join(parts)
    return _("%(text)s。") % {"text": text[:1].upper() + text[1:]}


SAY: dict[str, Callable[[Words, Any], str]] = {
    "slip": _slip,
    "record": _record,
    "number": _number,
    "retention": _retention,
    "duty": _duty,
    "notice": _notice,
    "information_class": _information,
    "meeting": _meeting,
    "survey": _survey,
}
