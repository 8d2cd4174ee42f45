"""How a due time came about, in sentences: one place from the engine's codes to words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from huiyin.core.phrases import in_turn
from huiyin.core.times import WEEKDAYS
from huiyin.engine import Clock, ExplainStep, explain_due
from huiyin.procedures.selectors import Rules
from huiyin.procedures.words import duration_words

Params = Mapping[str, Any]


def explained(clock: Clock, rules: Rules) -> list[str]:
    """Each step of the reckoning as a sentence; several counted days in a row are one."""
    return sentences(explain_due(clock, rules.procedure, rules.calendar))


def sentences(steps: Iterable[ExplainStep]) -> list[str]:
    found: list[str] = []
    counted: list[str] = []
    for step in steps:
        if step.code in _COUNTED:
            counted.append(_COUNTED[step.code](step.params))
            continue
        if counted:
            found.append(in_turn(counted))
            counted = []
        tell = _SENTENCES.get(step.code)
        if tell is not None:
            found.append(tell(step.params))
    if counted:
        found.append(in_turn(counted))
    return found


def _day(text: Any) -> str:
    day = date.fromisoformat(str(text)[:10])
    return _("%(day)s%(weekday)s") % {
        "day": date_format(day, _("n月j日")),
        "weekday": WEEKDAYS[day.weekday()],
    }


def _moment(text: Any) -> str:
    when = datetime.fromisoformat(str(text))
    return f"{_day(when.date().isoformat())} {when:%H:%M}"


def _length(seconds: Any) -> str:
    hours, rest = divmod(int(seconds), 3600)
    minutes = rest // 60
    if hours and minutes:
        return _("%(hours)s 小时 %(minutes)s 分钟") % {"hours": hours, "minutes": minutes}
    if hours:
        return _("%(hours)s 小时") % {"hours": hours}
    return _("%(minutes)s 分钟") % {"minutes": minutes}


def _span(params: Params) -> dict[str, str]:
    return {"from": _day(params["from"]), "to": _day(params["to"])}


def _rest(params: Params) -> str:
    if params["from"] == params["to"]:
        return _("%(from)s休息") % _span(params)
    return _("%(from)s至%(to)s休息") % _span(params)


def _paused(params: Params) -> str:
    values = {"from": _moment(params["from"]), "to": _moment(params["to"])}
    if "working_days" in params:
        added = duration_words(f"{int(params['working_days'])}wd")
    elif "days" in params:
        added = duration_words(f"{int(params['days'])}d")
    else:
        added = _length(params["seconds"])
    return _("%(from)s 至 %(to)s 暂停计时，往后顺延%(added)s。") % {**values, "added": added}


_COUNTED: dict[str, Callable[[Params], str]] = {
    "working_day_counted": lambda one: (
        _("%(day)s是第 %(number)s 个工作日") % {"day": _day(one["day"]), "number": one["number"]}
    ),
    "make_up_day_counted": lambda one: (
        _("%(day)s调休上班，是第 %(number)s 个工作日") % {"day": _day(one["day"]), "number": one["number"]}
    ),
    "rest_days": _rest,
    "service_counted": lambda one: (
        _("%(day)s用去 %(length)s") % {"day": _day(one["day"]), "length": _length(one["seconds"])}
    ),
}

_SENTENCES: dict[str, Callable[[Params], str]] = {
    "rule": lambda one: (
        _("%(clause)s 条规定：%(limit)s。")
        % {"clause": one["clause"], "limit": duration_words(str(one["limit"]))}
    ),
    "started": lambda one: _("从 %(at)s 起算。") % {"at": _moment(one["at"])},
    "asked": lambda one: _("顾客要求 %(at)s 之前，以顾客的时间为准。") % {"at": _moment(one["at"])},
    "named": lambda one: _("约定的时间是 %(at)s。") % {"at": _moment(one["at"])},
    "beyond_limit": lambda one: (
        _("比规定的 %(limit_due)s 晚，单独统计。") % {"limit_due": _moment(one["limit_due"])}
    ),
    "round_the_clock": lambda one: (
        _("不分昼夜连续计算 %(limit)s。") % {"limit": duration_words(str(one["limit"]))}
    ),
    "first_day_not_counted": lambda one: _("当天（%(day)s）不算。") % {"day": _day(one["day"])},
    "working_days_counted": lambda one: (
        _("%(from)s至%(to)s共 %(count)s 个工作日。") % {**_span(one), "count": one["count"]}
    ),
    "days_counted": lambda one: (
        _("从%(from)s数 %(count)s 天，到%(to)s。") % {**_span(one), "count": one["count"]}
    ),
    "month_counted": lambda one: (
        _("从%(from)s数 %(count)s 个月，到%(to)s。") % {**_span(one), "count": one["count"]}
    ),
    "rolled": lambda one: _("%(from)s不上班，顺延到%(to)s。") % _span(one),
    "end_of_service": lambda one: _("到当天下班 %(at)s 为止。") % {"at": _moment(one["at"])},
    "end_of_day": lambda one: _("到当天 24:00 为止。"),
    "paused_since": lambda one: _("%(at)s 起暂停计时，恢复后顺延。") % {"at": _moment(one["at"])},
    "paused": _paused,
    "estimated_year": lambda one: (
        _("%(year)s 年的放假安排还没有公布，先按推算；公布后不会比已告诉顾客的更晚。") % {"year": one["year"]}
    ),
    "due": lambda one: _("所以最迟 %(at)s。") % {"at": _moment(one["at"])},
}
