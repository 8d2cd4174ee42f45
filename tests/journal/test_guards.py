"""The database itself refuses to change or remove what is in the journal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from huiyin.core import clock
from huiyin.journal import guards
from huiyin.journal.models import Entry
from huiyin.journal.seals import seal
from huiyin.journal.verification import verify

pytestmark = pytest.mark.django_db
Write = Callable[..., list[Entry]]
Sql = Callable[..., None]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET name = 'closed'",
        "UPDATE journal_entry SET actor_name = actor_name",
        "DELETE FROM journal_entry",
        "UPDATE journal_seal SET entries = 0",
        "DELETE FROM journal_seal",
        "DELETE FROM journal_entrytext",
        "UPDATE journal_entrytext SET text = 'other'",
        "UPDATE journal_entrytext SET text = '', salt = ''",
        "UPDATE journal_entrytext SET text = '', erased_at = '2026-01-01 00:00:00+00'",
        "UPDATE journal_entrytext SET text = '', salt = '', field = 'x', erased_at = '2026-01-01 00:00:00Z'",
    ],
)
def test_change_is_refused(write: Write, sql: Sql, statement: str) -> None:
    write(count=2)
    seal(clock.now())
    with pytest.raises(IntegrityError, match="append-only"):
        sql(statement)
    assert verify().ok


def test_an_erased_text_stays_erased(write: Write, sql: Sql) -> None:
    write()
    sql("UPDATE journal_entrytext SET text = '', salt = '', erased_at = '2026-01-01 00:00:00+00'")
    with pytest.raises(IntegrityError, match="append-only"):
        sql("UPDATE journal_entrytext SET text = '', salt = '', erased_at = '2027-01-01 00:00:00+00'")


@pytest.mark.sqlite
def test_replacing_a_row_is_refused(write: Write, sql: Sql) -> None:
    """INSERT OR REPLACE would remove the row without asking the trigger for DELETE."""
    write()
    columns = ", ".join(
        "'closed'" if field.column == "name" else field.column for field in Entry._meta.concrete_fields
    )
    with pytest.raises(IntegrityError, match="append-only"):
        sql(f"INSERT OR REPLACE INTO journal_entry SELECT {columns} FROM journal_entry")


@pytest.mark.postgresql
@pytest.mark.parametrize("table", ["journal_entry", "journal_seal", "journal_entrytext"])
def test_truncating_is_refused(write: Write, sql: Sql, table: str) -> None:
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"):
        sql(f"TRUNCATE {table} CASCADE")


def test_all_guards_stand_after_the_migrations(db: None) -> None:
    assert guards.missing(connection) == []


def test_verification_misses_a_guard(write: Write, sql: Sql) -> None:
    write()
    on = " ON journal_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TRIGGER journal_entry_no_update{on}")
    found = [(one.code, one.detail) for one in verify().findings]
    assert found == [("guard_missing", "journal_entry_no_update")]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_guards_can_be_taken_back_and_put_up_again() -> None:
    call_command("migrate", "journal", "0001", verbosity=0)
    assert len(guards.missing(connection)) > 5
    call_command("migrate", "journal", verbosity=0)
    assert guards.missing(connection) == []
