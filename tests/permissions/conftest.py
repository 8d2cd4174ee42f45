"""The world of the permission table."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from tests.factories.organization import make_company, make_person
from tests.permissions.model import World
from tests.permissions.table import build

from huiyin.organization.models import Person


@pytest.fixture
def world(db: None, settings: Any) -> World:
    # a password that is asked for costs no time here
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    small, other = make_company(), make_company("远山集团", prefix="y_")
    small.people["site_admin_b"] = make_person(
        "site_admin_b", small.posts["site_administrator"], small.site_b
    )
    # a password nobody knows, but one: pages about it behave as for real people
    Person.objects.update(password="md5$unknown$unknown")
    made = World(small, other)
    build(made)
    return made


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """Rate limits live in the cache, which outlives a test."""
    cache.clear()
