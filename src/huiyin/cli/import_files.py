"""`huiyin import cases|customers FILE`: take a file in, the same way as the page does."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huiyin.cli.common import Progress, print_json, require_migrated, start_django
from huiyin.core.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from huiyin.imports.models import ImportRun
    from huiyin.organization.models import Unit

SUMMARY = "take in a file of cases or customers"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["cases", "customers"])
    parser.add_argument("file", type=Path, help="an XLSX or CSV file (UTF-8 or GB18030)")
    parser.add_argument("--map", metavar="MAPPING", help="a mapping file, or the name of one that ships")
    parser.add_argument("--company", metavar="CODE", help="code of the company, where there are several")
    parser.add_argument("--unit", metavar="CODE", help="unit of the cases (default: the company)")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be left out, and why")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(args: argparse.Namespace) -> int:
    start_django()
    require_migrated()
    if args.what == "customers":
        return _customers(args)
    return _cases(args)


def _company(code: str | None) -> Unit:
    from huiyin.organization.models import Unit

    roots = Unit.objects.filter(parent__isnull=True)
    found: list[Unit] = list(roots.filter(code=code) if code else roots[:2])
    if len(found) != 1:
        raise NotFound(
            f"which company? --company is one of {', '.join(roots.values_list('code', flat=True))}"
        )
    return found[0]


def _unit(company: Unit, code: str | None) -> Unit:
    from huiyin.organization.models import Unit

    if code is None:
        return company
    found: Unit | None = Unit.objects.filter(company=company, code=code).first()
    if found is None:
        raise NotFound(f"there is no unit with the code {code}")
    return found


def _cases(args: argparse.Namespace) -> int:
    from huiyin.imports.mapping import load_mapping
    from huiyin.imports.reading import open_table
    from huiyin.imports.services import preview_cases, run_cases, start_run
    from huiyin.organization.actors import system_actor

    if not args.map:
        raise InvalidInput("--map names the mapping of the columns (see docs/import.md)")
    company = _company(args.company)
    actor = system_actor(company.pk)
    table = open_table(args.file)
    mapping = load_mapping(args.map)
    if args.dry_run:
        found = preview_cases(actor=actor, table=table, mapping=mapping, unit=_unit(company, args.unit))
        return _say(
            {"rows": found.total, "imported": 0, "would_import": found.good, "known": found.known},
            found.refused,
            args.json,
        )
    unit = _unit(company, args.unit)
    run = start_run(actor=actor, table=table, mapping=mapping, unit=unit, name=args.file.name)
    total = sum(1 for _row in table.rows())
    show = Progress("rows")
    run_cases(actor=actor, run=run, table=table, progress=lambda one: show(one.seen, total))
    refused = list(run.refusals.values_list("row", "reason"))
    return _say(_counts(run), refused, args.json)


def _counts(run: ImportRun) -> dict[str, Any]:
    return {"rows": run.seen, "imported": run.imported, "known": run.known}


def _customers(args: argparse.Namespace) -> int:
    from huiyin.customers.importing import guess_mapping, import_customers
    from huiyin.imports.reading import open_table
    from huiyin.organization.actors import system_actor

    table = open_table(args.file)
    total = sum(1 for _row in table.rows())
    show = Progress("rows")
    found = import_customers(
        system_actor(_company(args.company).pk),
        (row.cells for row in table.rows()),
        guess_mapping(table.columns),
        dry_run=args.dry_run,
        progress=lambda done: show(done, total),
    )
    counts = {"rows": found.rows, "created": found.created, "changed": found.changed}
    refused = [(one.row, one.reason) for one in found.refused]
    return _say({**counts, "unchanged": found.unchanged}, refused, args.json)


def _say(counts: dict[str, Any], refused: list[tuple[int, str]], as_json: bool) -> int:
    """The outcome; each row that was left out by its number. Status 1 where there are any."""
    if as_json:
        rows = [{"row": row, "reason": reason} for row, reason in refused]
        print_json({**counts, "refused": rows})
    else:
        print(", ".join(f"{name} {value}" for name, value in counts.items()) + f", refused {len(refused)}")
        for row, reason in refused:
            print(f"row {row}: {reason}", file=sys.stderr)
    return 1 if refused else 0
