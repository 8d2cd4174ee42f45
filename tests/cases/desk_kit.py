"""Short ways for the tests of the desk: a site with people, and a signed-in browser of HTTP."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.cases.conftest import World
from tests.factories.customers import MadeSite

from huiyin.cases.models import Case
from huiyin.core.ids import new_uuid

HTMX = {"HX-Request": "true"}
WORDS = "楼上漏水，卫生间天花板一直滴水。"


def signed_in(world: World, username: str = "duty_a") -> Client:
    client = Client()
    client.force_login(world.small.people[username])
    return client


def form_of(garden: MadeSite | None = None, room: str = "3-2-501", **fields: Any) -> dict[str, Any]:
    """The form as the page would send it."""
    data: dict[str, Any] = {"uuid": str(new_uuid()), "kind": "complaint", "channel": "phone", "text": WORDS}
    if garden is not None:
        household = garden.household(room)
        data |= {"household": str(household.uuid), "place": str(household.room.uuid)}
    return {**data, **fields}


def send(client: Client, form: dict[str, Any]) -> Any:
    return client.post(reverse("cases:register"), form)


def case_of(form: dict[str, Any]) -> Case:
    return Case.objects.get(uuid=uuid.UUID(form["uuid"]))
