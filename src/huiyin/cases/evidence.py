"""How often a clause applied to cases, and how it went: entries of the journal that cite it, as lists."""

from __future__ import annotations

import uuid as uuids
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from huiyin.procedures.models import Edition

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


@dataclass(frozen=True, slots=True)
class Span:
    """Whose entries count: these days, both included, of a procedure (None: any) and of these units."""

    company_id: int
    units: frozenset[int]
    since: date
    until: date
    procedure: int | None = None


@dataclass(slots=True)
class Counted:
    """The cases of a clause by figure, and how many entries of the journal cite it."""

    entries: int = 0
    cases: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in FIGURES})


def units_of(actor: Actor, wanted: frozenset[int] | None = None) -> frozenset[int]:
    """The units whose evidence the actor may see: those he audits or reports on."""
    units = actor.unit_ids(Capability.AUDIT) | actor.unit_ids(Capability.REPORT)
    return units if wanted is None else units & wanted


def clause_evidence(actor: Actor, asked: Asked) -> ClauseSection:
    """Registered with the page of a clause. The actor's units are those he audits or reports on."""
    span = Span(actor.company_id, units_of(actor, asked.units), asked.since, asked.until, asked.procedure)
    found = counted(span, [asked.clause])[asked.clause]
    cases = found.cases
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


def counted(span: Span, clauses: Sequence[str]) -> dict[str, Counted]:
    """For each clause the cases behind each figure, by key in rising order; a figure is its list's length."""
    entries: Counter[str] = Counter()
    subjects: dict[tuple[str, str], set[str]] = defaultdict(set)
    for clause, name, subject, outcome in _lines(span, clauses):
        entries[clause] += 1
        subjects[clause, "applied"].add(subject)
        if figure := _figure(name, outcome):
            subjects[clause, figure].add(subject)
    seen = _visible(span.company_id, span.units, {one for some in subjects.values() for one in some})
    running = _running(span, clauses)
    found = {}
    for clause in clauses:
        lists = {name: sorted(seen[one] for one in subjects[clause, name] if one in seen) for name in FIGURES}
        lists["open"] = sorted(running[clause] & set(lists["applied"]))
        found[clause] = Counted(entries[clause], lists)
    return found


def _lines(span: Span, clauses: Sequence[str]) -> Iterator[tuple[str, str, str, str | None]]:
    """(clause, name, subject, outcome) of every entry that cites one of the clauses."""
    entries = Entry.objects.filter(
        company_id=span.company_id,
        clause__in=clauses,
        at__gte=_midnight(span.since),
        at__lt=_midnight(span.until + timedelta(days=1)),
        chain__subject_kind="case",
    )
    if span.procedure is not None:
        editions = Edition.objects.filter(procedure_id=span.procedure).values_list("pk", flat=True)
        entries = entries.filter(edition__in=[str(pk) for pk in editions])
    outcome = KeyTextTransform("outcome", "data")
    rows = entries.order_by().annotate(outcome=outcome)
    yield from rows.values_list("clause", "name", "chain__subject_id", "outcome").iterator()


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


def _running(span: Span, clauses: Sequence[str]) -> dict[str, set[int]]:
    """Cases whose clock runs now, by the clause of the clock."""
    rows = CaseClock.objects.filter(
        company_id=span.company_id,
        clause__in=clauses,
        state__in=("running", "paused"),
        case__open=True,
        case__unit_id__in=span.units,
    )
    found: dict[str, set[int]] = defaultdict(set)
    for clause, case in rows.order_by().values_list("clause", "case_id"):
        found[clause].add(case)
    return found


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
