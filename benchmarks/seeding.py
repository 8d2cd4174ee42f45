"""Fills a database for measuring: `python benchmarks/seeding.py [CASES]`.

The database is the one HUIYIN_DATABASE_URL names (SQLite in HUIYIN_DATA_DIR without it), made for measuring
alone: it is filled once, and used again where it has so many cases already. Histories come in as an import
brings them, through the engine, with journal, clocks, figures and search index.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

BATCH = 500


@dataclass(frozen=True, slots=True)
class Seeded:
    """`rate` is cases written a second; 0 where nothing had to be."""

    cases: int
    seconds: float
    rate: float


def prepare() -> None:
    from huiyin.cli.common import migrate, start_django

    start_django()
    migrate()


def fill(cases: int) -> Seeded:
    """Make the company and its cases where they are missing."""
    from company import find_company, make_company
    from django.db import connection, transaction
    from stories import stories

    from huiyin.cases.history import Histories
    from huiyin.cases.models import Case
    from huiyin.core import clock
    from huiyin.organization.actors import system_actor

    company = find_company() or make_company()
    before = Case.objects.count()
    began = time.perf_counter()
    told = stories(cases, households=company.households, now=clock.now(), years=cases / 50_000, start=before)
    done = before
    while batch := list(islice(told, BATCH)):
        with transaction.atomic():
            writer = Histories(system_actor(company.root.pk))
            for one in batch:
                writer.add(facts=one.facts, at=one.at, events=one.events)
            writer.save()
        done += len(batch)
        rate = (done - before) / (time.perf_counter() - began)
        print(
            f"\r{connection.vendor}: {done}/{cases} cases, {rate:.0f} a second ",
            end="",
            file=sys.stderr,
            flush=True,
        )
    seconds = time.perf_counter() - began
    if done > before:
        print(file=sys.stderr)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Seeded(max(done, cases), seconds, (done - before) / seconds if done > before else 0)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    prepare()
    print(fill(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
