"""A small demonstration: one month, few households, made once for a module's tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from huiyin.demo import building
from huiyin.organization.models import Unit

NOW = datetime(2026, 9, 16, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """Made before dawn: at that hour nobody has called yet."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False):
        yield building.build(progress=lambda *_: None, months=1, households=60)
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(_built: int, db: None) -> Iterator[Unit]:
    with time_machine.travel(NOW, tick=False):
        yield Unit.objects.get(code="demo")
