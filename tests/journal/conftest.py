"""A journal with something in it, and a way past its guards, as somebody with the database's password has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from tests.factories.organization import SmallCompany, make_company

from huiyin.core import clock
from huiyin.journal import guards
from huiyin.journal.models import Entry
from huiyin.journal.services import Record, append


@pytest.fixture
def small(db: None) -> SmallCompany:
    return make_company()


@pytest.fixture
def write(small: SmallCompany) -> Callable[..., list[Entry]]:
    """Append events to one case, each with a text about a person."""
    actor = small.actor("duty_a")

    def _write(case: str = "1", count: int = 1, **data: Any) -> list[Entry]:
        records = [
            Record(
                "event",
                "noted",
                clock.now(),
                data={"place": i, **data},
                texts={"text": f"王女士说{i}"},
                clause="7.2.1",
            )
            for i in range(count)
        ]
        with transaction.atomic():
            return append(actor=actor, subject_kind="case", subject_id=case, records=records)

    return _write


@contextmanager
def _unguarded() -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    guards.remove(connection)
    yield
    guards.install(connection)


@pytest.fixture
def unguarded() -> Callable[[], AbstractContextManager[None]]:
    return _unguarded


@pytest.fixture
def sql() -> Callable[..., None]:
    def run(statement: str, *values: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    return run
