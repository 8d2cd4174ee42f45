"""Serial numbers without gap or double: the counter's row is locked until the number's owner is committed."""

from __future__ import annotations

from django.db import connection, transaction

from huiyin.numbering.models import Counter


def next_serial(*, company_id: int, series: str) -> int:
    """The next serial of a series, from 1. Inside the caller's transaction: rolled back, it is given again.

    One statement on both databases, so that two callers at once wait for each other and never meet.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a serial belongs inside the transaction of what it numbers")
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (company_id, series, value) VALUES (%s, %s, 1) "  # noqa: S608 the table is ours
            f"ON CONFLICT (company_id, series) DO UPDATE SET value = {table}.value + 1 RETURNING value",
            [company_id, series],
        )
        row = cursor.fetchone()
    return int(row[0])
