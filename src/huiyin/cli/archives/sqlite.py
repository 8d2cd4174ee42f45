"""SQLite: its own backup interface, which copies one state while others write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

DATABASE = "database/huiyin.sqlite3"


def dump(folder: Path) -> list[str]:
    """One state of the database into `folder`; returns the members."""
    target = folder / DATABASE
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(_open(_path())) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return [DATABASE]


def load(folder: Path, migrations: list[str]) -> None:
    """Put the state in `folder` in place of the database, in one step for whoever has it open."""
    connection.close()
    target = _path()
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / DATABASE)) as source, closing(_open(target)) as database:
        source.backup(database)


def keep_aside(stamp: str) -> Path | None:
    """Copy the present database beside itself before it is overwritten."""
    source = _path()
    if not source.exists():
        return None
    aside = source.with_name(f"{source.name}.before-{stamp}")
    with closing(_open(source)) as database, closing(sqlite3.connect(aside)) as copy:
        database.backup(copy)
    return aside


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=60)


def _path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))
