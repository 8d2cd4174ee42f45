"""The list of cases: in which order, page by page, with counts that never count for long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from huiyin.cases.filters import Filters, chosen_cases, mark_conditions
from huiyin.cases.models import Case
from huiyin.core.pagekeys import page_key, read_page_key
from huiyin.organization.actors import Actor
from huiyin.procedures.selectors import Rules

PAGE = 50
COUNTED = 1000
FACETED = 2000


def ordered(cases: QuerySet[Case], sort: str) -> QuerySet[Case]:
    if sort == "newest":
        return cases.order_by("-registered_at", "-id")
    return cases.order_by(F("next_due").asc(nulls_last=True), "id")


def _newest(cases: QuerySet[Case], key: str, most: int) -> list[Case]:
    place = read_page_key(key)
    if place is not None and place[0] is not None:
        moment, pk = place
        cases = cases.filter(Q(registered_at__lt=moment) | Q(registered_at=moment, pk__lt=pk))
    return list(with_names(ordered(cases, "newest"))[:most])


def _next(cases: QuerySet[Case], key: str, most: int) -> list[Case]:
    """First what falls due, then what nothing waits for: each in an order that an index has."""
    place = read_page_key(key)
    found: list[Case] = []
    if place is None or place[0] is not None:
        due = cases.filter(next_due__isnull=False)
        if place is not None:
            moment, pk = place
            due = due.filter(Q(next_due__gt=moment) | Q(next_due=moment, pk__gt=pk))
        found = list(with_names(due.order_by("next_due", "id"))[:most])
    if len(found) < most:
        rest = cases.filter(next_due__isnull=True)
        if place is not None and place[0] is None:
            rest = rest.filter(pk__gt=place[1])
        found += with_names(rest.order_by("id"))[: most - len(found)]
    return found


def _key(case: Case, sort: str) -> str:
    at = case.registered_at if sort == "newest" else case.next_due
    return page_key(at, case.pk)


NAMED = ("unit", "place", "equipment", "customer", "handler", "assigned_unit", "edition")
HEAVY = ("edition__pack", "edition__forms")


def with_names(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With the rows a line names, and without the packs that come with an edition."""
    return cases.select_related(*NAMED).defer(*HEAVY)


@dataclass(frozen=True, slots=True)
class Page:
    cases: list[Case]
    next: str


def page_of(cases: QuerySet[Case], *, sort: str, after: str = "", size: int = PAGE) -> Page:
    """One page and the key of the next; one query or two."""
    found = (_newest if sort == "newest" else _next)(cases, after, size + 1)
    return Page(found[:size], _key(found[size - 1], sort) if len(found) > size else "")


def capped(number: int) -> str:
    return f"{COUNTED}+" if number > COUNTED else str(number)


def count_capped(cases: QuerySet[Case]) -> str:
    """How many, counted no further than anybody reads."""
    return capped(cases.order_by().values("pk")[: COUNTED + 1].count())


def mark_counts(actor: Actor, filters: Filters, rules: Rules | None, names: Iterable[str]) -> dict[str, int]:
    """How many open cases each mark would show with the rest of the choice; one query."""
    marks = mark_conditions(actor)
    base = chosen_cases(actor, filters.without("mark"), rules).filter(open=True)
    counted: dict[str, int] = base.aggregate(
        **{name: Count("pk", filter=marks[name]) for name in names if name in marks}
    )
    return counted


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How often each value occurs; `more` where there are more rows than were counted."""

    counts: Mapping[str, Counter[Any]]
    more: bool


COLUMNS = {
    "state": "state",
    "kind": "kind",
    "category": "category",
    "channel": "channel",
    "validity": "validity",
    "level": "level",
    "unit": "unit__code",
    "assigned": "assigned_unit__code",
    "handler": "handler__username",
}


def facet_counts(actor: Actor, filters: Filters, rules: Rules | None) -> FacetCounts:
    """Counts of the values of each filter: one query, and one more for each that is in use.

    A filter's own counts leave its own choice out, so that one sees what else there is.
    """
    used = [name for name in COLUMNS if name in filters.chosen]
    free = [name for name in COLUMNS if name not in used]
    counts: dict[str, Counter[Any]] = {}
    more = False
    for names, choice in [(free, filters), *(([name], filters.without(name)) for name in used)]:
        if names == ["state"]:
            choice = Filters({**choice.chosen, "state": ("all",)}, choice.text, choice.since, choice.until)
        columns = [COLUMNS[name] for name in names]
        rows = list(chosen_cases(actor, choice, rules).order_by("-id").values_list(*columns)[: FACETED + 1])
        more = more or len(rows) > FACETED
        for index, name in enumerate(names):
            counts[name] = Counter(row[index] for row in rows[:FACETED])
    return FacetCounts(counts, more)
