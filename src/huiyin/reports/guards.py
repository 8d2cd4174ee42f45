"""What the database itself refuses: changing or removing an issued report, its lists, what was done with it.

As the journal's own guards: SQLite loses the triggers of a table that a migration remakes, so `huiyin doctor`
names those that are missing, and `install` mends them.
"""

from __future__ import annotations

from typing import Any

TABLES = ("reports_issuedreport", "reports_issuedlist", "reports_reportact")
REFUSAL = "an issued report is never written again"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION issued_report_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _wanted(vendor: str) -> dict[str, tuple[str, str]]:
    """Name of each trigger: its table, and the statement that makes it."""
    found: dict[str, tuple[str, str]] = {}
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if vendor == "postgresql":
                body = f"BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION issued_report_refuse()"
            else:
                body = f"BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            found[name] = (table, f"CREATE TRIGGER {name} {body}")
        if vendor == "postgresql":
            name = f"{table}_no_truncate"
            body = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION issued_report_refuse()"
        else:
            # INSERT OR REPLACE removes a row without asking the DELETE trigger
            name = f"{table}_no_replace"
            taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608 — constants only
            body = f"BEFORE INSERT ON {table} WHEN {taken} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        found[name] = (table, f"CREATE TRIGGER {name} {body}")
    return found


def missing(connection: Any) -> list[str]:
    """Names of guards that are not there or switched off; empty where all is well."""
    query = (
        "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT tgisinternal AND tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return sorted(set(_wanted(connection.vendor)) - present)


def install(connection: Any) -> None:
    """Make all guards, anew where they are there already."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for _table, statement in _wanted(connection.vendor).values():
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """For reversing the migration and emptying a test database. Nothing else may."""
    with connection.cursor() as cursor:
        for name, (table, _statement) in _wanted(connection.vendor).items():
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
