"""What the database itself refuses: changing or removing what is in the journal.

Entries and seals can only be added. A text can only be erased, never altered. SQLite loses the triggers of a
table that a migration remakes, so verification reports guards that are missing, and `install` mends them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

APPEND_ONLY = ("journal_entry", "journal_seal")
TEXTS = "journal_entrytext"
REFUSAL = "the journal is append-only"

_SQLITE_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
# INSERT OR REPLACE removes a row without asking the DELETE trigger: refuse the insert that would
_SQLITE_TAKEN = {
    "journal_entry": "id = NEW.id OR (chain_id = NEW.chain_id AND sequence = NEW.sequence)"
    " OR (company_id = NEW.company_id AND uuid = NEW.uuid)",
    "journal_seal": "id = NEW.id OR number = NEW.number",
    TEXTS: "id = NEW.id OR (entry_id = NEW.entry_id AND field = NEW.field)",
}
_ERASED = (
    "NEW.text = '' AND NEW.salt = '' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL"
    " AND NEW.id = OLD.id AND NEW.entry_id = OLD.entry_id AND NEW.field = OLD.field"
)


def _sqlite() -> dict[str, str]:
    """Name of each trigger, and the statement that makes it."""
    found: dict[str, str] = {}
    for table in (*APPEND_ONLY, TEXTS):
        found[f"{table}_no_delete"] = f"BEFORE DELETE ON {table} {_SQLITE_REFUSE}"
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {_SQLITE_TAKEN[table]})"  # noqa: S608 — constants only
        found[f"{table}_no_replace"] = f"BEFORE INSERT ON {table} WHEN {taken} {_SQLITE_REFUSE}"
    for table in APPEND_ONLY:
        found[f"{table}_no_update"] = f"BEFORE UPDATE ON {table} {_SQLITE_REFUSE}"
    found[f"{TEXTS}_only_erase"] = f"BEFORE UPDATE ON {TEXTS} WHEN NOT ({_ERASED}) {_SQLITE_REFUSE}"
    return {name: f"CREATE TRIGGER {name} {body}" for name, body in found.items()}


_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _postgres() -> dict[str, str]:
    found: dict[str, str] = {}
    for table in (*APPEND_ONLY, TEXTS):
        found[f"{table}_no_delete"] = f"BEFORE DELETE ON {table} FOR EACH ROW"
        found[f"{table}_no_truncate"] = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
    for table in APPEND_ONLY:
        found[f"{table}_no_update"] = f"BEFORE UPDATE ON {table} FOR EACH ROW"
    found[f"{TEXTS}_only_erase"] = f"BEFORE UPDATE ON {TEXTS} FOR EACH ROW WHEN (NOT ({_ERASED}))"
    return {
        name: f"CREATE TRIGGER {name} {body} EXECUTE FUNCTION journal_refuse()"
        for name, body in found.items()
    }


def _wanted(connection: Any) -> dict[str, str]:
    return _postgres() if connection.vendor == "postgresql" else _sqlite()


def _present(connection: Any) -> Iterator[str]:
    query = (
        # 'D' is a trigger that is there and switched off
        "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT tgisinternal AND tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        yield from (row[0] for row in cursor.fetchall())


def missing(connection: Any) -> list[str]:
    """Names of guards that are not there or switched off; empty where all is well."""
    return sorted(set(_wanted(connection)) - set(_present(connection)))


def install(connection: Any) -> None:
    """Make all guards, anew where they are there already."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for statement in _wanted(connection).values():
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """For reversing the migration, restoring a backup, and emptying a test database. Nothing else may."""
    with connection.cursor() as cursor:
        for name, statement in _wanted(connection).items():
            table = statement.split(" ON ", 1)[1].split(" ", 1)[0]
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
