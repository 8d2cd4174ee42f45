"""Three estates with 2,000 households: who lives there, and what is shared."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from huiyin.customers.bulk import PersonSpec, RoomSpec, SharedSpec, SiteSpec, bulk_create_site
from huiyin.customers.models import PlaceKind, Residency, Role
from huiyin.demo.company import Company
from huiyin.demo.people import GIVEN, SITES, SURNAMES, Site
from huiyin.organization.models import Unit

HOUSEHOLDS = 2000


@dataclass(slots=True)
class Home:
    """A household by its uuid, the code of its building, and (uuid, name) of each person in it."""

    uuid: str
    building: str
    people: list[tuple[str, str]] = field(default_factory=list)


def settle(company: Company, chance: random.Random, households: int = HOUSEHOLDS) -> dict[str, list[Home]]:
    """Build and occupy the estates; homes by site code."""
    left = households
    found: dict[str, list[Home]] = {}
    for position, site in enumerate(SITES):
        doors = _doors(site)
        occupied = min(left, len(doors), round(households * (0.4, 0.34, 0.26)[position]))
        left -= occupied
        spec = SiteSpec(
            name=site.estate,
            rooms=_rooms(site, doors, occupied, chance),
            shared=_shared(site),
            developer=site.developer,
            developer_phones=(f"0571-8{chance.randrange(1000000, 9999999)}",),
        )
        bulk_create_site(actor=company.system, unit=company.units[site.code], spec=spec)
        found[site.code] = _homes(company.units[site.code])
    return found


def _homes(unit: Unit) -> list[Home]:
    """The households of a unit with those who live there."""
    homes: dict[int, Home] = {}
    rows = Residency.objects.filter(household__unit=unit).select_related("household__room", "customer")
    for row in rows.order_by("id"):
        home = homes.setdefault(
            row.household_id, Home(str(row.household.uuid), row.household.room.code.split("-")[0])
        )
        home.people.append((str(row.customer.uuid), row.customer.name))
    return list(homes.values())


def _doors(site: Site) -> list[str]:
    return [
        f"{building}-{entrance}-{floor}{door:02}"
        for building in range(1, site.buildings + 1)
        for entrance in range(1, site.entrances + 1)
        for floor in range(1, site.floors + 1)
        for door in range(1, site.doors + 1)
    ]


def _rooms(site: Site, doors: list[str], occupied: int, chance: random.Random) -> list[RoomSpec]:
    chosen = set(chance.sample(range(len(doors)), occupied))
    rooms = []
    for index, code in enumerate(doors):
        if index not in chosen:
            rooms.append(RoomSpec(code=code))
            continue
        since = date(2019, 6, 1) + timedelta(days=chance.randrange(0, 2000))
        rooms.append(RoomSpec(code=code, people=_family(chance), since=since))
    return rooms


def _family(chance: random.Random) -> tuple[PersonSpec, ...]:
    owner = PersonSpec(_name(chance), Role.OWNER, (_phone(chance),))
    draw = chance.random()
    if draw < 0.18:
        return owner, PersonSpec(_name(chance), Role.TENANT, (_phone(chance),))
    if draw < 0.5:
        return owner, PersonSpec(_name(chance), Role.FAMILY, (_phone(chance),))
    return (owner,)


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + chance.choice(GIVEN)


def _phone(chance: random.Random) -> str:
    """A number in a range that no operator has given out (199 0000 xxxx)."""
    return f"1990000{chance.randrange(10000):04}"


def _shared(site: Site) -> list[SharedSpec]:
    shared = [SharedSpec(f"B{level}车库", PlaceKind.PUBLIC_PLACE) for level in (1, 2)]
    shared += [SharedSpec(name, PlaceKind.PUBLIC_PLACE) for name in ("东门", "西门", "中心花园", "儿童乐园")]
    number = 0
    for building in range(1, site.buildings + 1):
        for _entrance in range(site.entrances):
            number += 1
            shared.append(SharedSpec(f"{number}号电梯", PlaceKind.EQUIPMENT, building=str(building)))
    return shared
