"""Reading the organisation: who holds what, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from huiyin.core import clock
from huiyin.organization.actors import Actor, Held
from huiyin.organization.models import Holding, Person, Post, Shift, StandIn, Unit
from huiyin.organization.tree import subtree, upward_ids

_remembered: ContextVar[dict[tuple[int, str, int], list[Person]] | None] = ContextVar(
    "_remembered", default=None
)


def subtree_ids(unit: Unit) -> frozenset[int]:
    """The unit and everything below it. Of a root that is its whole company: no tree to walk."""
    if unit.parent_id is None:
        return frozenset(Unit.objects.filter(company_id=unit.pk).values_list("pk", flat=True))
    return subtree(unit.pk)


def current_holdings(on: date) -> QuerySet[Holding]:
    return Holding.objects.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on, post__active=True)


class _Reach:
    """How far posts reach. One query for all posts of a person, however many he holds."""

    def __init__(self, company_id: int) -> None:
        self.company_id = company_id
        self._below: dict[int | None, list[int]] | None = None

    def of(self, holding: Holding) -> frozenset[int]:
        below = self._children()
        found = [self.company_id if holding.post.whole_company else holding.unit_id]
        for unit in found:
            found.extend(below.get(unit, ()))
        return frozenset(found)

    def _children(self) -> dict[int | None, list[int]]:
        if self._below is None:
            self._below = {}
            pairs = Unit.objects.filter(company_id=self.company_id).order_by().values_list("pk", "parent_id")
            for unit, parent in pairs:
                self._below.setdefault(parent, []).append(unit)
        return self._below


def _held(holding: Holding, reach: _Reach, standing_in_for: str = "") -> Held:
    return Held(
        post=holding.post.code,
        post_name=holding.post.name,
        unit_id=holding.unit_id,
        unit_name=holding.unit.name,
        may=frozenset(holding.post.may),
        scope=reach.of(holding),
        standing_in_for=standing_in_for,
        second_factor=holding.post.second_factor,
    )


def actor_for(person: Person, *, at: datetime | None = None, preferred: str = "") -> Actor:
    """The actor a person is now: posts held, posts stood in for, posts on the roster.

    `preferred` is "post@unit_id" of the post the person chose to work in; it comes first.
    """
    if person.company_id is None or not person.is_active:
        return Actor(company_id=0, name=person.name, person=person)
    moment = at or clock.now()
    day = timezone.localtime(moment).date()
    reach = _Reach(person.company_id)
    related = ("post", "unit")
    held = [
        _held(holding, reach)
        for holding in current_holdings(day).filter(person=person).select_related(*related)
    ]
    stands_in, on_duty = _asked_besides(person, day, moment)
    if stands_in:
        found = StandIn.objects.filter(
            person=person, since__lte=day, until__gte=day, holding__in=current_holdings(day)
        )
        for one in found.select_related("holding__post", "holding__unit", "holding__person"):
            held.append(_held(one.holding, reach, one.holding.person.name))
    if on_duty:
        shifts = Shift.objects.filter(
            person=person, starts__lte=moment, ends__gt=moment, post__active=True
        ).select_related(*related)
        held += [_held(Holding(post=shift.post, unit=shift.unit), reach) for shift in shifts]
    unique = list({(one.post, one.unit_id): one for one in reversed(held)}.values())[::-1]
    unique.sort(key=lambda one: f"{one.post}@{one.unit_id}" != preferred)
    return Actor(company_id=person.company_id, name=person.name, held=tuple(unique), person=person)


def _asked_besides(person: Person, day: date, moment: datetime) -> tuple[bool, bool]:
    """Whether the person stands in for somebody now, and is on a roster: hardly ever, yet always asked."""
    at, on = connection.ops.adapt_datetimefield_value(moment), connection.ops.adapt_datefield_value(day)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM organization_standin"
            " WHERE person_id = %s AND since <= %s AND until >= %s),"
            " EXISTS (SELECT 1 FROM organization_shift WHERE person_id = %s AND starts <= %s AND ends > %s)",
            [person.pk, on, on, person.pk, at, at],
        )
        stands_in, on_duty = cursor.fetchone()
    return bool(stands_in), bool(on_duty)


def holders(*, company_id: int, post: str, unit_id: int, at: datetime | None = None) -> list[Person]:
    """Who answers for a post at a unit at this hour.

    Looks at the unit itself, then upward until somebody is found: those on the roster now, otherwise the
    holders, each replaced by the stand-in while absent. A post that reaches the whole company answers for
    the unit wherever it is held, such as the quality supervisor in a department beside the sites.
    """
    known = _remembered.get()
    if known is None or at is not None:
        return _holders(company_id, post, unit_id, at or clock.now())
    key = (company_id, post, unit_id)
    if key not in known:
        known[key] = _holders(company_id, post, unit_id, clock.now())
    return known[key]


@contextmanager
def remembering_holders() -> Iterator[None]:
    """Within this block `holders` asks once for each post and unit: for work on many cases at one moment."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def _holders(company_id: int, post: str, unit_id: int, moment: datetime) -> list[Person]:
    day = timezone.localtime(moment).date()
    upward = upward_ids(unit_id, company_id=company_id)
    if not upward:
        return []
    reaches = Q(unit_id__in=upward) | Q(post__whole_company=True)
    held = Q(post__code=post, post__company_id=company_id)
    shifts = _by_unit(
        Shift.objects.filter(
            reaches, held, starts__lte=moment, ends__gt=moment, person__is_active=True
        ).select_related("person")
    )
    holdings: dict[int, list[Holding]] = {}
    for holding in current_holdings(day).filter(reaches, held).select_related("person").order_by("pk"):
        holdings.setdefault(holding.unit_id, []).append(holding)
    for place in upward:
        if place in shifts:
            return shifts[place]
        if found := _present(holdings.get(place, ()), day):
            return found
    elsewhere = [person for people in shifts.values() for person in people]
    return elsewhere or _present([one for listed in holdings.values() for one in listed], day)


def _by_unit(shifts: Iterable[Shift]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {}
    for shift in shifts:
        found.setdefault(shift.unit_id, []).append(shift.person)
    return found


def _present(holdings: Iterable[Holding], day: date) -> list[Person]:
    """The holders, or those who stand in for them that day; inactive people left out, each once."""
    listed = list(holdings)
    if not listed:
        return []
    stand_ins = {
        one.holding_id: one.person
        for one in StandIn.objects.filter(
            holding__in=[holding.pk for holding in listed],
            since__lte=day,
            until__gte=day,
            person__is_active=True,
        ).select_related("person")
    }
    people = [stand_ins.get(holding.pk, holding.person) for holding in listed]
    return list({person.pk: person for person in people if person.is_active}.values())


def superior_post(*, company_id: int, post: str) -> str:
    """Code of the post that this post reports to; empty at the top."""
    found = Post.objects.filter(company_id=company_id, code=post).values_list("reports_to", flat=True).first()
    return found or ""


def visible_units(actor: Actor, capability: str = "view") -> QuerySet[Unit]:
    """Units in which the actor has the capability, in tree order."""
    found: QuerySet[Unit] = Unit.objects.with_tree_fields()
    return found.filter(pk__in=actor.unit_ids(capability), active=True)
