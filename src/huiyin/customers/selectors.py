"""Reading customers and premises: the card of a household, counts for reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from huiyin.customers import hooks
from huiyin.customers.lookup import Match, lookup
from huiyin.customers.models import Customer, Household, Phone, Place, PlaceKind, Residency
from huiyin.customers.residents import MaskedPhone, Resident, masked_phones, residents_of
from huiyin.customers.scope import (
    customer_for,
    customers,
    found,
    household_for,
    households,
    place_for,
    places,
    visible_units,
)
from huiyin.organization.actors import Actor

__all__ = [
    "Card",
    "Match",
    "Resident",
    "customer_card",
    "customer_for",
    "customers",
    "household_card",
    "household_for",
    "households",
    "lookup",
    "neighbours",
    "occupied_households",
    "past_households",
    "phone_for",
    "place_for",
    "places",
    "residency_for",
    "visible_units",
]


@dataclass(frozen=True, slots=True)
class Card:
    """What stands beside the register page: where, who, and what other rooms add."""

    place: Place | None
    household: Household | None
    residents: tuple[Resident, ...]
    former: tuple[Resident, ...]
    customer: Customer | None
    phones: tuple[MaskedPhone, ...]
    homes: tuple[Residency, ...]
    developer: Customer | None
    sections: tuple[hooks.CardSection, ...]


def _developer(place: Place) -> Customer | None:
    """The nearest one upward: of the building, otherwise of the site."""
    node: Place | None = place
    while node is not None:
        if node.developer is not None:
            return node.developer
        node = node.parent
    return None


def household_card(actor: Actor, subject: Household | Place) -> Card:
    """The card of a household, or of a place with whoever lives there now. NotFound outside the scope."""
    if isinstance(subject, Household):
        household: Household | None = household_for(actor, subject.uuid)
        place = place_for(actor, subject.room.uuid)
    else:
        place = place_for(actor, subject.uuid)
        household = Household.objects.filter(room=place, until__isnull=True).first()
    people = residents_of([household.pk], former=True).get(household.pk, []) if household else []
    present = tuple(one for one in people if one.until is None)
    shown = present or tuple(people)
    about = Customer.objects.filter(pk__in=[one.customer_id for one in shown])
    card_subject = hooks.CardSubject(place, household, tuple(about))
    return Card(
        place=place,
        household=household,
        residents=shown,
        former=tuple(one for one in people if one not in shown),
        customer=None,
        phones=(),
        homes=(),
        developer=_developer(place),
        sections=tuple(hooks.sections(actor, card_subject)),
    )


def customer_card(actor: Actor, customer: Customer) -> Card:
    """The card of a customer: phones, and the homes that the actor may see."""
    customer = customer_for(actor, customer.uuid)
    seen = households(actor).values("pk")
    homes = (
        Residency.objects.filter(customer=customer, household__in=seen)
        .select_related("household__room", "household__unit")
        .order_by("-pk")
    )
    subject = hooks.CardSubject(None, None, (customer,))
    return Card(
        place=None,
        household=None,
        residents=(),
        former=(),
        customer=customer,
        phones=masked_phones([customer.pk]).get(customer.pk, ()),
        homes=tuple(homes),
        developer=None,
        sections=tuple(hooks.sections(actor, subject)),
    )


def past_households(actor: Actor, room: Place) -> list[Household]:
    """Who lived in a room before, the latest first."""
    rows = households(actor).filter(room=room, until__isnull=False)
    return list(rows.order_by("-until", "-pk")[:50])


def residency_for(actor: Actor, *, household: UUID, customer: UUID, role: str) -> Residency:
    home = household_for(actor, household)
    rows = Residency.objects.filter(household=home, customer__uuid=customer, role=role, until__isnull=True)
    return found(rows.select_related("customer", "household__room").first())


def phone_for(actor: Actor, uuid: UUID) -> Phone:
    rows = Phone.objects.filter(uuid=uuid, customer__in=customers(actor).values("pk"))
    return found(rows.select_related("customer").first())


def occupied_households(actor: Actor, on: date, *, unit_ids: Iterable[int] | None = None) -> dict[int, int]:
    """unit -> households that were occupied at the end of that day; units without any are left out.

    For reports: of the units given, otherwise of all that the actor may see.
    """
    rows = Household.objects.filter(company_id=actor.company_id, vacant=False)
    allowed = visible_units(actor) | actor.unit_ids("report")
    if unit_ids is not None:
        wanted = frozenset(unit_ids)
        rows = rows.filter(unit_id__in=wanted if actor.system else wanted & allowed)
    elif not actor.system:
        rows = rows.filter(unit_id__in=allowed)
    rows = rows.filter(Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gt=on))
    counted = rows.order_by().values_list("unit_id").annotate(count=Count("pk"))
    return dict(counted)


def neighbours(actor: Actor, place: Place) -> list[int]:
    """Keys of all places of the same building (of the same site, for what stands in none)."""
    rows = places(actor)
    if place.building_id is not None:
        return list(rows.filter(building_id=place.building_id).values_list("pk", flat=True))
    return list(
        rows.filter(site_id=place.site_id, building__isnull=True)
        .exclude(kind=PlaceKind.ROOM)
        .values_list("pk", flat=True)
    )
