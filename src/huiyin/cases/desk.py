"""What the desk shows: one's own matters first, then what a supervisor and a general manager look for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case as Case_
from django.db.models import Count, IntegerField, Q, QuerySet, When
from django.utils import timezone

from huiyin.cases.filters import day_start, mark_conditions, mine
from huiyin.cases.listing import HEAVY, NAMED, capped, ordered, with_names
from huiyin.cases.models import Case, CaseClock
from huiyin.cases.selectors import visible_cases
from huiyin.core import clock
from huiyin.organization.actors import Actor, Held
from huiyin.organization.models import Capability, Person

ROWS = 12
FEW = 6
PEOPLE = 6
MONTHS = 13
TREND_KEPT = 600  # seconds
# More open matters than this in one person's hands are too many.
MANY = 15


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has in hand."""

    person: Person
    open: int
    late: int
    today: int

    @property
    def too_many(self) -> bool:
        return self.open > MANY or self.late > 2


@dataclass(frozen=True, slots=True)
class Promised:
    case: Case
    by: datetime
    what: str


@dataclass(frozen=True, slots=True)
class MonthCount:
    month: date
    received: int
    breached: int


def roles(actor: Actor) -> frozenset[str]:
    """Which parts of the desk this person has: handler, supervisor, manager."""
    found = {"handler"} if actor.may(Capability.HANDLE) or actor.may(Capability.FOLLOW_UP) else set()
    if actor.may(Capability.ASSIGN):
        found.add("supervisor")
    if any(Capability.APPROVE in held.may and actor.company_id in held.scope for held in actor.held):
        # approves for the whole company: deputy and general manager
        found.add("manager")
    return frozenset(found)


def my_cases(actor: Actor) -> QuerySet[Case]:
    return visible_cases(actor).filter(mine(actor), open=True)


def followed_through(actor: Actor) -> QuerySet[Case]:
    """Open cases this person took in and others work on: the first receiver sees them through."""
    if actor.person_id is None:
        return Case.objects.none()
    taken = Case.objects.filter(company_id=actor.company_id, first_receiver_id=actor.person_id, open=True)
    return taken.exclude(mine(actor))


def waiting_for_approval(actor: Actor) -> QuerySet[Case]:
    """Open cases that wait for an approval of a post this person holds there."""
    found = Q(pk__in=[])
    for held in actor.held:
        if Capability.APPROVE in held.may:
            found |= Q(approval_post=held.post) & _within(actor, held)
    return Case.objects.filter(found, company_id=actor.company_id, open=True)


def _within(actor: Actor, held: Held) -> Q:
    """The units a post reaches; no condition where it reaches them all."""
    return Q() if actor.company_id in held.scope else Q(unit_id__in=held.scope)


def came_up(actor: Actor) -> QuerySet[Case]:
    """Open cases that a post of this person owns."""
    found = Q(pk__in=[])
    for held in actor.held:
        found |= Q(owner_post=held.post) & _within(actor, held)
    return Case.objects.filter(found, company_id=actor.company_id, open=True)


def first_rows(lists: Mapping[str, tuple[QuerySet[Case], int]]) -> dict[str, list[Case]]:
    """The first so many of each list, in the order in which they fall due; two queries for all of them."""
    parts: list[str] = []
    given: list[Any] = []
    for name, (cases, size) in lists.items():
        try:
            sql, params = ordered(cases, "next").values("pk")[:size].query.sql_with_params()
        except EmptyResultSet:  # a condition that nothing can meet
            continue
        parts.append(f"SELECT %s AS name, one.* FROM ({sql}) one")  # noqa: S608 Django wrote it
        given += [name, *params]
    keys: dict[str, list[int]] = {name: [] for name in lists}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), given)
            for name, pk, *_order in cursor.fetchall():
                keys[name].append(pk)
    found = with_names(Case.objects.all()).in_bulk({pk for some in keys.values() for pk in some})
    return {name: _in_order(found[pk] for pk in some if pk in found) for name, some in keys.items()}


def _in_order(cases: Iterable[Case]) -> list[Case]:
    """A compound statement promises no order."""
    return sorted(
        cases, key=lambda case: (case.next_due is None, case.next_due or case.registered_at, case.pk)
    )


