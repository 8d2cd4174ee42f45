"""Programs with tokens, in a company that runs PM1."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from tests.cases.conftest import World, world
from tests.factories.connections import real_connections

from huiyin.core import clock
from huiyin.organization.models import ApiToken
from huiyin.organization.services import create_token

__all__ = ["real_connections", "world"]

API = "/api/v1"
ALL = ("register", "view", "handle", "judge", "assign", "approve", "follow_up")
COMPLAINT = {"kind": "complaint", "channel": "phone", "text": "楼上漏水，卫生间天花板一直滴水。"}


@dataclass
class Program:
    """A client of the API: answers are checked to be JSON of the right kind."""

    token: ApiToken
    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        more = {"authorization": f"Bearer {self.secret}", **headers}
        options: dict[str, Any] = {"headers": more}
        if body is not None:
            options |= {"data": body, "content_type": "application/json"}
        response: HttpResponse = getattr(self.client, method)(f"{API}{path}", **options)
        kind = "application/json" if response.status_code < 400 else "application/problem+json"
        assert response["Content-Type"].split(";")[0] == kind, (response.status_code, response.content[:300])
        return response

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("get", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("post", path, body, **headers)

    def register(self, **facts: Any) -> dict[str, Any]:
        response = self.post("/cases", {**COMPLAINT, **facts})
        assert response.status_code == 201, response.content.decode()
        found: dict[str, Any] = response.json()
        return found


def make_program(world: World, unit: str = "A", may: Collection[str] = ALL) -> Program:
    token, secret = create_token(
        actor=world.actor("admin"),
        unit=world.small.units[unit],
        post=world.small.posts["department_head"],
        name=f"小程序 {unit}",
        may=set(may) & set(world.small.posts["department_head"].may),
        expires_at=clock.now() + timedelta(days=30),
    )
    return Program(token, secret)


@pytest.fixture
def program(world: World) -> Program:
    return make_program(world)


@pytest.fixture
def other_site(world: World) -> Program:
    return make_program(world, "B")


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()
