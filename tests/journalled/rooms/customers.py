"""The services of customers and premises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories.customers import MadeSite, make_site
from tests.factories.organization import SmallCompany

from huiyin.customers import services as do
from huiyin.customers.models import PlaceKind, Residency, Role

Perform = Callable[[SmallCompany], object]


def _garden(small: SmallCompany) -> MadeSite:
    return make_site(small.site_a)


def _desk(small: SmallCompany) -> Any:
    return small.actor("duty_a")


def _place(service: str, **given: Any) -> Perform:
    return lambda small: getattr(do, service)(
        actor=_desk(small), place=_garden(small).room("2-1-101"), **given
    )


# the developer lives nowhere: who lives somewhere is not closed or erased
def _customer(service: str, **given: Any) -> Perform:
    return lambda small: getattr(do, service)(
        actor=_desk(small), customer=_garden(small).customer("恒信置业有限公司"), **given
    )


def _phone(service: str, **given: Any) -> Perform:
    def perform(small: SmallCompany) -> object:
        second = _garden(small).customer("王小明").phones.get(primary=False)
        return getattr(do, service)(actor=_desk(small), phone=second, **given)

    return perform


def _residency(service: str) -> Perform:
    def perform(small: SmallCompany) -> object:
        tenant = Residency.objects.get(customer=_garden(small).customer("李雷"))
        return getattr(do, service)(actor=_desk(small), residency=tenant)

    return perform


def _move_in(small: SmallCompany) -> object:
    garden = _garden(small)
    return do.move_in(
        actor=_desk(small), room=garden.room("2-1-101"), people=[do.Newcomer(garden.customer("李雷"))]
    )


def _add_resident(small: SmallCompany) -> object:
    garden = _garden(small)
    return do.add_resident(
        actor=_desk(small),
        household=garden.household("3-2-502"),
        customer=garden.customer("李雷"),
        role=Role.TENANT,
    )


def _merge(small: SmallCompany) -> object:
    garden = _garden(small)
    return do.merge_customers(
        actor=_desk(small), keep=garden.customer("李雷"), duplicate=garden.customer("解珍")
    )


PERFORM: dict[str, Perform] = {
    "bulk_create_site": _garden,
    "create_place": lambda small: do.create_place(
        actor=_desk(small), kind=PlaceKind.SITE, name="新苑", unit=small.site_a
    ),
    "ensure_room": lambda small: do.ensure_room(
        actor=_desk(small), site=_garden(small).place, code="9-1-101"
    ),
    "update_place": _place("update_place", name="样板间"),
    "close_place": _place("close_place"),
    "renew_token": _place("renew_token"),
    "create_customer": lambda small: do.create_customer(
        actor=_desk(small), unit=small.site_a, name="韩梅梅", phones=["13800001111"]
    ),
    "update_customer": _customer("update_customer", name="李磊"),
    "close_customer": _customer("close_customer"),
    "add_phone": _customer("add_phone", number="13800002222"),
    "erase_customer": lambda small: do.erase_customer(
        actor=small.actor("admin"), customer=_garden(small).customer("恒信置业有限公司"), reason="本人要求"
    ),
    "merge_customers": _merge,
    "update_phone": _phone("update_phone", label="家里", primary=True),
    "remove_phone": _phone("remove_phone"),
    "reveal_phone": _phone("reveal_phone"),
    "move_in": _move_in,
    "receive": lambda small: do.receive(
        actor=_desk(small), room=_garden(small).room("2-1-101"), name="韩梅梅"
    ),
    "add_resident": _add_resident,
    "update_household": lambda small: do.update_household(
        actor=_desk(small), household=_garden(small).household("1-1-101"), since=None, vacant=True
    ),
    "move_out": lambda small: do.move_out(actor=_desk(small), household=_garden(small).household("1-1-101")),
    "end_residency": _residency("end_residency"),
    "set_primary": _residency("set_primary"),
}
