"""What a clock rule comes to from a given start: due time, warning, and on what it rests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from huiyin.engine.calendar import Calendar
from huiyin.engine.due import Pauses, before, due_time, share_of, span
from huiyin.engine.durations import Duration
from huiyin.engine.procedure import ClockRule

ASKED = "answer_by"


class Reckoning(NamedTuple):
    """`asked`: the customer's own time decides; `limit_due` is then what the limit would have given."""

    due: datetime
    warn_at: datetime | None
    limit: str
    asked: bool = False
    limit_due: datetime | None = None
    estimated: bool = False
    absolute: bool = False


def reckon(
    rule: ClockRule, started: datetime, values: Mapping[str, Any], calendar: Calendar, pauses: Pauses = ()
) -> Reckoning | None:
    """None where no limit of the rule has a value. `values` are the case's facts and the event's fields."""
    started = calendar.local(started)
    for place, limit in enumerate(rule.limits):
        if isinstance(limit, Duration):
            return _by_limit(rule, limit, started, calendar, pauses)
        at = _time(values.get(limit), calendar)
        if at is None or (limit == ASKED and at < started):
            continue
        due = _absolute(rule, limit, at, started, calendar)
        if limit != ASKED:
            return due
        usual = [other for other in rule.limits[place + 1 :] if isinstance(other, Duration)]
        plain = due_time(started, usual[0], calendar, roll=rule.roll) if usual else None
        return due._replace(asked=True, limit_due=plain)
    return None


def _time(value: Any, calendar: Calendar) -> datetime | None:
    if value is None:
        return None
    return calendar.local(datetime.fromisoformat(value) if isinstance(value, str) else value)


def _absolute(rule: ClockRule, name: str, due: datetime, started: datetime, calendar: Calendar) -> Reckoning:
    warn_at = None
    if rule.percent is not None:
        warn_at = share_of(started, due, rule.percent, calendar, elapsed=False)
    elif rule.lead is not None:
        warn_at = before(due, rule.lead, calendar)
    return Reckoning(due, warn_at, "asked" if name == ASKED else name, absolute=True)


def _by_limit(
    rule: ClockRule, limit: Duration, started: datetime, calendar: Calendar, pauses: Pauses
) -> Reckoning:
    due = due_time(started, limit, calendar, roll=rule.roll, pauses=pauses)
    estimated = not limit.elapsed and bool(calendar.estimated_between(started.date(), due.date()))
    return Reckoning(
        due, _warning(rule, limit, started, due, calendar, pauses), limit.text, estimated=estimated
    )


def _warning(
    rule: ClockRule, limit: Duration, started: datetime, due: datetime, calendar: Calendar, pauses: Pauses
) -> datetime | None:
    if rule.lead is not None:
        return before(due, rule.lead, calendar)
    if rule.percent is None:
        return None
    if not pauses:
        return share_of(started, due, rule.percent, calendar, elapsed=limit.elapsed)
    return _warning_with_pauses(rule.percent, limit, started, due, calendar, pauses)


def _warning_with_pauses(
    percent: int, limit: Duration, started: datetime, due: datetime, calendar: Calendar, pauses: Pauses
) -> datetime:
    """The share of the time that was not paused; each pause before the warning moves it on by its span."""
    add = calendar.add_elapsed if limit.elapsed else calendar.add_service
    spans = [(a, span(a, b, calendar, elapsed=limit.elapsed)) for a, b in pauses if b is not None and a < due]
    active = span(started, due, calendar, elapsed=limit.elapsed) - sum(length for _, length in spans)
    moment = add(started, max(0, active) * percent // 100)
    for begin, length in spans:
        if begin < moment:
            moment = add(moment, length)
    return moment
