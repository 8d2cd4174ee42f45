"""The API: for programs with a token, each in the unit of its token; a person's session opens nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories.cases import install_beside_posts, register_case
from tests.factories.organization import SmallCompany
from tests.permissions.model import Row, Table, World, everybody

from huiyin.core import clock
from huiyin.organization.services import create_token

PROGRAMS = {
    "reader_a": ("A", ["view"]),
    "worker_a": ("A", ["register", "view", "handle"]),
    "worker_b": ("B", ["register", "view", "handle"]),
}


def _token(company: SmallCompany, unit: str, may: list[str]) -> dict[str, str]:
    _token, secret = create_token(
        actor=company.actor("admin"),
        unit=company.units[unit],
        post=company.posts["service_supervisor"],
        name="小程序",
        may=may,
        expires_at=clock.now() + timedelta(days=30),
    )
    return {"authorization": f"Bearer {secret}"}


def build(world: World) -> None:
    install_beside_posts(world.small.root)
    install_beside_posts(world.other.root)
    world.made["api_case"] = register_case(world.actor("duty"), external_number="API-1")
    for name, (unit, may) in PROGRAMS.items():
        world.headers[name] = _token(world.small, unit, may)
    world.headers["elsewhere"] = _token(world.other, "A", ["register", "view", "handle"])
    world.headers["forged"] = {"authorization": "Bearer hy_0000000000_forged"}


def _case(world: World) -> dict[str, Any]:
    return {"number": str(world.made["api_case"].uuid)}


def _new(world: World) -> dict[str, Any]:
    return {"kind": "complaint", "channel": "phone", "text": "楼上漏水"}


def _note(world: World) -> dict[str, Any]:
    return {"event": "noted", "text": "顾客在家"}


def _programs(**statuses: int) -> Table:
    """Nobody without a token, whoever is signed in."""
    return {**everybody(401, anonymous=401), "forged": 401, **statuses}


ROWS = [
    Row(
        "api:register_case",
        get=_programs(reader_a=200, worker_a=200, worker_b=200, elsewhere=200),
        post=_programs(reader_a=403, worker_a=201, worker_b=201, elsewhere=201),
        data=_new,
        json=True,
        csrf=False,
    ),
    Row(
        "api:show_case",
        kwargs=_case,
        get=_programs(reader_a=200, worker_a=200, worker_b=404, elsewhere=404),
        csrf=False,
    ),
    Row(
        "api:record_event",
        kwargs=_case,
        post=_programs(reader_a=201, worker_a=201, worker_b=404, elsewhere=404),
        data=_note,
        json=True,
        csrf=False,
    ),
    Row(
        "api:procedure_evidence",
        kwargs=lambda world: {"code": "PM1"},
        query="?since=2026-01-01&until=2026-01-31",
        get=_programs(reader_a=403, worker_a=403, worker_b=403, elsewhere=403),
        csrf=False,
        shared="each company reads its own procedure under this address",
    ),
    Row("api:openapi-json", get=everybody(200, anonymous=200), csrf=False),
    Row("api:api-root", get=everybody(404, anonymous=404), csrf=False),
    Row(
        "api_nowhere",
        kwargs=lambda world: {"rest": "v2/cases"},
        get=everybody(404, anonymous=404),
        post=everybody(404, anonymous=404),
        put=everybody(404, anonymous=404),
        patch=everybody(404, anonymous=404),
        delete=everybody(404, anonymous=404),
        csrf=False,
        shared="there is nothing",
    ),
]
