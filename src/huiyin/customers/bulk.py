"""Thousands of households at once, with their look-up keys: for the demonstration and for measuring.

One journal entry stands for the whole; what people enter or import goes through the services.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from huiyin.customers.keys import BATCH, customer_keys, place_keys
from huiyin.customers.models import (
    Customer,
    CustomerKind,
    Household,
    LookupKey,
    Nature,
    Phone,
    Place,
    PlaceKind,
    Residency,
    Role,
)
from huiyin.customers.phones import normalise
from huiyin.customers.scope import require_change
from huiyin.customers.services.places import default_name, new_place, save_new
from huiyin.customers.spelling import room_code
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit


@dataclass(frozen=True, slots=True)
class PersonSpec:
    name: str
    role: str = Role.OWNER
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """A room by its code, 3-2-501. `people` empty: nobody has it yet."""

    code: str
    people: tuple[PersonSpec, ...] = ()
    since: date | None = None
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class SharedSpec:
    """A public place, equipment or parking; in a building where `building` is its code."""

    name: str
    kind: str = PlaceKind.EQUIPMENT
    building: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class SiteSpec:
    name: str
    rooms: Sequence[RoomSpec]
    shared: Sequence[SharedSpec] = ()
    developer: str = ""
    developer_phones: tuple[str, ...] = ()


@dataclass(slots=True)
class _Making:
    """The rows of one site on their way into the database."""

    unit: Unit
    site: Place
    nodes: dict[str, Place]

    def node(self, kind: str, parent: Place, part: str, code: str) -> Place:
        known = self.nodes.get(code)
        if known is None:
            known = new_place(
                parent=parent, unit=self.unit, kind=kind, name=default_name(kind, part), code=code
            )
            save_new(known)
            self.nodes[code] = known
        return known

    def parent_of(self, code: str) -> tuple[Place, str]:
        """(building or entrance of a room, what remains of the code as its name)."""
        parts = code.split("-")
        parent = self.site
        if len(parts) > 3:
            return parent, code
        for index, kind in enumerate((PlaceKind.BUILDING, PlaceKind.ENTRANCE)[: len(parts) - 1]):
            parent = self.node(kind, parent, parts[index], "-".join(parts[: index + 1]))
        return parent, parts[-1]


@transaction.atomic
def bulk_create_site(*, actor: Actor, unit: Unit, spec: SiteSpec) -> Place:
    """A whole site with its rooms, people and keys; returns the site."""
    require_change(actor, unit.pk)
    site = new_place(parent=None, unit=unit, kind=PlaceKind.SITE, name=spec.name)
    save_new(site)
    making = _Making(unit, site, {})
    rooms = _rooms(making, spec.rooms)
    shared = [_shared(making, one) for one in spec.shared]
    Place.objects.bulk_create([*rooms, *shared], batch_size=BATCH)
    _add_keys(key for place in (site, *making.nodes.values(), *rooms, *shared) for key in place_keys(place))
    people = _people(unit, rooms, spec.rooms)
    if spec.developer:
        site.developer = _developer(unit, spec)
        site.save(update_fields=["developer"])
    data = {"rooms": len(rooms), "customers": people, "shared": len(shared)}
    record_action(
        actor=actor, subject_kind="place", subject_id=site.pk, name="site_created_in_bulk", data=data
    )
    return site


def _rooms(making: _Making, specs: Sequence[RoomSpec]) -> list[Place]:
    rooms = []
    for spec in specs:
        code = room_code(spec.code)
        parent, name = making.parent_of(code)
        rooms.append(new_place(parent=parent, unit=making.unit, kind=PlaceKind.ROOM, name=name, code=code))
    return rooms


def _shared(making: _Making, spec: SharedSpec) -> Place:
    parent = making.site
    if spec.building:
        code = room_code(spec.building)
        parent = making.node(PlaceKind.BUILDING, parent, code, code)
    return new_place(parent=parent, unit=making.unit, kind=spec.kind, name=spec.name, code=spec.code)


def _people(unit: Unit, rooms: Sequence[Place], specs: Sequence[RoomSpec]) -> int:
    """Households, customers, residencies, phones, keys; returns how many customers."""
    inhabited = [(room, spec) for room, spec in zip(rooms, specs, strict=True) if spec.people]
    households = Household.objects.bulk_create(
        (
            Household(company_id=unit.company_id, unit=unit, room=room, since=spec.since, vacant=spec.vacant)
            for room, spec in inhabited
        ),
        batch_size=BATCH,
    )
    told = [
        (home, spec, person, index == 0)
        for home, (_room, spec) in zip(households, inhabited, strict=True)
        for index, person in enumerate(spec.people)
    ]
    people = _customers(unit, [person for _home, _spec, person, _first in told])
    Residency.objects.bulk_create(
        (
            Residency(
                company_id=unit.company_id,
                household=home,
                customer=customer,
                role=person.role,
                since=spec.since,
                primary=first,
            )
            for (home, spec, person, first), customer in zip(told, people, strict=True)
        ),
        batch_size=BATCH,
    )
    return len(people)


def _customers(
    unit: Unit, people: Sequence[PersonSpec], *, kind: str = "", nature: str = Nature.PERSON
) -> list[Customer]:
    made = Customer.objects.bulk_create(
        (
            Customer(
                company_id=unit.company_id,
                unit=unit,
                name=person.name,
                nature=nature,
                kind=kind or (CustomerKind.OWNER if person.role == Role.OWNER else CustomerKind.OCCUPANT),
            )
            for person in people
        ),
        batch_size=BATCH,
    )
    phones: list[Phone] = []
    keys: list[LookupKey] = []
    for customer, person in zip(made, people, strict=True):
        numbers = [normalise(number) for number in dict.fromkeys(person.phones)]
        phones += [
            Phone(
                company_id=unit.company_id,
                customer=customer,
                number=number,
                digits=digits,
                primary=index == 0,
            )
            for index, (number, digits) in enumerate(numbers)
        ]
        keys += customer_keys(customer, [digits for _number, digits in numbers], [unit.pk])
    Phone.objects.bulk_create(phones, batch_size=BATCH)
    _add_keys(keys)
    return made


def _developer(unit: Unit, spec: SiteSpec) -> Customer:
    person = PersonSpec(spec.developer, phones=spec.developer_phones)
    return _customers(unit, [person], kind=CustomerKind.DEVELOPER, nature=Nature.ORGANISATION)[0]


def _add_keys(keys: Iterable[LookupKey]) -> None:
    LookupKey.objects.bulk_create(keys, batch_size=BATCH)
