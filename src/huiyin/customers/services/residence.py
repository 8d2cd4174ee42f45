"""Who lives where: households, moving in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.customers.keys import remake_customers
from huiyin.customers.models import Customer, CustomerKind, Household, Place, PlaceKind, Residency, Role
from huiyin.customers.scope import require_change
from huiyin.customers.services.people import create_customer, same_customer
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who moves in, and as what."""

    customer: Customer
    role: str = Role.OWNER
    primary: bool = False


def move_in(
    *,
    actor: Actor,
    room: Place,
    people: Sequence[Newcomer],
    since: date | None = None,
    vacant: bool = False,
) -> Household:
    """People come into a room; `vacant` where they own it and do not live there yet.

    A room that stood vacant becomes occupied; a room that is occupied gets further people.
    """
    require_change(actor, room.unit_id)
    day = since or clock.today()
    if room.kind != PlaceKind.ROOM or room.closed_on is not None:
        raise InvalidInput(_("只有在用的房屋才能入住。"), code="not_a_room")
    with transaction.atomic():
        household = Household.objects.select_for_update().filter(room=room, until__isnull=True).first()
        if household is None:
            household = Household.objects.create(
                company_id=room.company_id, unit_id=room.unit_id, room=room, since=day, vacant=vacant
            )
        elif household.vacant and not vacant:
            household.vacant, household.since = False, day
            household.save(update_fields=["vacant", "since"])
        _record(actor, household, "moved_in", {"since": day.isoformat(), "vacant": household.vacant})
        for newcomer in people:
            _join(actor, household, newcomer, day)
        remake_customers([newcomer.customer for newcomer in people])
    return household


def receive(
    *,
    actor: Actor,
    room: Place,
    name: str,
    phones: Sequence[str] = (),
    role: str = Role.OWNER,
    since: date | None = None,
    vacant: bool = False,
) -> Household:
    """Somebody moves in, told by name and number: a customer who is known by them, otherwise a new one."""
    require_change(actor, room.unit_id)
    with transaction.atomic():
        customer = same_customer(room.unit, name, phones)
        if customer is None:
            kind = CustomerKind.OWNER if role == Role.OWNER else CustomerKind.OCCUPANT
            customer = create_customer(actor=actor, unit=room.unit, name=name, kind=kind, phones=phones)
        newcomer = Newcomer(customer, role)
        return move_in(actor=actor, room=room, people=[newcomer], since=since, vacant=vacant)


def add_resident(
    *,
    actor: Actor,
    household: Household,
    customer: Customer,
    role: str,
    since: date | None = None,
    primary: bool = False,
) -> Residency:
    require_change(actor, household.unit_id)
    if household.until is not None:
        raise Conflict(_("这户人家已经迁出。"), code="household_closed")
    with transaction.atomic():
        newcomer = Newcomer(customer, role, primary)
        residency = _join(actor, household, newcomer, since or clock.today())
        remake_customers([customer])
    return residency


def _join(actor: Actor, household: Household, newcomer: Newcomer, day: date) -> Residency:
    customer, role = newcomer.customer, newcomer.role
    if customer.company_id != household.company_id:
        raise NotFound(_("没有找到，或者不归您管。"))
    if customer.erased_at or customer.merged_into_id:
        raise Conflict(_("这位客户的资料已经合并或删除，不能再修改。"), code="customer_gone")
    if role not in Role.values:
        raise InvalidInput(_("请选择他是这户的什么人。"), fields={"role": _("请选择他是这户的什么人。")})
    known = Residency.objects.filter(
        household=household, customer=customer, role=role, until__isnull=True
    ).first()
    if known is not None:
        return known
    if customer.closed_on is not None:
        customer.closed_on = None
        customer.save(update_fields=["closed_on"])
    primary = newcomer.primary or not _open(household).filter(primary=True).exists()
    if primary:
        _open(household).filter(primary=True).update(primary=False)
    residency = Residency.objects.create(
        company_id=household.company_id,
        household=household,
        customer=customer,
        role=role,
        since=day,
        primary=primary,
    )
    data = {"customer": customer.pk, "role": role, "since": day.isoformat(), "primary": primary}
    _record(actor, household, "resident_added", data)
    return residency


