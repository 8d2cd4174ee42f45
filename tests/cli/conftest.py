"""The command as the operator runs it: its own process, its own data folder, its own database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.db import connection

Run = Callable[..., subprocess.CompletedProcess[str]]


def _server() -> str:
    settings = connection.settings_dict
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT'] or 5432}"


def _create_database(name: str, template: str = "template1") -> None:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def _drop_database(name: str) -> None:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _environ(folder: Path, database: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HUIYIN_")}
    url = f"{_server()}/{database}" if database else ""
    return {**kept, "HUIYIN_DATA_DIR": str(folder), "HUIYIN_DATABASE_URL": url}


def _run(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "huiyin.cli.main", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="session")
def own_name() -> str:
    """Empty on SQLite, otherwise the beginning of the names of this worker's databases."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"huiyin_cli_{os.getpid()}_{worker}" if connection.vendor == "postgresql" else ""


@pytest.fixture
def environ(tmp_path: Path, own_name: str) -> Iterator[dict[str, str]]:
    """An empty data folder and an empty database of the kind this run of the suite is about."""
    if own_name:
        _create_database(own_name)
    yield _environ(tmp_path / "data", own_name)
    if own_name:
        _drop_database(own_name)


@pytest.fixture
def huiyin(environ: dict[str, str]) -> Run:
    return partial(_run, environ)


@pytest.fixture(scope="session")
def initialised_once(tmp_path_factory: pytest.TempPathFactory, own_name: str) -> Iterator[tuple[Path, str]]:
    """A company with an administrator and without a procedure, made once and copied for each test."""
    folder, database = tmp_path_factory.mktemp("initialised") / "data", own_name and f"{own_name}_once"
    if database:
        _create_database(database)
    done = _run(
        _environ(folder, database),
        *("init", "--company", "和风物业", "--admin", "boss", "--password", "Tong3-hua-shi", "--no-pack"),
    )
    assert done.returncode == 0, done.stderr
    yield folder, database
    if database:
        _drop_database(database)


@pytest.fixture
def initialised(environ: dict[str, str], initialised_once: tuple[Path, str], own_name: str) -> Run:
    folder, database = initialised_once
    shutil.copytree(folder, environ["HUIYIN_DATA_DIR"])
    if database:
        _drop_database(own_name)
        _create_database(own_name, template=database)
    return partial(_run, environ)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
