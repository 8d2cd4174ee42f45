"""The working days of a company: the years that ship, and those it entered when they were announced."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Forbidden, InvalidInput
from huiyin.engine import DayTable
from huiyin.engine.daytable import state_council_days
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.procedures.arrangement import Arrangement
from huiyin.procedures.models import CalendarYear, Edition

MAY = (Capability.ADMIN, Capability.PROCEDURES)


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year for the page. `own`: entered by the company; `estimated`: nobody announced it."""

    year: int
    estimated: bool
    off: tuple[date, ...]
    work: tuple[date, ...]
    own: CalendarYear | None


def table_of(company_id: int) -> DayTable:
    """The company's table of days."""
    table = state_council_days()
    for row in CalendarYear.objects.filter(company_id=company_id):
        table = table.revised(row.year, off=_dates(row.off), work=_dates(row.work))
    return table


def _dates(texts: list[str]) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


def stamp_of(company_id: int) -> str:
    """What stands on each edition, so that every process sees that the table changed."""
    rows = list(CalendarYear.objects.filter(company_id=company_id).values_list("year", "off", "work"))
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest() if rows else ""


def revise_year(*, actor: Actor, arrangement: Arrangement, source: str) -> CalendarYear:
    """Enter a year's arrangement; it holds for whatever is counted from now on.

    A time already told stays: the engine never moves it later. Entering the same again changes nothing.
    Raises Forbidden, InvalidInput.
    """
    require_calendar(actor)
    source = source.strip()
    if not source or len(source) > 200:
        raise InvalidInput(_("请写明出处。"), fields={"source": _("写明文件名或文号，最长 200 字")})
    off, work = ([day.isoformat() for day in days] for days in (arrangement.off, arrangement.work))
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=actor.company_id)
        known = CalendarYear.objects.filter(company_id=actor.company_id, year=arrangement.year).first()
        if known is not None and (known.off, known.work) == (off, work):
            return known
        before = _before(actor.company_id, arrangement.year)
        row = known or CalendarYear(company_id=actor.company_id, year=arrangement.year)
        row.off, row.work, row.source = off, work, source
        row.revised_by, row.revised_at = actor.name, clock.now()
        row.save()
        Edition.objects.filter(company_id=actor.company_id).update(calendar=stamp_of(actor.company_id))
        record_action(
            actor=actor,
            subject_kind="calendar",
            subject_id=str(arrangement.year),
            name="calendar_revised",
            data={"off": off, "work": work, "source": source, "before": before},
        )
    return row


def require_calendar(actor: Actor) -> None:
    """Raises Forbidden: administrators of the company and who looks after its procedures."""
    if not any(actor.may(one, actor.company_id) for one in MAY):
        raise Forbidden(_("只有全公司的管理员可以这样做。"))


def _before(company_id: int, year: int) -> dict[str, object]:
    line = year_line(company_id, year)
    days = {"off": [one.isoformat() for one in line.off], "work": [one.isoformat() for one in line.work]}
    return {**days, "estimated": line.estimated}


def year_line(company_id: int, year: int, table: DayTable | None = None) -> YearLine:
    """One year as it stands."""
    table = table or table_of(company_id)
    return YearLine(
        year=year,
        estimated=table.estimated(year),
        off=tuple(sorted(day for day in table.off if day.year == year and day.weekday() < 5)),
        work=tuple(sorted(day for day in table.work if day.year == year)),
        own=CalendarYear.objects.filter(company_id=company_id, year=year).first(),
    )


def year_lines(company_id: int, *, first: int, last: int) -> list[YearLine]:
    """The years from first to last, the latest first."""
    table = table_of(company_id)
    return [year_line(company_id, year, table) for year in range(last, first - 1, -1)]