def _open(household: Household) -> Any:
    return Residency.objects.filter(household=household, until__isnull=True)


def set_primary(*, actor: Actor, residency: Residency) -> Residency:
    """Make somebody the one who is called first."""
    require_change(actor, residency.household.unit_id)
    with transaction.atomic():
        _open(residency.household).filter(primary=True).update(primary=False)
        residency.primary = True
        residency.save(update_fields=["primary"])
        _record(actor, residency.household, "primary_set", {"customer": residency.customer_id})
    return residency


def end_residency(*, actor: Actor, residency: Residency, on: date | None = None) -> Residency:
    """One person leaves; the household stays."""
    household = residency.household
    require_change(actor, household.unit_id)
    if residency.until is not None:
        return residency
    day = on or clock.today()
    with transaction.atomic():
        _leave([residency], day)
        following = _open(household).order_by("id").first()
        if following is not None and not _open(household).filter(primary=True).exists():
            following.primary = True
            following.save(update_fields=["primary"])
        data = {"customer": residency.customer_id, "role": residency.role, "until": day.isoformat()}
        _record(actor, household, "resident_left", data)
        remake_customers([residency.customer])
    return residency


def _leave(residencies: Sequence[Residency], day: date) -> None:
    for residency in residencies:
        if residency.since is not None and residency.since > day:
            raise InvalidInput(_("迁出日期早于迁入日期。"), fields={"on": _("迁出日期早于迁入日期。")})
        residency.until, residency.primary = day, False
    Residency.objects.bulk_update(residencies, ["until", "primary"])


def move_out(
    *, actor: Actor, household: Household, on: date | None = None, owners_stay: bool = True
) -> Household | None:
    """Everybody leaves. With `owners_stay` the owners keep the room, which stands vacant from that day;
    that new household is returned."""
    require_change(actor, household.unit_id)
    day = on or clock.today()
    with transaction.atomic():
        household = Household.objects.select_for_update().select_related("room").get(pk=household.pk)
        if household.until is not None:
            raise Conflict(_("这户人家已经迁出。"), code="household_closed")
        if household.since is not None and household.since > day:
            raise InvalidInput(_("迁出日期早于迁入日期。"), fields={"on": _("迁出日期早于迁入日期。")})
        leaving = list(_open(household).select_related("customer"))
        _leave(leaving, day)
        household.until = day
        household.save(update_fields=["until"])
        _record(actor, household, "moved_out", {"until": day.isoformat(), "owners_stay": owners_stay})
        owners = [Newcomer(one.customer) for one in leaving if one.role == Role.OWNER] if owners_stay else []
        following = (
            move_in(actor=actor, room=household.room, people=owners, since=day, vacant=True)
            if owners
            else None
        )
        remake_customers([one.customer for one in leaving])
    return following


def update_household(*, actor: Actor, household: Household, since: date | None, vacant: bool) -> Household:
    """Put right what was recorded of a household."""
    require_change(actor, household.unit_id)
    if since is not None and household.until is not None and since > household.until:
        raise InvalidInput(_("迁出日期早于迁入日期。"), fields={"since": _("迁出日期早于迁入日期。")})
    with transaction.atomic():
        household.since, household.vacant = since, vacant
        household.save(update_fields=["since", "vacant"])
        data = {"since": since.isoformat() if since else None, "vacant": vacant}
        _record(actor, household, "household_updated", data)
    return household


def _record(actor: Actor, household: Household, name: str, data: Mapping[str, Any]) -> None:
    record_action(actor=actor, subject_kind="household", subject_id=household.pk, name=name, data=data)
