"""Working days and service hours of one pack, as arithmetic on instants. Times are to the second."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from huiyin.engine.daytable import BASE, END, DayTable, state_council_days, working_index
from huiyin.engine.errors import CalendarRangeError

if TYPE_CHECKING:
    from huiyin.engine.procedure import Procedure

__all__ = ["Calendar", "DayTable", "build_calendar", "parse_windows"]

Windows = tuple[tuple[int, int], ...]
"""Service hours of a day: (from, to) in seconds since midnight, in order, not touching."""

_MIDNIGHT = time()
_DAY = timedelta(days=1)


def parse_windows(texts: Sequence[str]) -> Windows:
    """`["09:00-12:00", "13:30-18:00"]` to seconds. Raises ValueError where they overlap or run backwards."""
    windows: list[tuple[int, int]] = []
    for text in texts:
        first, _, last = text.partition("-")
        begin, end = _clock(first), _clock(last)
        if begin >= end or (windows and begin <= windows[-1][1]):
            raise ValueError(text)
        windows.append((begin, end))
    return tuple(windows)


def _clock(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    if not (len(hours) == 2 and len(minutes) == 2):
        raise ValueError(text)
    seconds = int(hours) * 3600 + int(minutes) * 60
    if int(minutes) > 59 or not 0 <= seconds <= 86400:
        raise ValueError(text)
    return seconds


class Calendar:
    """Immutable. `working` and `rest` are the service hours of working days and of rest days."""

    __slots__ = ("_counts", "_lengths", "_ordinals", "_prefix", "rest", "table", "working", "zone")

    def __init__(
        self, zone: ZoneInfo, working: Windows = (), rest: Windows = (), table: DayTable | None = None
    ):
        self.zone = zone
        self.working = working
        self.rest = rest
        self.table = table or state_council_days()
        self._counts, self._ordinals = working_index(self.table)
        self._lengths = (sum(b - a for a, b in rest), sum(b - a for a, b in working))
        self._prefix = _service_prefix(self._counts, *self._lengths)

    def local(self, at: datetime) -> datetime:
        """The instant in the pack's zone, to the second; what is finer is cut off."""
        if at.tzinfo is not self.zone:
            at = at.astimezone(self.zone)
        return at.replace(microsecond=0) if at.microsecond else at

    def add_elapsed(self, at: datetime, seconds: int) -> datetime:
        """Round the clock from the very moment, also where summer time begins or ends."""
        naive = at + timedelta(seconds=seconds)
        if naive.utcoffset() == at.utcoffset():
            return naive
        utc = ZoneInfo("UTC")
        return (at.astimezone(utc) + timedelta(seconds=seconds)).astimezone(self.zone)

    def midnight(self, day: date) -> datetime:
        """The beginning of a day."""
        return datetime.combine(day, _MIDNIGHT, self.zone)

    def _at(self, day: date, seconds: int) -> datetime:
        if seconds == 86400:
            return self.midnight(day + _DAY)
        return datetime.combine(day, time(seconds // 3600, seconds // 60 % 60, seconds % 60), self.zone)

    def is_working(self, day: date) -> bool:
        return self.table.working(day)

    def windows(self, day: date) -> Windows:
        return self.working if self.is_working(day) else self.rest

    def end_of_service(self, day: date) -> datetime:
        """When service ends on that day; 24:00 where there is none."""
        windows = self.windows(day)
        return self._at(day, windows[-1][1] if windows else 86400)

    def _index(self, day: date) -> int:
        index = day.toordinal() - BASE
        if not 0 <= index <= END - BASE:
            raise CalendarRangeError(f"no calendar for {day}", code="calendar_range", day=day.isoformat())
        return index

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`."""
        return self._counts[self._index(last)] - self._counts[self._index(first)]

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after `day`, which itself is not counted."""
        position = self._counts[self._index(day)] + count - 1
        if position >= len(self._ordinals):
            raise CalendarRangeError(
                f"no calendar for {count} working days after {day}", code="calendar_range"
            )
        return date.fromordinal(self._ordinals[position])

    def next_working_day(self, day: date) -> date:
        """The day itself where it is worked, else the next one that is."""
        return day if self.is_working(day) else self.add_working_days(day, 1)

    @property
    def has_service(self) -> bool:
        return self._lengths[1] > 0 or self._lengths[0] > 0

    def _service_until(self, at: datetime) -> int:
        """Seconds of service from the calendar's first day up to an instant."""
        day = at.date()
        index = self._index(day)
        now = at.hour * 3600 + at.minute * 60 + at.second
        total = self._prefix[index]
        for begin, end in self.working if self._is_worked(index) else self.rest:
            if now <= begin:
                break
            total += min(now, end) - begin
        return total

    def _is_worked(self, index: int) -> bool:
        return self._counts[index] > (self._counts[index - 1] if index else 0)

    def service_between(self, begin: datetime, end: datetime) -> int:
        """Seconds of service time, 0 where `end` is not later."""
        if end <= begin:
            return 0
        return self._service_until(self.local(end)) - self._service_until(self.local(begin))

    def add_service(self, at: datetime, seconds: int) -> datetime:
        """The first instant at which that much service time has passed; without service hours, elapsed."""
        if not self.has_service:
            return self.add_elapsed(at, seconds)
        at = self.local(at)
        if seconds <= 0:
            return at
        target = self._service_until(at) + seconds
        index = bisect_left(self._prefix, target) - 1
        if index >= len(self._counts):
            raise CalendarRangeError(
                f"no calendar for {seconds} s of service after {at}", code="calendar_range"
            )
        left = target - self._prefix[index]
        for begin, end in self.working if self._is_worked(index) else self.rest:
            if left <= end - begin:
                return self._at(date.fromordinal(BASE + index), begin + left)
            left -= end - begin
        raise AssertionError("a day holds the service time it was counted with")

    def estimated_between(self, begin: date, end: date) -> tuple[int, ...]:
        """The years touched whose arrangement is not announced."""
        official = self.table.official
        if begin.year in official and end.year == begin.year:
            return ()
        return tuple(year for year in range(begin.year, end.year + 1) if year not in official)


@lru_cache(maxsize=16)
def _service_prefix(counts: tuple[int, ...], rest: int, working: int) -> list[int]:
    """Service seconds before each day from BASE, one entry more than there are days."""
    prefix = [0]
    total = last = 0
    for count in counts:
        total += working if count > last else rest
        last = count
        prefix.append(total)
    return prefix


@lru_cache(maxsize=64)
def _calendar(zone: str, working: Windows, rest: Windows, table: DayTable) -> Calendar:
    return Calendar(ZoneInfo(zone), working, rest, table)


def build_calendar(procedure: Procedure, table: DayTable | None = None) -> Calendar:
    """The calendar of a procedure; `table` is a revised table of days where the company keeps one."""
    return _calendar(
        procedure.zone, procedure.working_hours, procedure.rest_hours, table or state_council_days()
    )
