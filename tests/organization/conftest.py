"""What the tests of the organisation share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from tests.factories.organization import SmallCompany, make_company


@pytest.fixture
def small(db: None) -> SmallCompany:
    return make_company()


@pytest.fixture
def fast_passwords(settings: pytest.FixtureRequest) -> None:
    """Passwords hashed in microseconds, so that a test may sign in by typing one."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Rate limits live in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()
