"""The world of the permission table."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.factories.organization import make_company, make_person
from tests.permissions.model import World
from tests.permissions.table import build

from huiyin.organization.models import Person


@pytest.fixture
def world(db: None) -> World:
    small, other = make_company(), make_company("远山集团", prefix="y_")
    small.people["site_admin_b"] = make_person(
        "site_admin_b", small.posts["site_administrator"], small.site_b
    )
    # a password nobody knows, but one: pages about it behave as for real people
    Person.objects.update(password="pbkdf2_sha256$1$unknown$unknown")
    made = World(small, other)
    build(made)
    return made


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """Rate limits live in the cache, which outlives a test."""
    cache.clear()
