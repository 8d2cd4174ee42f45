"""Connections as in the running system, for tests that act from several threads at once.

The suite's SQLite lives in memory, where a second connection does not wait for the first but fails; the real
one is a file in WAL mode where it waits. PostgreSQL is as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection


@pytest.fixture
def real_connections(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """For the time of a test the database is a copy in a file of its own."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    settings, kept = connection.settings_dict, connection.connection
    name, path = settings["NAME"], str(tmp_path / "test.sqlite3")
    copy = sqlite3.connect(path)
    kept.backup(copy)
    copy.close()
    connection.connection, settings["NAME"] = None, path
    yield
    connection.close()
    connection.connection, settings["NAME"] = kept, name


def at_once(*works: Callable[[], Any]) -> None:
    """Do all of these at the same time, each with its own connection. An error of one is raised here."""
    errors: list[BaseException] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join(90)
    if errors:
        raise errors[0]
