"""Premises and people for everybody's tests.

    garden = make_site(small.site_a)
    garden.room("3-2-501"), garden.household("3-2-501"), garden.customer("王小明")

Sites made from the same spec look alike: rooms 1-1-101 … 3-2-602, and the people of `PEOPLE` in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huiyin.customers.bulk import PersonSpec, RoomSpec, SharedSpec, SiteSpec, bulk_create_site
from huiyin.customers.models import Customer, Household, Phone, Place, PlaceKind, Role
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.models import Unit

SINCE = date(2020, 5, 1)

PEOPLE: dict[str, tuple[PersonSpec, ...]] = {
    "3-2-501": (
        PersonSpec("王小明", phones=("13800138000", "0755-26001234")),
        PersonSpec("单雪", role=Role.FAMILY, phones=("13900139001",)),
    ),
    "3-2-502": (PersonSpec("曾国强", phones=("13700137002",)),),
    "3-1-501": (PersonSpec("仇英", phones=("13600136003",)),),
    "1-1-101": (
        PersonSpec("解珍", phones=("13500135004",)),
        PersonSpec("李雷", role=Role.TENANT, phones=("18600186005",)),
    ),
}
SHARED = (
    SharedSpec("3号电梯", PlaceKind.EQUIPMENT, building="3", code="DT-3"),
    SharedSpec("B2车库", PlaceKind.PUBLIC_PLACE),
    SharedSpec("中心花园", PlaceKind.PUBLIC_PLACE),
)


@dataclass(frozen=True)
class MadeSite:
    place: Place

    def room(self, code: str) -> Place:
        return Place.objects.get(site=self.place, kind=PlaceKind.ROOM, code=code)

    def shared(self, name: str) -> Place:
        return Place.objects.get(site=self.place, name=name)

    def household(self, code: str) -> Household:
        return Household.objects.get(room=self.room(code), until__isnull=True)

    def customer(self, name: str) -> Customer:
        return Customer.objects.get(unit_id=self.place.unit_id, name=name)

    def phone(self, name: str) -> Phone:
        return Phone.objects.get(customer=self.customer(name), primary=True)


def site_spec(name: str = "锦绣花园", *, developer: str = "恒信置业有限公司") -> SiteSpec:
    """Three buildings of two entrances, six floors of two rooms; four rooms with people."""
    codes = [
        f"{building}-{entrance}-{floor}0{door}"
        for building in (1, 2, 3)
        for entrance in (1, 2)
        for floor in range(1, 7)
        for door in (1, 2)
    ]
    rooms = [RoomSpec(code, PEOPLE.get(code, ()), SINCE) for code in codes]
    return SiteSpec(name, rooms, SHARED, developer, ("0755-88886666",) if developer else ())


def make_site(unit: Unit, name: str = "锦绣花园", *, actor: Actor | None = None) -> MadeSite:
    """A small site of that unit, made by the system unless somebody is named."""
    return MadeSite(
        bulk_create_site(actor=actor or system_actor(unit.company_id), unit=unit, spec=site_spec(name))
    )
