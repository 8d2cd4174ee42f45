"""Look-up keys: made from places and customers, remade whenever one of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection
from django.db.models import Q

from huiyin.customers.models import Customer, KeyKind, LookupKey, Phone, Place, PlaceKind, Residency
from huiyin.customers.names import LONGEST, parts, plain, sound_keys
from huiyin.customers.phones import SHORTEST
from huiyin.customers.spelling import room_code, tails

BATCH = 2_000
NAMED_KINDS = frozenset({PlaceKind.SITE, PlaceKind.PUBLIC_PLACE, PlaceKind.EQUIPMENT, PlaceKind.PARKING})
_END = chr(0x10FFFF)


def starts_with(text: str) -> Q:
    """`text` begins so, in the order of bytes, by the index of either database.

    PostgreSQL uses its pattern index for LIKE only; SQLite's LIKE ignores case and so the index.
    """
    if connection.vendor == "postgresql":
        return Q(text__startswith=text)
    return Q(text__gte=text, text__lt=text + _END)


def _named(name: str, kind: KeyKind) -> Iterator[tuple[int, str]]:
    yield from ((kind, part) for part in parts(plain(name)))
    spoken, initials = sound_keys(name)
    yield from ((KeyKind.PINYIN, text) for text in spoken)
    yield from ((KeyKind.INITIALS, text) for text in initials)


def place_texts(place: Place) -> set[tuple[int, str]]:
    """(kind, text) of everything that may be typed for a place."""
    found: set[tuple[int, str]] = set()
    if place.closed_on is not None:
        return found
    if place.kind in NAMED_KINDS:
        found.update(_named(place.name, KeyKind.PLACE))
    if place.code:
        code = room_code(place.code)
        found.add((KeyKind.ROOM, code[:LONGEST]))
        if place.kind == PlaceKind.ROOM:
            found.update((KeyKind.ROOM_TAIL, tail[:LONGEST]) for tail in tails(code))
    return found


def customer_texts(name: str, digits: Iterable[str]) -> set[tuple[int, str]]:
    """(kind, text) of everything that may be typed for a customer."""
    found = set(_named(name, KeyKind.NAME))
    for number in digits:
        found.update((KeyKind.PHONE, part) for part in parts(number, shortest=SHORTEST))
    return found


def customer_keys(customer: Customer, digits: Iterable[str], unit_ids: Iterable[int]) -> list[LookupKey]:
    if customer.erased_at or customer.merged_into_id or customer.closed_on:
        return []
    texts = customer_texts(customer.name, digits)
    return [
        LookupKey(company_id=customer.company_id, unit_id=unit_id, kind=kind, text=text, customer=customer)
        for unit_id in unit_ids
        for kind, text in texts
    ]


def place_keys(place: Place) -> list[LookupKey]:
    return [
        LookupKey(company_id=place.company_id, unit_id=place.unit_id, kind=kind, text=text, place=place)
        for kind, text in place_texts(place)
    ]


def remake_places(places: Sequence[Place]) -> None:
    LookupKey.objects.filter(place__in=places).delete()
    LookupKey.objects.bulk_create((key for place in places for key in place_keys(place)), batch_size=BATCH)


def remake_customers(customers: Sequence[Customer]) -> None:
    """A customer is found in his own unit and in every unit where he is in a household."""
    units: dict[int, set[int]] = {customer.pk: {customer.unit_id} for customer in customers}
    for customer_id, unit_id in Residency.objects.filter(
        customer__in=customers, until__isnull=True
    ).values_list("customer_id", "household__unit_id"):
        units[customer_id].add(unit_id)
    digits = _digits(customers)
    LookupKey.objects.filter(customer__in=customers).delete()
    LookupKey.objects.bulk_create(
        (
            key
            for customer in customers
            for key in customer_keys(customer, digits.get(customer.pk, ()), units[customer.pk])
        ),
        batch_size=BATCH,
    )


def _digits(customers: Sequence[Customer]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for customer_id, digits in Phone.objects.filter(customer__in=customers).values_list(
        "customer_id", "digits"
    ):
        found.setdefault(customer_id, []).append(digits)
    return found
