"""Turns what the index found into lines for people: room, who lives there, masked phones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from huiyin.core.phrases import listed
from huiyin.customers.models import Customer, Household, Place, PlaceKind, Residency
from huiyin.customers.residents import Resident, masked_phones, residents_of

if TYPE_CHECKING:
    from huiyin.customers.lookup import Hit

# a customer with many rooms gets so many lines
ROOMS_EACH = 5
PHONES_SHOWN = 2


def lines(hits: Sequence[Hit], units: frozenset[int]) -> list[dict[str, Any]]:
    """The fields of one match each, in the order of the hits; nothing outside `units`."""
    by_place = _place_lines([hit.place_id for hit in hits if hit.place_id], units)
    by_customer = _customer_lines([hit.customer_id for hit in hits if hit.customer_id], units)
    found: list[dict[str, Any]] = []
    for hit in hits:
        known = by_place.get(hit.place_id) if hit.place_id else by_customer.get(hit.customer_id or 0)
        found += [{**line, "exact": hit.exact} for line in known or ()]
    return found


def _phones(residents: Iterable[Resident]) -> tuple[str, ...]:
    return tuple(phone.masked for one in residents for phone in one.phones)[:PHONES_SHOWN]


def _names(residents: Iterable[Resident]) -> str:
    return listed(dict.fromkeys(one.name for one in residents))


def _place_lines(ids: list[int], units: frozenset[int]) -> dict[int, list[dict[str, Any]]]:
    if not ids:
        return {}
    places = Place.objects.filter(pk__in=ids, unit_id__in=units).select_related("unit")
    households = {one.room_id: one for one in Household.objects.filter(room_id__in=ids, until__isnull=True)}
    residents = residents_of(one.pk for one in households.values())
    return {place.pk: [_place_line(place, households.get(place.pk), residents)] for place in places}


def _place_line(
    place: Place, household: Household | None, residents: dict[int, list[Resident]]
) -> dict[str, Any]:
    people = residents.get(household.pk, []) if household else []
    return {
        "kind": "room" if place.kind == PlaceKind.ROOM else "place",
        "title": place.full_name,
        "detail": str(PlaceKind(place.kind).label),
        "people": _names(people),
        "phones": _phones(people),
        "unit_id": place.unit_id,
        "unit_name": place.unit.name,
        "place_id": place.pk,
        "place_uuid": place.uuid,
        "household_id": household.pk if household else None,
        "household_uuid": household.uuid if household else None,
        # the one who is called first, so that Enter on a room names a customer too
        "customer_id": people[0].customer_id if people else None,
        "customer_uuid": people[0].customer_uuid if people else None,
    }


def _customer_lines(ids: list[int], units: frozenset[int]) -> dict[int, list[dict[str, Any]]]:
    if not ids:
        return {}
    phones = masked_phones(ids)
    found: dict[int, list[dict[str, Any]]] = {}
    rows = Residency.objects.filter(
        customer_id__in=ids, until__isnull=True, household__until__isnull=True, household__unit_id__in=units
    ).select_related("customer", "household__room", "household__unit")
    for row in rows.order_by("-primary", "id"):
        shown = tuple(phone.masked for phone in phones.get(row.customer_id, ()))[:PHONES_SHOWN]
        mine = found.setdefault(row.customer_id, [])
        if len(mine) < ROOMS_EACH and all(line["household_id"] != row.household_id for line in mine):
            mine.append(_resident_line(row, shown))
    for customer in Customer.objects.filter(pk__in=set(ids) - set(found), unit_id__in=units).select_related(
        "unit"
    ):
        shown = tuple(phone.masked for phone in phones.get(customer.pk, ()))[:PHONES_SHOWN]
        found[customer.pk] = [_customer_line(customer, shown)]
    return found


def _resident_line(row: Residency, phones: tuple[str, ...]) -> dict[str, Any]:
    household = row.household
    return {
        **_customer_line(row.customer, phones),
        "detail": household.room.full_name,
        "people": str(row.get_role_display()),
        "unit_id": household.unit_id,
        "unit_name": household.unit.name,
        "place_id": household.room_id,
        "place_uuid": household.room.uuid,
        "household_id": household.pk,
        "household_uuid": household.uuid,
    }


def _customer_line(customer: Customer, phones: tuple[str, ...]) -> dict[str, Any]:
    return {
        "kind": "customer",
        "title": str(customer),
        "detail": str(customer.get_kind_display()),
        "people": "",
        "phones": phones,
        "unit_id": customer.unit_id,
        "unit_name": customer.unit.name,
        "customer_id": customer.pk,
        "customer_uuid": customer.uuid,
    }
