"""Periods of reports: a month, a quarter, a year. Written 2019-04, 2019-Q2, 2019."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput

_WRITTEN = re.compile(r"(?P<year>20\d\d|19\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def midnight(day: date) -> datetime:
    """The first moment of a day in the installation's zone."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 made aware here


def month_number(day: date) -> int:
    return day.year * 100 + day.month


def month_after(month: int, count: int = 1) -> int:
    """201912 and 1 give 202001."""
    index = month // 100 * 12 + month % 100 - 1 + count
    return index // 12 * 100 + index % 12 + 1


def first_day(month: int) -> date:
    return date(month // 100, month % 100, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months from `first` to `last`, both included (201904)."""

    kind: str
    first: int
    last: int

    @property
    def code(self) -> str:
        year, month = divmod(self.first, 100)
        if self.kind == "year":
            return f"{year}"
        return f"{year}-{month:02d}" if self.kind == "month" else f"{year}-Q{(month + 2) // 3}"

    @property
    def start(self) -> datetime:
        return midnight(first_day(self.first))

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return midnight(first_day(month_after(self.last)))

    @property
    def last_day(self) -> date:
        return first_day(month_after(self.last)) - timedelta(days=1)

    @property
    def months(self) -> int:
        return (self.last // 100 - self.first // 100) * 12 + self.last % 100 - self.first % 100 + 1

    @property
    def title(self) -> str:
        year, month = divmod(self.first, 100)
        if self.kind == "year":
            return _("{year} 年").format(year=year)
        if self.kind == "quarter":
            return _("{year} 年第 {quarter} 季度").format(year=year, quarter=(month + 2) // 3)
        return _("{year} 年 {month} 月").format(year=year, month=month)

    def shifted(self, count: int) -> Period:
        """The period so many of its kind later, earlier where negative."""
        step = self.months * count
        return Period(self.kind, month_after(self.first, step), month_after(self.last, step))


def month_period(month: int) -> Period:
    return Period("month", month, month)


def parse_period(text: str) -> Period:
    """Raises InvalidInput for anything but 2019-04, 2019-Q2, 2019."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    if found is None:
        raise InvalidInput(
            _("看不懂这个期间，请写成 2019-04、2019-Q2 或 2019。"), fields={"period": _("写法不对")}
        )
    year = int(found["year"]) * 100
    if found["month"]:
        return month_period(year + int(found["month"]))
    if found["quarter"]:
        first = year + int(found["quarter"]) * 3 - 2
        return Period("quarter", first, first + 2)
    return Period("year", year + 1, year + 12)


def period_of(kind: str, day: date) -> Period:
    """The period of that kind which holds the day."""
    if kind == "year":
        return Period("year", day.year * 100 + 1, day.year * 100 + 12)
    if kind == "quarter":
        first = day.year * 100 + (day.month - 1) // 3 * 3 + 1
        return Period("quarter", first, first + 2)
    return month_period(month_number(day))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
