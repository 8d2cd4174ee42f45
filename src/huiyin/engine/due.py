"""From a start and a limit to the due time and the warning, pauses included."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, timedelta

from huiyin.engine.calendar import Calendar
from huiyin.engine.durations import Duration

Pauses = tuple[tuple[datetime, datetime | None], ...]


def add_months(day: date, count: int) -> date:
    """The same date `count` months on; a month without that date ends on its last day."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def last_day(start: date, limit: Duration, calendar: Calendar) -> date:
    """The last day of a limit in days or months; the first day is not counted. No rolling."""
    if limit.unit == "wd":
        return calendar.add_working_days(start, limit.count)
    if limit.unit == "d":
        return start + timedelta(days=limit.count)
    return add_months(start, limit.count)


def due_time(
    start: datetime, limit: Duration, calendar: Calendar, *, roll: bool = False, pauses: Pauses = ()
) -> datetime:
    """When a limit ends. Each closed pause that began before the end adds its span in the limit's own unit.

    A pause on the last day that lasts beyond the end of service leaves one more day, not none.
    """
    if limit.unit in ("min", "h", "sh"):
        return _due_by_hours(start, limit, calendar, pauses)
    day = last_day(start.date(), limit, calendar)
    due = _end_of(day, calendar, roll)
    for begin, end in pauses:
        if end is not None and begin < due:
            day = _paused_day(day, begin, end, limit, calendar, roll=roll)
            due = _end_of(day, calendar, roll)
    return due


def after_pause(
    due: datetime, begin: datetime, end: datetime, limit: Duration, calendar: Calendar, *, roll: bool
) -> datetime:
    """A due time that was told, moved by one pause alone, however it was counted at the time."""
    if begin >= due:
        return due
    if limit.unit in ("min", "h", "sh"):
        add = calendar.add_elapsed if limit.elapsed else calendar.add_service
        return add(due, span(begin, end, calendar, elapsed=limit.elapsed))
    told = (due - timedelta(seconds=1)).date()
    return _end_of(_paused_day(told, begin, end, limit, calendar, roll=roll), calendar, roll)


def _paused_day(
    day: date, begin: datetime, end: datetime, limit: Duration, calendar: Calendar, *, roll: bool
) -> date:
    day = _later_day(day, begin.date(), end.date(), limit, calendar)
    if _end_of(day, calendar, roll) < end:
        return last_day(end.date(), Duration("", 1, "wd" if limit.unit == "wd" else "d"), calendar)
    return day


def window_before(at: datetime, window: Duration) -> datetime:
    """The begin of a window that ends at an instant: hours by the clock, days and months by the calendar."""
    if window.elapsed:
        return at - timedelta(seconds=window.seconds)
    if window.unit == "mo":
        return datetime.combine(add_months(at.date(), -window.count), at.timetz())
    return at - timedelta(days=window.count)


def _end_of(day: date, calendar: Calendar, roll: bool) -> datetime:
    return calendar.end_of_service(calendar.next_working_day(day) if roll else day)


def _later_day(day: date, begin: date, end: date, limit: Duration, calendar: Calendar) -> date:
    if limit.unit != "wd":
        return day + (end - begin)
    count = calendar.working_days_between(begin, end)
    return calendar.add_working_days(day, count) if count else day


def _due_by_hours(start: datetime, limit: Duration, calendar: Calendar, pauses: Pauses) -> datetime:
    add = calendar.add_elapsed if limit.elapsed else calendar.add_service
    due = add(start, limit.seconds)
    for begin, end in pauses:
        if end is not None and begin < due:
            due = add(due, span(begin, end, calendar, elapsed=limit.elapsed))
    return due


def span(begin: datetime, end: datetime, calendar: Calendar, *, elapsed: bool) -> int:
    """Seconds between two instants, of service time unless `elapsed` (or no service hours are kept)."""
    if elapsed or not calendar.has_service:
        return max(0, int((end - begin).total_seconds()))
    return calendar.service_between(begin, end)


def share_of(start: datetime, due: datetime, percent: int, calendar: Calendar, *, elapsed: bool) -> datetime:
    """The instant at which `percent` of the time from start to due has passed.

    Service time unless `elapsed`; where the stretch holds no service time at all, elapsed time.
    """
    total = 0 if elapsed else span(start, due, calendar, elapsed=False)
    if total == 0:
        return calendar.add_elapsed(start, max(0, int((due - start).total_seconds())) * percent // 100)
    return calendar.add_service(start, total * percent // 100)


def before(due: datetime, lead: Duration, calendar: Calendar) -> datetime:
    """The instant a lead of minutes or hours before the due time."""
    return calendar.add_elapsed(due, -lead.seconds)
