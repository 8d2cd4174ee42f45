"""The full-text index of cases: FTS5 on SQLite, a GIN index over tsvector on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE cases_search USING fts5("
    'document, tokenize="unicode61 remove_diacritics 0", detail=none)'
)
POSTGRESQL = (
    "CREATE TABLE cases_search (case_id bigint PRIMARY KEY, document tsvector NOT NULL); "
    "CREATE INDEX cases_search_document ON cases_search USING gin (document)"
)


def create(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE cases_search")


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_initial")]

    operations = [migrations.RunPython(create, drop, elidable=False)]
