"""Who lives in a household, ready to be shown: phones masked, the one who is called first in front."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from huiyin.customers.models import Customer, Phone, Residency, Role
from huiyin.customers.phones import masked


@dataclass(frozen=True, slots=True)
class MaskedPhone:
    uuid: UUID
    masked: str
    label: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Resident:
    residency_id: int
    household_id: int
    customer_id: int
    customer_uuid: UUID
    name: str
    note: str
    role: str
    primary: bool
    since: date | None
    until: date | None
    phones: tuple[MaskedPhone, ...]

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)


def masked_phones(customer_ids: Iterable[int]) -> dict[int, tuple[MaskedPhone, ...]]:
    found: dict[int, tuple[MaskedPhone, ...]] = {}
    for phone in Phone.objects.filter(customer_id__in=set(customer_ids)).order_by("-primary", "id"):
        shown = MaskedPhone(phone.uuid, masked(phone.digits), phone.label, phone.primary)
        found[phone.customer_id] = (*found.get(phone.customer_id, ()), shown)
    return found


def residents_of(household_ids: Iterable[int], *, former: bool = False) -> dict[int, list[Resident]]:
    """The people of each household; with `former` those who have left as well, after the others.

    The caller has made sure that the actor may see the households.
    """
    rows = Residency.objects.filter(household_id__in=set(household_ids)).select_related("customer")
    if not former:
        rows = rows.filter(until__isnull=True)
    listed = sorted(rows, key=lambda one: (one.until is not None, not one.primary, one.pk))
    phones = masked_phones(one.customer_id for one in listed)
    found: dict[int, list[Resident]] = {}
    for row in listed:
        resident = resident_from(row, phones.get(row.customer_id, ()))
        found.setdefault(row.household_id, []).append(resident)
    return found


def resident_from(row: Residency, phones: tuple[MaskedPhone, ...]) -> Resident:
    customer: Customer = row.customer
    return Resident(
        residency_id=row.pk,
        household_id=row.household_id,
        customer_id=customer.pk,
        customer_uuid=customer.uuid,
        name=str(customer),
        note=customer.note,
        role=row.role,
        primary=row.primary,
        since=row.since,
        until=row.until,
        phones=phones,
    )
