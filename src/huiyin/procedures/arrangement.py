"""A year's arrangement of holidays as it is published or passed on, read into days."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput
from huiyin.engine.daytable import FIRST_YEAR, LAST_YEAR

# The State Council has never arranged fewer or more weekdays off than these.
FEWEST, MOST = 3, 40
_BRACKETS = re.compile(r"（[^）]*）|\([^)]*\)")
_CLAUSES = re.compile(r"[。；;，,\n]")
_DAY = r"(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日"
_SPAN = re.compile(_DAY + r"(?:\s*(?:至|到|-|—|–|~|～)\s*" + _DAY + r")?")
_OFF_WORDS = frozenset({"off", "休", "放假", "true", "1"})
_WORK_WORDS = frozenset({"work", "班", "上班", "false", "0"})


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Weekdays that are off and weekend days that are worked, in order."""

    year: int
    off: tuple[date, ...]
    work: tuple[date, ...]


def read_arrangement(text: str, year: int) -> Arrangement:
    """From the notice's own sentences, JSON ({"days": [{"date", "isOffDay"}]}) or lines `date,off|work`.

    Raises InvalidInput where a day cannot be read or makes no sense.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _wrong(
            _("年份不在 %(first)d 到 %(last)d 之间。") % {"first": FIRST_YEAR, "last": LAST_YEAR}, "year"
        )
    body = text.strip().lstrip("\ufeff")
    try:
        if body.startswith("{"):
            days = list(_from_json(body))
        elif "放假" in body and "月" in body:
            days = list(_from_notice(body, year))
        else:
            days = list(_from_lines(body))
    except (ValueError, OverflowError, LookupError, TypeError, RecursionError) as error:
        raise _wrong(_("有一天读不出来：%(what)s") % {"what": str(error)[:80]}) from error
    return _checked(year, days)


def _wrong(message: str, field: str = "text") -> InvalidInput:
    return InvalidInput(message, fields={field: message}, code="arrangement")


def _from_json(body: str) -> Iterator[tuple[date, bool]]:
    found = json.loads(body)
    for one in found.get("days") or ():
        yield date.fromisoformat(str(one["date"])), one["isOffDay"] is True


def _from_lines(body: str) -> Iterator[tuple[date, bool]]:
    for row in csv.reader(body.splitlines()):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or not cells[0][:1].isdigit():
            continue  # a blank line or the titles
        word = cells[-1].lower()
        if len(cells) < 2 or word not in _OFF_WORDS | _WORK_WORDS:
            raise ValueError(",".join(cells))
        yield date.fromisoformat(cells[0].replace("/", "-")), word in _OFF_WORDS


def _from_notice(body: str, year: int) -> Iterator[tuple[date, bool]]:
    """“2月15日至23日放假调休，共9天。2月14日、2月28日上班。”: days wait for the word."""
    waiting: list[date] = []
    for clause in _CLAUSES.split(_BRACKETS.sub("", body)):
        waiting += _days(clause, year)
        if "放假" in clause or "上班" in clause:
            off = "放假" in clause
            yield from ((day, off) for day in waiting)
            waiting = []


def _days(clause: str, year: int) -> Iterator[date]:
    month = 0
    for found in _SPAN.finditer(clause):
        first_year, first_month, first_day, last_year, last_month, last_day = found.groups()
        month = int(first_month or month)
        first = date(int(first_year or year), month, int(first_day))
        month = int(last_month or month)
        last = date(int(last_year or first.year), month, int(last_day)) if last_day else first
        if not 0 <= (last - first).days <= MOST:
            raise ValueError(found.group())
        yield from (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def _checked(year: int, days: Iterable[tuple[date, bool]]) -> Arrangement:
    own = [(day, off) for day, off in days if day.year == year]
    off = sorted({day for day, is_off in own if is_off and day.weekday() < 5})
    work = sorted({day for day, is_off in own if not is_off})
    if wrong := [day for day in work if day.weekday() < 5]:
        raise _wrong(_("%(day)s 不是周末，不会是调休上班日。") % {"day": wrong[0].isoformat()})
    if both := {day for day, is_off in own if is_off} & set(work):
        raise _wrong(_("%(day)s 既放假又上班。") % {"day": min(both).isoformat()})
    if not FEWEST <= len(off) <= MOST or len(work) > MOST:
        message = _("读出 %(count)d 个工作日放假，这不像 %(year)d 年全年的安排。")
        raise _wrong(message % {"count": len(off), "year": year})
    return Arrangement(year, tuple(off), tuple(work))
