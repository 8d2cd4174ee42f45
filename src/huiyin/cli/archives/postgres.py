"""PostgreSQL: every table by COPY from one snapshot. No client program is needed.

The schema is not in the archive: migrations make it, up to the state that was saved.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

SUFFIX = ".copy"


def dump(folder: Path) -> list[str]:
    """Every table as of one moment into `folder`; returns the members."""
    (folder / "database").mkdir(parents=True, exist_ok=True)
    members: list[str] = []
    with connection.get_new_connection(connection.get_connection_params()) as raw:
        raw.autocommit = False
        raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with raw.cursor() as cursor:
            for table in _tables(cursor):
                member = f"database/{table}{SUFFIX}"
                _copy_out(cursor, table, folder / member)
                members.append(member)
    return members


def _tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        " ORDER BY relname"
    )
    return [row[0] for row in cursor.fetchall()]


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _copy_out(cursor: Any, table: str, path: Path) -> None:
    columns = _columns(cursor, table)
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _names(columns))
    with path.open("wb") as stream, cursor.copy(statement) as copy:
        stream.write(("\t".join(columns) + "\n").encode())
        for block in copy:
            stream.write(block)


def load(folder: Path, migrations: list[str]) -> None:
    """Drop what is there, make the schema of the archive's state, and fill it in one transaction."""
    _drop_everything()
    executor = MigrationExecutor(connection)
    executor.migrate(_targets(executor, migrations))
    with transaction.atomic(), connection.cursor() as django_cursor:
        cursor = django_cursor.cursor
        tables = _tables(cursor)
        for table in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(_names(tables)))
        for table in tables:
            _copy_in(cursor, table, folder / f"database/{table}{SUFFIX}")
            _set_sequences(cursor, table)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))


def _drop_everything() -> None:
    with transaction.atomic(), connection.cursor() as django_cursor:
        cursor = django_cursor.cursor
        for table in _tables(cursor):
            cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))


def _targets(executor: MigrationExecutor, migrations: list[str]) -> list[tuple[str, str]]:
    """The last saved migration of each app."""
    saved = {(app, name) for app, _, name in (one.partition(".") for one in migrations)}
    graph = executor.loader.graph
    return sorted(
        node
        for node in saved
        if node in graph.nodes
        and not any(child.key in saved and child.key[0] == node[0] for child in graph.node_map[node].children)
    )


def _copy_in(cursor: Any, table: str, path: Path) -> None:
    if not path.exists():
        return
    with path.open("rb") as stream:
        columns = stream.readline().decode().rstrip("\n").split("\t")
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(columns))
        with cursor.copy(statement) as copy:
            while block := stream.read(1 << 20):
                copy.write(block)


def _set_sequences(cursor: Any, table: str) -> None:
    """The next number after the highest that was used."""
    for column in _columns(cursor, table):
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
        sequence = cursor.fetchone()[0]
        if sequence:
            cursor.execute(
                sql.SQL("SELECT setval(%s, COALESCE(MAX({}), 1), MAX({}) IS NOT NULL) FROM {}").format(
                    sql.Identifier(column), sql.Identifier(column), sql.Identifier(table)
                ),
                [sequence],
            )


def keep_aside(stamp: str) -> Path | None:
    """PostgreSQL's present content is not copied: the operator says --force and has his own backup."""
    return None
