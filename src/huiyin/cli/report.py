"""`huiyin report --month 2019-04`: the figures of a period, as data or as a file."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huiyin.cli.common import print_json, require_migrated, start_django
from huiyin.core.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from huiyin.organization.models import Unit

SUMMARY = "the figures of a month, quarter or year as JSON, XLSX, Word or PDF"
FORMATS = ("json", "xlsx", "docx", "pdf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    period = parser.add_mutually_exclusive_group(required=True)
    period.add_argument("--month", metavar="2019-04", help="a month")
    period.add_argument("--quarter", metavar="2019-Q2", help="a quarter")
    period.add_argument("--year", metavar="2019", help="a year")
    parser.add_argument("--company", metavar="CODE", help="code of the company, where there are several")
    parser.add_argument("--unit", metavar="CODE", help="a site or department (default: the whole company)")
    parser.add_argument("--cutoff", metavar="TIME", help="as known then, 2019-05-10T18:00 (default: now)")
    parser.add_argument("--format", choices=FORMATS, default="json")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there instead of to the terminal")


def run(args: argparse.Namespace) -> int:
    start_django()
    require_migrated()
    from huiyin.organization.actors import system_actor
    from huiyin.reports.exports.documents import heading_of, report_file
    from huiyin.reports.selectors import live_report, unit_for

    if args.format != "json" and args.out is None and sys.stdout.isatty():
        raise InvalidInput(f"a {args.format} file belongs into a file: add --out FILE")
    period, company = _period(args), _company(args.company)
    actor = system_actor(company.pk)
    unit = unit_for(actor, args.unit or "")
    data = live_report(actor, period=period, unit=unit, cutoff=_cutoff(args.cutoff))
    if args.format == "json":
        return _json(data, args.out)
    heading = heading_of(data, company.pk)
    file = report_file(data, form=args.format, heading=heading, company_id=company.pk)
    return _write(file.content, args.out)


def _period(args: argparse.Namespace) -> Any:
    """The period asked for. Raises InvalidInput where its form does not fit the option."""
    from huiyin.reports.periods import parse_period

    for kind in ("month", "quarter", "year"):
        text = getattr(args, kind)
        if text is None:
            continue
        period = parse_period(text)
        if period.kind != kind:
            raise InvalidInput(f"--{kind} {text}: that is a {period.kind}")
        return period
    raise InvalidInput("which period?")


def _company(code: str | None) -> Unit:
    from huiyin.organization.models import Unit

    roots = Unit.objects.filter(parent__isnull=True)
    found = list(roots.filter(code=code) if code else roots[:2])
    if len(found) != 1:
        codes = ", ".join(roots.values_list("code", flat=True)) or "none yet: run `huiyin init`"
        raise NotFound(f"which company? --company is one of {codes}")
    unit: Unit = found[0]
    return unit


def _cutoff(text: str | None) -> datetime | None:
    from django.utils import timezone

    from huiyin.core import clock

    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"--cutoff {text}: write 2019-05-10T18:00") from error
    found = found if found.tzinfo else timezone.make_aware(found)
    if found > clock.now():
        raise InvalidInput(f"--cutoff {text} is yet to come")
    return found


def _json(data: dict[str, Any], out: Path | None) -> int:
    if out is None:
        print_json(data)
        return 0
    import json

    return _write(json.dumps(data, ensure_ascii=False, indent=2).encode(), out)


def _write(content: bytes, out: Path | None) -> int:
    if out is None:
        sys.stdout.buffer.write(content)
        return 0
    try:
        out.write_bytes(content)
    except OSError as error:
        raise InvalidInput(f"{out} cannot be written: {error.strerror}") from error
    print(out, file=sys.stderr)
    return 0
