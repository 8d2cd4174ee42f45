"""How often a clause applied to cases, and how it went: entries of the journal that cite it, as lists."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases.listing import with_names
from huiyin.cases.models import Case, CaseClock
from huiyin.cases.rows import case_url, rows_of
from huiyin.core import clock
from huiyin.journal.models import Entry
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.hooks import Asked, ClauseSection

PAGE = 50
AT_ONCE = 500
FIGURES: Mapping[str, str | Promise] = {
    "applied": lazy("用到的工单"),
    "met": lazy("按时做到"),
    "late": lazy("超过时限"),
    "refused": lazy("没有让做"),
    "open": lazy("还在计时"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    label: str | Promise
    count: int
    on: bool


@dataclass(slots=True)
class _Found:
    """Subjects of entries by figure, and how many entries there were."""

    entries: int = 0
    subjects: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in FIGURES})


def clause_evidence(actor: Actor, asked: Asked) -> ClauseSection:
    """Registered with the page of a clause. The actor's units are those he audits or reports on."""
    units = actor.unit_ids(Capability.AUDIT) | actor.unit_ids(Capability.REPORT)
    found = _found(actor.company_id, asked)
    seen = _visible(actor.company_id, units, found.subjects["applied"])
    cases = {name: sorted(seen[one] for one in found.subjects[name] if one in seen) for name in FIGURES}
    cases["open"] = _running(asked.clause, cases["applied"])
    shown = asked.show if asked.show in FIGURES else ""
    page, following = _page(cases[shown], asked.after) if shown else ([], None)
    rows = rows_of(sorted(with_names(_cases(page)), key=lambda case: -case.pk))
    return ClauseSection(
        "cases/clause_evidence.html",
        {
            "figures": [Figure(name, FIGURES[name], len(cases[name]), name == shown) for name in FIGURES],
            "shown": FIGURES[shown] if shown else "",
            "rows": rows,
            "next": following,
            "entries": found.entries,
        },
    )


def _found(company_id: int, asked: Asked) -> _Found:
    entries = Entry.objects.filter(
        company_id=company_id,
        clause=asked.clause,
        at__gte=_midnight(asked.since),
        at__lt=_midnight(asked.until + timedelta(days=1)),
        chain__subject_kind="case",
    )
    outcome = KeyTextTransform("outcome", "data")
    found = _Found()
    lines = entries.order_by().annotate(outcome=outcome).values_list("name", "chain__subject_id", "outcome")
    for name, subject, came in lines.iterator():
        found.entries += 1
        found.subjects["applied"].add(subject)
        if figure := _figure(name, came):
            found.subjects[figure].add(subject)
    return found


def _figure(name: str, outcome: str | None) -> str:
    """A breach stays one however late the clock stopped afterwards, so a late stop is not counted again."""
    if name == "clock_stopped" and outcome == "met":
        return "met"
    return {"breached": "late", "refused": "refused"}.get(name, "")


def _midnight(day: date) -> datetime:
    return clock.at(day, time())


def _visible(company_id: int, units: Iterable[int], subjects: Iterable[str]) -> dict[str, int]:
    """Which of the subjects are cases of these units: uuid as text -> key."""
    wanted = sorted(subjects)
    seen: dict[str, int] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = [uuids.UUID(one) for one in wanted[start : start + AT_ONCE]]
        rows = Case.objects.filter(company_id=company_id, uuid__in=some, unit_id__in=list(units))
        seen |= {str(uuid): pk for uuid, pk in rows.values_list("uuid", "pk")}
    return seen


def _running(clause: str, cases: Sequence[int]) -> list[int]:
    running = CaseClock.objects.filter(clause=clause, state__in=("running", "paused"), case__open=True)
    if len(cases) <= AT_ONCE:
        running = running.filter(case_id__in=cases)
    return sorted(set(running.values_list("case_id", flat=True)) & set(cases))


def _page(cases: Sequence[int], after: int | None) -> tuple[list[int], int | None]:
    """Newest first; the key of the next page."""
    rest = sorted((pk for pk in cases if after is None or pk < after), reverse=True)
    page = rest[:PAGE]
    return page, page[-1] if len(rest) > PAGE else None


def _cases(keys: Sequence[int]) -> QuerySet[Case]:
    return Case.objects.filter(pk__in=keys)


def name_case(company_id: int, subject: str) -> tuple[str, str]:
    """What the journal calls a case, and its page. A registration that was refused became none."""
    try:
        number = Case.objects.filter(company_id=company_id, uuid=uuids.UUID(subject)).values_list(
            "number", flat=True
        )
    except ValueError:
        return subject, ""
    found = number.first()
    return (found, case_url(found)) if found else (_("没有登记成的工单"), "")
