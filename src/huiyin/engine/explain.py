"""How a due time came about, step by step, as codes with parameters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from huiyin.engine.calendar import Calendar
from huiyin.engine.due import due_time, last_day, span
from huiyin.engine.durations import Duration, is_duration, parse_duration
from huiyin.engine.procedure import Procedure
from huiyin.engine.types import Clock, ExplainStep

_LISTED = 31


def explain_due(clock: Clock, procedure: Procedure, calendar: Calendar) -> tuple[ExplainStep, ...]:
    """From the start to the due time. Times and dates in the parameters are ISO text in the pack's zone."""
    return tuple(_explain(clock, procedure, calendar))


def _explain(clock: Clock, procedure: Procedure, calendar: Calendar) -> Iterator[ExplainStep]:
    rule = procedure.clocks[clock.rule]
    yield ExplainStep("rule", {"clause": clock.clause, "limit": clock.limit})
    yield ExplainStep("started", {"at": clock.started.isoformat()})
    if not is_duration(clock.limit):
        yield ExplainStep(
            "asked" if clock.asked else "named", {"at": clock.due.isoformat(), "by": clock.limit}
        )
        if clock.beyond_limit and clock.limit_due is not None:
            yield ExplainStep("beyond_limit", {"limit_due": clock.limit_due.isoformat()})
        yield ExplainStep("due", {"at": clock.due.isoformat()})
        return
    limit = parse_duration(clock.limit)
    if limit.unit in ("min", "h"):
        yield ExplainStep("round_the_clock", {"limit": clock.limit})
    elif limit.unit == "sh":
        yield from _service(clock, limit, calendar)
    else:
        yield from _days(clock, limit, calendar, roll=rule.roll)
    yield from _pauses(clock, limit, calendar)
    yield from _estimated(clock, limit, calendar)
    yield ExplainStep("due", {"at": clock.due.isoformat()})


def _service(clock: Clock, limit: Duration, calendar: Calendar) -> Iterator[ExplainStep]:
    """The service hours used up on each day."""
    end = due_time(calendar.local(clock.started), limit, calendar)
    day = calendar.local(clock.started).date()
    while day <= end.date():
        begin = max(calendar.local(clock.started), calendar.midnight(day))
        until = min(end, calendar.midnight(day + timedelta(days=1)))
        used = calendar.service_between(begin, until)
        if used:
            yield ExplainStep("service_counted", {"day": day.isoformat(), "seconds": used})
        day += timedelta(days=1)


def _days(clock: Clock, limit: Duration, calendar: Calendar, *, roll: bool) -> Iterator[ExplainStep]:
    first = calendar.local(clock.started).date()
    yield ExplainStep("first_day_not_counted", {"day": first.isoformat()})
    last = last_day(first, limit, calendar)
    if limit.unit == "wd":
        yield from _working_days(first, last, calendar)
    else:
        code = "month_counted" if limit.unit == "mo" else "days_counted"
        yield ExplainStep(code, {"from": first.isoformat(), "to": last.isoformat(), "count": limit.count})
    if roll and calendar.next_working_day(last) != last:
        rolled = calendar.next_working_day(last)
        yield ExplainStep("rolled", {"from": last.isoformat(), "to": rolled.isoformat()})
        last = rolled
    code = "end_of_service" if calendar.windows(last) else "end_of_day"
    yield ExplainStep(code, {"day": last.isoformat(), "at": calendar.end_of_service(last).isoformat()})


def _working_days(first: date, last: date, calendar: Calendar) -> Iterator[ExplainStep]:
    """Each working day counted, each stretch of rest days left out; a long count in one line."""
    total = calendar.working_days_between(first, last)
    if total > _LISTED:
        params = {"from": first.isoformat(), "to": last.isoformat(), "count": total}
        yield ExplainStep("working_days_counted", params)
        return
    day, number = first, 0
    off: list[date] = []
    while day < last:
        day += timedelta(days=1)
        if not calendar.is_working(day):
            off.append(day)
            continue
        if off:
            yield ExplainStep("rest_days", {"from": off[0].isoformat(), "to": off[-1].isoformat()})
            off = []
        number += 1
        code = "make_up_day_counted" if day.weekday() >= 5 else "working_day_counted"
        yield ExplainStep(code, {"day": day.isoformat(), "number": number})


def _pauses(clock: Clock, limit: Duration, calendar: Calendar) -> Iterator[ExplainStep]:
    for begin, end in clock.pauses:
        if end is None:
            yield ExplainStep("paused_since", {"at": begin.isoformat()})
            continue
        params: dict[str, object] = {"from": begin.isoformat(), "to": end.isoformat()}
        if limit.unit == "wd":
            params["working_days"] = calendar.working_days_between(begin.date(), end.date())
        elif limit.unit in ("d", "mo"):
            params["days"] = (end.date() - begin.date()).days
        else:
            params["seconds"] = span(begin, end, calendar, elapsed=limit.elapsed)
        yield ExplainStep("paused", params)


def _estimated(clock: Clock, limit: Duration, calendar: Calendar) -> Iterator[ExplainStep]:
    if limit.elapsed:
        return
    for year in calendar.estimated_between(
        calendar.local(clock.started).date(), calendar.local(clock.due).date()
    ):
        yield ExplainStep("estimated_year", {"year": year})
