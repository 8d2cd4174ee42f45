"""Premises and people: looked up by who works with cases, changed by who looks after the data."""

from __future__ import annotations

from typing import Any

from tests.factories.customers import make_site
from tests.permissions.model import Row, Table, World, only

from huiyin.core import clock
from huiyin.customers.models import Residency

LOOK = (
    "duty",
    "handler",
    "service_supervisor",
    "department_head",
    "deputy_general_manager",
    "general_manager",
    "quality",
    "auditor",
    "administrator",
)
CHANGE = ("duty", "service_supervisor", "administrator")
ELSEWHERE = {"other_site": 404, "other_company": 404}


def build(world: World) -> None:
    garden = make_site(world.small.site_a)
    room = garden.room("1-1-101")
    home = garden.household("1-1-101")
    resident = Residency.objects.get(household=home, customer=garden.customer("李雷"))
    world.made |= {
        "site_place": garden.place,
        "room": room,
        "empty_room": garden.room("2-1-101"),
        "household": home,
        "resident": resident,
        "customer": garden.customer("李雷"),
        "phone": garden.phone("李雷"),
        "second_phone": garden.customer("王小明").phones.get(primary=False),
    }


def _looks(status: int, **named: int) -> Table:
    """An object of site A: the engineers of its own department see nothing of it."""
    return {**only(*LOOK, status=status), "handler": 404, **ELSEWHERE, **named}


def _changes(status: int, **named: int) -> Table:
    return {**only(*CHANGE, status=status), **ELSEWHERE, **named}


def _of(name: str, key: str, *, argument: str = "uuid", **options: Any) -> Row:
    def kwargs(world: World) -> dict[str, Any]:
        return {argument: world.made[key].uuid}

    return Row(name, kwargs=kwargs, **{"peer": "duty", **options})


def _resident(world: World) -> dict[str, Any]:
    resident = world.made["resident"]
    return {
        "uuid": world.made["household"].uuid,
        "customer": resident.customer.uuid,
        "role": resident.role,
    }


def _erases(status: int) -> Table:
    """Erasing is for administrators who look customers up; an administrator of a site sees none."""
    return {**only("administrator", status=status), "site_administrator": 404, **ELSEWHERE}


ROWS = [
    Row("customers:index", get=only(*LOOK, status=200)),
    Row("customers:lookup", query="?q=101", get=only(*LOOK, status=200)),
    Row("customers:card", get=only(*LOOK, status=404)),
    Row("customers:customer-new", get=only(*CHANGE, status=200), post=only(*CHANGE, status=422)),
    _of("customers:customer", "customer", get=_looks(200)),
    _of("customers:customer-edit", "customer", get=_changes(200), post=_changes(422)),
    _of("customers:customer-close", "customer", post=_changes(302)),
    _of("customers:phone-new", "customer", get=_changes(200), post=_changes(422)),
    _of("customers:merge", "customer", get=_changes(200), post=_changes(200)),
    _of("customers:erase", "customer", peer="site_administrator", get=_erases(200), post=_erases(422)),
    _of("customers:phone-reveal", "phone", post=_looks(200)),
    _of("customers:phone-remove", "phone", post=_changes(302)),
    _of("customers:phone-first", "second_phone", post=_changes(302)),
    Row("customers:site-new", get=only(*CHANGE, status=200), post=only(*CHANGE, status=422)),
    _of("customers:place", "room", get=_looks(200)),
    _of("customers:place-new", "site_place", argument="parent", get=_changes(200), post=_changes(422)),
    _of("customers:place-edit", "room", get=_changes(200), post=_changes(422)),
    _of("customers:place-close", "empty_room", post=_changes(302)),
    _of("customers:place-token", "room", post=_changes(302)),
    _of("customers:place-label", "room", get=_looks(200)),
    _of("customers:move-in", "room", get=_changes(200), post=_changes(422)),
    _of("customers:household", "household", get=_looks(302)),
    _of("customers:household-edit", "household", get=_changes(200), post=_changes(302)),
    _of(
        "customers:move-out",
        "household",
        data=lambda world: {"on": str(clock.today())},
        get=_changes(200),
        post=_changes(302),
    ),
    Row("customers:resident-end", kwargs=_resident, peer="duty", post=_changes(302)),
    Row("customers:resident-first", kwargs=_resident, peer="duty", post=_changes(302)),
    Row(
        "customers:scan",
        kwargs=lambda world: {"token": world.made["room"].token},
        peer="duty",
        get=_looks(302),
    ),
]
