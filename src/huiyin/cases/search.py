"""Full-text search over cases: FTS5 on SQLite, tsvector on PostgreSQL, the same terms on both.

The company stands in the index as a term of its own, so that a search never walks another company's text.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from huiyin.cases.models import Case
from huiyin.cases.ownfacts import lines_of
from huiyin.core.search import query_tokens, tokens
from huiyin.procedures.selectors import rules_of

TABLE = "cases_search"


def _document(case: Case) -> list[str]:
    words = [case.number, case.text, case.demand, case.reporter, case.external_number]
    if case.place is not None:
        words.append(case.place.full_name)
    if case.customer is not None:
        words.append(case.customer.name)
    words += [words for _title, words in lines_of(case, rules_of(case.edition))]
    found = [f"company{case.company_id}"]
    for text in words:
        found += tokens(text)
    return list(dict.fromkeys(found))


def index_case(case: Case, *, new: bool = False) -> None:
    """Put the case's words into the index, or replace them; of a `new` case there is nothing to replace."""
    document = " ".join(_document(case))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            if not new:
                cursor.execute(f"DELETE FROM {TABLE} WHERE rowid = %s", [case.pk])  # noqa: S608
            cursor.execute(f"INSERT INTO {TABLE} (rowid, document) VALUES (%s, %s)", [case.pk, document])  # noqa: S608
        else:
            cursor.execute(
                f"INSERT INTO {TABLE} (case_id, document) VALUES (%s, array_to_tsvector(%s)) "  # noqa: S608
                "ON CONFLICT (case_id) DO UPDATE SET document = excluded.document",
                [case.pk, document.split()],
            )


def index_new(cases: Sequence[Case]) -> None:
    """Put many cases into the index that are not in it yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            rows = [(case.pk, " ".join(_document(case))) for case in cases]
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, document) VALUES (%s, %s)", rows)  # noqa: S608
        else:
            cursor.executemany(
                f"INSERT INTO {TABLE} (case_id, document) VALUES (%s, array_to_tsvector(%s))",  # noqa: S608
                [(case.pk, _document(case)) for case in cases],
            )


def matching(cases: QuerySet[Case], *, company_id: int, text: str) -> QuerySet[Case]:
    """The cases that hold all terms of the text; none where the text has no term."""
    terms = query_tokens(text)
    if not terms:
        return cases.none()
    terms = [f"company{company_id}", *terms]
    if connection.vendor == "sqlite":
        query = " AND ".join(f'"{term}"' for term in terms)
        ids = RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [query])  # noqa: S608,S611
    else:
        query = " & ".join(f"'{term}'" for term in terms)
        ids = RawSQL(f"SELECT case_id FROM {TABLE} WHERE document @@ %s::tsquery", [query])  # noqa: S608,S611
    return cases.filter(pk__in=ids)
