"""Recurring work: its periods, and when one is due."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from huiyin.engine.calendar import Calendar
from huiyin.engine.due import add_months
from huiyin.engine.schema.papers import DueRule, Duty, Meeting, SurveyPlan

_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def period_of(every: str, day: date) -> tuple[date, date]:
    """The period that holds a day: its first day, and the first day after it. Weeks begin on Monday."""
    if every == "day":
        return day, day + timedelta(days=1)
    if every == "week":
        begin = day - timedelta(days=day.weekday())
        return begin, begin + timedelta(days=7)
    length = _MONTHS[every]
    begin = date(day.year, (day.month - 1) // length * length + 1, 1)
    return begin, add_months(begin, length)


def duty_due(duty: Duty | Meeting | SurveyPlan, begin: date, calendar: Calendar) -> datetime:
    """When the work of the period that begins on `begin` is due: the end of service, or of the day."""
    rule = duty.due or DueRule()
    first, after = period_of(duty.every, begin)
    if rule.period == "next":
        first, after = period_of(duty.every, after)
    return calendar.end_of_service(_rolled(_day(rule, first, after), rule.roll, calendar))


def _day(rule: DueRule, first: date, after: date) -> date:
    last = after - timedelta(days=1)
    if rule.weekday is not None:
        return first + timedelta(days=(rule.weekday - 1 - first.weekday()) % 7)
    if rule.month is not None:
        first = date(first.year, rule.month, 1)
        last = add_months(first, 1) - timedelta(days=1)
    if rule.day is None or rule.day == "last":
        return last
    return min(first + timedelta(days=rule.day - 1), last)


def _rolled(day: date, roll: str, calendar: Calendar) -> date:
    if roll == "on":
        return calendar.next_working_day(day)
    while roll == "back" and not calendar.is_working(day):
        day -= timedelta(days=1)
    return day
