"""How long past cases take through a draft: `python benchmarks/replay.py [CASES]`.

Uses the database that `benchmarks/seeding.py` fills (SQLite in HUIYIN_DATA_DIR, or HUIYIN_DATABASE_URL).
Where it has fewer cases than asked for, those it has are copied with their events and clocks; the copies
serve for measuring alone: their entries of the journal belong to no chain of their own.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from datetime import date
from typing import Any

from seeding import fill, prepare

SEEDED = 20_000
LIMIT = 60.0


def enlarge(cases: int) -> None:
    """Copy cases until there are so many. Copied events point to copied entries."""
    from django.db import connection

    from huiyin.cases.models import Case

    with connection.cursor() as cursor:
        original = Case.objects.count()
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        for copy in range(1, -(-cases // original)):
            offset = copy * 100_000_000
            for table, keys, changed in _tables(connection.vendor):
                _copy(cursor, table, keys, changed, offset)


def _tables(vendor: str) -> list[tuple[str, tuple[str, ...], dict[str, str]]]:
    """(table, columns that move with the copy, columns made anew)."""
    uuid = "lower(hex(randomblob(16)))" if vendor == "sqlite" else "gen_random_uuid()"
    return [
        ("journal_entry", ("id",), {"uuid": uuid, "sequence": "sequence + {offset}"}),
        ("cases_case", ("id",), {"uuid": uuid, "number": "number || '-' || {offset}"}),
        ("cases_caseevent", ("id", "case_id", "entry_id"), {}),
        ("cases_caseclock", ("id", "case_id"), {}),
    ]


def _copy(cursor: Any, table: str, keys: tuple[str, ...], changed: dict[str, str], offset: int) -> None:
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    names = [column[0] for column in cursor.description]
    values = [
        f"{name} + {offset}" if name in keys else changed.get(name, f'"{name}"').format(offset=offset)
        for name in names
    ]
    limit = "" if table != "journal_entry" else " AND id IN (SELECT entry_id FROM cases_caseevent)"
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM {table} WHERE id < 100000000{limit}"
    )


def _cpu() -> float:
    """Seconds that this process and those that ended beneath it have computed."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in usages)


def main() -> int:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    prepare()
    from huiyin.cases.models import Case, CaseEvent

    if Case.objects.count() < cases:
        fill(min(cases, SEEDED))
        enlarge(cases)
    from huiyin.engine import Pack
    from huiyin.procedures.packfiles import load_pack
    from huiyin.whatif.running import replay

    data = load_pack("PM1").model_dump(mode="json", by_alias=True)
    for row in data["clock"]:
        if row["name"] == "answer":
            row["limit"] = ["asked", "4sh"]
    company = Case.objects.first().company
    began = time.perf_counter()
    before = _cpu()
    found = replay(
        company=company, pack=Pack.model_validate(data), since=date(2000, 1, 1), until=date(2099, 12, 31)
    )
    seconds = time.perf_counter() - began
    events = CaseEvent.objects.count()
    print(f"{found['cases']} cases, {events} events: {seconds:.1f} s (at most {LIMIT:.0f} s)")
    print(f"{_cpu() - before:.1f} s of processor time on {os.cpu_count()} cores")
    print(found["clocks"]["answer"])
    return 0 if found["cases"] >= cases and seconds < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