def promises_today(actor: Actor, *, now: datetime | None = None, size: int = FEW) -> list[Promised]:
    """What was promised for today, or earlier and not kept yet, in my cases and those I see through."""
    moment = now or clock.now()
    tomorrow = day_start(timezone.localtime(moment).date() + timedelta(days=1))
    own = mine(actor)
    if actor.person_id is not None:
        own |= Q(first_receiver_id=actor.person_id)
    cases = Case.objects.filter(own, company_id=actor.company_id, open=True)
    rows = CaseClock.objects.filter(
        company_id=actor.company_id, name="promise", state="running", due__lt=tomorrow, case__in=cases
    ).order_by("due", "id")
    rows = rows.select_related(*(f"case__{name}" for name in NAMED)).defer(
        *(f"case__{name}" for name in HEAVY)
    )
    return [Promised(row.case, row.due, row.key) for row in rows[:size] if row.due is not None]


def counts(actor: Actor, names: Iterable[str]) -> dict[str, int]:
    """How many open cases in sight have each mark: one walk over the open ones."""
    marks = mark_conditions(actor)
    found: dict[str, int] = (
        visible_cases(actor)
        .filter(open=True)
        .aggregate(**{name: Count("pk", filter=marks[name]) for name in names})
    )
    return found


def loads(actor: Actor, *, now: datetime | None = None, size: int = PEOPLE) -> list[Load]:
    """Who has how much in hand where the actor assigns; those with the most late ones first."""
    moment = now or clock.now()
    tomorrow = day_start(timezone.localtime(moment).date() + timedelta(days=1))
    rows = (
        Case.objects.filter(
            company_id=actor.company_id,
            unit_id__in=actor.unit_ids(Capability.ASSIGN),
            open=True,
            handler__isnull=False,
        )
        .order_by()
        .values("handler_id")
        .annotate(
            open_count=Count("pk"),
            late=Count("pk", filter=Q(next_due__lt=moment)),
            today=Count("pk", filter=Q(next_due__gte=moment, next_due__lt=tomorrow)),
        )
        .order_by("-late", "-open_count", "handler_id")[:size]
    )
    listed = list(rows)
    people = Person.objects.in_bulk([row["handler_id"] for row in listed])
    return [Load(people[row["handler_id"]], row["open_count"], row["late"], row["today"]) for row in listed]


def marked(actor: Actor, mark: str, *, now: datetime | None = None) -> QuerySet[Case]:
    """Open cases with that mark (late, today, unassigned, dissatisfied), where the actor assigns."""
    conditions = mark_conditions(actor, now)
    return visible_cases(actor).filter(conditions[mark], unit_id__in=actor.unit_ids(Capability.ASSIGN))


def trend(actor: Actor, *, kind: str, today: date | None = None) -> list[MonthCount]:
    """Thirteen months of one kind received, and how many of them were ever late; months without any are 0."""
    day = (today or clock.today()).replace(day=1)
    months = [day]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    months.reverse()
    cases = Case.objects.filter(
        company_id=actor.company_id, kind=kind, registered_at__gte=day_start(months[0])
    ).exclude(state="voided")
    units = actor.unit_ids(Capability.REPORT)
    if actor.company_id not in units:
        cases = cases.filter(unit_id__in=units)
    # ranges, not a function of the date: the database then compares and calls nothing
    ranges = [When(registered_at__gte=day_start(month), then=index) for index, month in enumerate(months)]
    rows = (
        cases.order_by()
        .values(month=Case_(*reversed(ranges), output_field=IntegerField()))
        .annotate(received=Count("pk"), late=Count("pk", filter=Q(breached=True)))
    )
    found = {row["month"]: (row["received"], row["late"]) for row in rows}
    return [MonthCount(month, *found.get(index, (0, 0))) for index, month in enumerate(months)]


def trend_lately(actor: Actor, *, kind: str) -> list[MonthCount]:
    """`trend` as it was ten minutes ago at most: a line of thirteen months moves slowly."""
    units = ",".join(map(str, sorted(actor.unit_ids(Capability.REPORT))))
    scope = hashlib.sha256(units.encode()).hexdigest()[:20]
    key = f"desk-trend:{actor.company_id}:{kind}:{scope}:{clock.today():%Y-%m}"
    found: list[MonthCount] | None = cache.get(key)
    if found is None:
        found = trend(actor, kind=kind)
        cache.set(key, found, TREND_KEPT)
    return found


def worded(numbers: dict[str, int]) -> dict[str, str]:
    return {name: capped(number) for name, number in numbers.items()}
