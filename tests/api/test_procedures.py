"""Evidence over the API: the same figures as on the page, within the token's reach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.reports.conftest import World, local, make_world

from huiyin.core import clock
from huiyin.organization.services.tokens import create_token

NOW = "2026-05-20 09:00"
PERIOD = "since=2026-04-01&until=2026-04-30"


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    world.handled("2026-04-07")
    world.handled("2026-04-08", who="duty_b", head="head_b")
    return world


def _get(world: World, query: str, *, unit: str = "A", may: tuple[str, ...] = ("report",)) -> Any:
    small = world.small
    with time_machine.travel(local(NOW), tick=False):
        post = small.posts["department_head" if "department_head" in small.posts else "service_supervisor"]
        _token, secret = create_token(
            actor=small.actor("admin"),
            unit=small.units.get(unit, small.root),
            post=post,
            name="看板",
            may=may,
            expires_at=clock.now() + timedelta(days=30),
        )
        return Client(headers={"authorization": f"Bearer {secret}"}).get(f"/api/v1/procedures/{query}")


def test_figures_of_the_tokens_units(world: World) -> None:
    answer = _get(world, f"PM1/evidence?{PERIOD}")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["procedure"], found["edition"]) == ("PM1", "A/0")
    clause = next(one for one in found["clauses"] if one["clause"] == "7.2.3")
    assert (clause["applied"], clause["met"], clause["proof"]) == (1, 1, "system")


def test_what_is_not_there_or_not_his(world: World) -> None:
    assert _get(world, f"PM9/evidence?{PERIOD}").status_code == 404
    assert _get(world, f"PM1/evidence?{PERIOD}&unit=B").status_code == 404
    assert _get(world, "PM1/evidence?since=2026-05-01&until=2026-04-30").status_code == 422
    assert _get(world, "PM1/evidence?since=0001-01-01&until=9999-12-31").status_code == 422
    assert _get(world, "PM1/evidence").status_code == 422
    assert _get(world, f"PM1/evidence?{PERIOD}", may=("view",)).status_code == 403
