"""The machine around it fails: clear answers, nothing half-written, everything there in the end."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.crash.aftermath import catch_up, nothing_is_lost
from tests.crash.conftest import Robot
from tests.crash.server import Client, Server, under_load, until_more


def _until(clients: list[Client], what: str, seconds: float = 30) -> None:
    """Wait until every client has met it."""
    end = time.monotonic() + seconds
    while any(not getattr(client, what) for client in clients):
        assert time.monotonic() < end, f"no client has {what}"
        time.sleep(0.05)


@contextmanager
def _database_away(environ: dict[str, str]) -> Iterator[None]:
    """As while the database server is started anew: every connection is cut, none is let in."""
    address, name = environ["HUIYIN_DATABASE_URL"].rsplit("/", 1)
    with psycopg.connect(f"{address}/postgres", autocommit=True) as admin:
        letting_in = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        admin.execute(letting_in.format(sql.Identifier(name), sql.SQL("false")))
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        ).fetchall()
        try:
            yield
        finally:
            admin.execute(letting_in.format(sql.Identifier(name), sql.SQL("true")))


@pytest.mark.postgresql
def test_the_database_restarts_under_load(server: Server, token: str, robot: Robot) -> None:
    server.start()
    with under_load(server, token) as clients:
        until_more(clients)
        for _ in range(2):
            with _database_away(server.environ):
                time.sleep(1)
            until_more(clients)
    catch_up(server.environ)
    assert nothing_is_lost(server.environ, clients, robot.said)
    assert sum(client.refused for client in clients)


@pytest.mark.sqlite
def test_the_disk_is_full(server: Server, token: str, robot: Robot) -> None:
    data = Path(server.environ["HUIYIN_DATA_DIR"])
    size = max(path.stat().st_size for path in data.rglob("*") if path.is_file())
    server.start(largest_file=size + 60_000)
    with under_load(server, token) as clients:
        _until(clients, "refused")
        assert server.answers(), "it still says that it lives"
        server.kill()
        server.start()
        until_more(clients)
    catch_up(server.environ)
    assert nothing_is_lost(server.environ, clients, robot.said)


@pytest.mark.sqlite
def test_another_locks_the_database(server: Server, token: str, robot: Robot) -> None:
    server.start()
    path = Path(server.environ["HUIYIN_DATA_DIR"]) / "huiyin.sqlite3"
    assert path.exists()
    other = sqlite3.connect(path, isolation_level=None, timeout=30)
    with under_load(server, token) as clients:
        until_more(clients)
        other.execute("BEGIN EXCLUSIVE")
        before = [len(client.promised) for client in clients]
        time.sleep(2)
        other.execute("ROLLBACK")
        during = [len(client.promised) for client in clients]
        until_more(clients)
    assert sum(during) - sum(before) <= len(clients)  # they waited, and were not refused
    catch_up(server.environ)
    assert nothing_is_lost(server.environ, clients, robot.said)


def test_the_group_robots_server_is_in_trouble(server: Server, token: str, robot: Robot) -> None:
    robot.down = True
    server.start()
    with under_load(server, token) as clients:
        until_more(clients)
    catch_up(server.environ)
    assert robot.said == []
    robot.down = False
    catch_up(server.environ, timedelta(hours=2))
    assert nothing_is_lost(server.environ, clients, robot.said)
