"""The world of the permission table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from tests.factories.organization import make_company, make_person
from tests.permissions.model import World
from tests.permissions.table import build

from huiyin.organization.models import Person


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once for the whole table: every request is taken back, every test runs in a savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _world()
        transaction.set_rollback(True)


def _world() -> World:
    small, other = make_company(), make_company("远山集团", prefix="y_")
    small.people["site_admin_b"] = make_person(
        "site_admin_b", small.posts["site_administrator"], small.site_b
    )
    # a password nobody knows, but one: pages about it behave as for real people
    Person.objects.update(password="md5$unknown$unknown")
    made = World(small, other)
    build(made)
    return made


@pytest.fixture
def world(_made: World, db: None, settings: Any) -> World:
    # a password that is asked for costs no time here
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _made.sessions.clear()
    return _made


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """Rate limits live in the cache, which outlives a test."""
    cache.clear()
