"""The lists of the 业主 page, paged by key: rooms with the people in them, public places, organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from huiyin.customers.models import Customer, Household, Place, PlaceKind
from huiyin.customers.residents import MaskedPhone, Resident, masked_phones, residents_of
from huiyin.customers.scope import customers, places
from huiyin.organization.actors import Actor

PAGE = 50
SHARED = (PlaceKind.PUBLIC_PLACE, PlaceKind.EQUIPMENT, PlaceKind.PARKING)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: tuple[Row, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class RoomRow:
    place: Place
    household: Household | None
    residents: tuple[Resident, ...]


@dataclass(frozen=True, slots=True)
class CustomerRow:
    customer: Customer
    phones: tuple[MaskedPhone, ...]


def sites(actor: Actor) -> list[Place]:
    return list(
        places(actor).filter(kind=PlaceKind.SITE, closed_on__isnull=True).order_by("unit_id", "sort", "id")
    )


def _places(actor: Actor, kinds: Sequence[str], site: Place | None, after: UUID | None) -> QuerySet[Place]:
    rows = places(actor).filter(kind__in=kinds, closed_on__isnull=True)
    if site is not None:
        rows = rows.filter(unit_id=site.unit_id, site=site)
    last = places(actor).filter(uuid=after).first() if after else None
    if last is not None:
        same_unit = Q(unit_id=last.unit_id)
        rows = rows.filter(
            Q(unit_id__gt=last.unit_id)
            | same_unit & Q(sort__gt=last.sort)
            | same_unit & Q(sort=last.sort, pk__gt=last.pk)
        )
    return rows.order_by("unit_id", "sort", "id")


def rooms(
    actor: Actor, *, site: Place | None = None, after: UUID | None = None, limit: int = PAGE
) -> Page[RoomRow]:
    """Rooms by site and number, each with its present household."""
    found = list(_places(actor, [PlaceKind.ROOM], site, after)[: limit + 1])
    shown = found[:limit]
    homes = {one.room_id: one for one in Household.objects.filter(room__in=shown, until__isnull=True)}
    people = residents_of(one.pk for one in homes.values())
    rows = []
    for place in shown:
        home = homes.get(place.pk)
        rows.append(RoomRow(place, home, tuple(people.get(home.pk, ())) if home else ()))
    return Page(tuple(rows), shown[-1].uuid if len(found) > limit else None)


def shared_places(
    actor: Actor, *, site: Place | None = None, after: UUID | None = None, limit: int = PAGE
) -> Page[Place]:
    """Public places, equipment and parking."""
    found = list(_places(actor, list(SHARED), site, after)[: limit + 1])
    return Page(tuple(found[:limit]), found[limit - 1].uuid if len(found) > limit else None)


def organisations(
    actor: Actor, *, site: Place | None = None, after: UUID | None = None, limit: int = PAGE
) -> Page[CustomerRow]:
    """Developers, dealers, committees and whoever else is no person of a household."""
    rows = customers(actor).filter(closed_on__isnull=True, residencies__isnull=True)
    if site is not None:
        rows = rows.filter(unit_id=site.unit_id)
    last = customers(actor).filter(uuid=after).first() if after else None
    if last is not None:
        rows = rows.filter(pk__gt=last.pk)
    found = list(rows.order_by("pk")[: limit + 1])
    phones = masked_phones(one.pk for one in found)
    shown = tuple(CustomerRow(one, phones.get(one.pk, ())) for one in found[:limit])
    return Page(shown, found[limit - 1].uuid if len(found) > limit else None)
