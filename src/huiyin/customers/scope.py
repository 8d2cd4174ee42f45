"""What an actor may see and change of customers and premises. Everything in this room asks here."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.core.errors import NotFound
from huiyin.customers.models import Customer, Household, Place, Residency
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

LOOK = (Capability.VIEW, Capability.REGISTER, Capability.CUSTOMERS)

Scoped = TypeVar("Scoped", Place, Household)


def visible_units(actor: Actor) -> frozenset[int]:
    """Units whose customers the actor may look up."""
    return frozenset[int]().union(*(actor.unit_ids(capability) for capability in LOOK))


def _within(actor: Actor, rows: QuerySet[Scoped]) -> QuerySet[Scoped]:
    rows = rows.filter(company_id=actor.company_id)
    return rows if actor.system else rows.filter(unit_id__in=visible_units(actor))


def places(actor: Actor) -> QuerySet[Place]:
    return _within(actor, Place.objects.all())


def households(actor: Actor) -> QuerySet[Household]:
    return _within(actor, Household.objects.all())


def customers(actor: Actor) -> QuerySet[Customer]:
    """Customers of the actor's units, and those in a household of them."""
    rows = Customer.objects.filter(company_id=actor.company_id)
    if actor.system:
        return rows
    units = visible_units(actor)
    inside = Residency.objects.filter(customer=OuterRef("pk"), household__unit_id__in=units)
    return rows.filter(Q(unit_id__in=units) | Exists(inside))


def place_for(actor: Actor, uuid: UUID | str) -> Place:
    rows = places(actor).select_related("unit", "site", "building", "developer")
    return found(rows.filter(uuid=uuid).first())


def household_for(actor: Actor, uuid: UUID | str) -> Household:
    return found(households(actor).select_related("room__developer", "unit").filter(uuid=uuid).first())


def customer_for(actor: Actor, uuid: UUID | str) -> Customer:
    return found(customers(actor).select_related("unit").filter(uuid=uuid).first())


Row = TypeVar("Row")


def found(row: Row | None) -> Row:
    if row is None:
        raise NotFound(_("没有找到，或者不归您管。"))
    return row


def require_change(actor: Actor, unit_id: int) -> None:
    """Not found where the actor sees nothing of the unit, forbidden where he sees but may not change."""
    if actor.system:
        return
    if unit_id not in visible_units(actor):
        raise NotFound(_("没有找到，或者不归您管。"))
    actor.require(Capability.CUSTOMERS, unit_id)
