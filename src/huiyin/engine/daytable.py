"""Which days are worked: a table of years, official where announced and estimated elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from huiyin.engine.state_council import ARRANGED, FIXED

FIRST_YEAR, LAST_YEAR = 1995, 2060
BASE = date(FIRST_YEAR, 1, 1).toordinal()
END = date(LAST_YEAR, 12, 31).toordinal()


@dataclass(frozen=True, slots=True)
class DayTable:
    """Days that differ from the plain weekend. Hashable, so that what is derived from it can be kept."""

    off: frozenset[date] = field(default_factory=frozenset)
    work: frozenset[date] = field(default_factory=frozenset)
    official: frozenset[int] = field(default_factory=frozenset)

    def working(self, day: date) -> bool:
        if day.weekday() < 5:
            return day not in self.off
        return day in self.work

    def estimated(self, year: int) -> bool:
        """No announced arrangement: weekends and the holidays with a fixed date are off, nothing else."""
        return year not in self.official

    def revised(
        self, year: int, *, off: Iterable[date], work: Iterable[date], official: bool = True
    ) -> DayTable:
        """The table with another arrangement for one year: weekdays that are off, weekend days worked."""
        years = self.official | {year} if official else self.official - {year}
        return DayTable(
            off=frozenset(day for day in self.off if day.year != year) | frozenset(off),
            work=frozenset(day for day in self.work if day.year != year) | frozenset(work),
            official=years,
        )


def _days(year: int, text: str) -> list[date]:
    return [date(year, int(part[:2]), int(part[2:])) for part in text.split()]


@lru_cache(maxsize=1)
def state_council_days() -> DayTable:
    """The arrangement for mainland China; years before 2004 and after the last announced are estimated."""
    off: list[date] = []
    work: list[date] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        if year in ARRANGED:
            off += _days(year, ARRANGED[year][0])
            work += _days(year, ARRANGED[year][1])
        else:
            off += _days(year, FIXED)
    return DayTable(frozenset(off), frozenset(work), frozenset(ARRANGED))


@lru_cache(maxsize=8)
def working_index(table: DayTable) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(working days up to and including each day from BASE, the working days' ordinals)."""
    counts: list[int] = []
    ordinals: list[int] = []
    day = date.fromordinal(BASE)
    for ordinal in range(BASE, END + 1):
        if table.working(day):
            ordinals.append(ordinal)
        counts.append(len(ordinals))
        if ordinal < END:
            day += timedelta(days=1)
    return tuple(counts), tuple(ordinals)
