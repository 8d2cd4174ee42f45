"""The reports' world serves here too: a company that runs PM1, acting at moments of our choice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.reports.conftest import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def client_of(world: World) -> Callable[[str], Client]:
    def make(username: str) -> Client:
        client = Client()
        client.force_login(
            world.small.people[username], backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return make
