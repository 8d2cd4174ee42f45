"""`huiyin calendar`: the working days of a company, and taking in a year's announced arrangement."""

from __future__ import annotations

import argparse
from pathlib import Path

from huiyin.cli.common import print_json
from huiyin.cli.pack import company_of
from huiyin.core.errors import InvalidInput

SUMMARY = "show the working days of a year, or take in its arrangement from a file"
MOST_BYTES = 200_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("year", type=int)
    parser.add_argument(
        "file", type=Path, nargs="?", help="the notice's text, JSON, or lines `date,off|work`"
    )
    parser.add_argument("--source", default="", help="where it is announced; the file's name where left out")
    parser.add_argument("--company", metavar="CODE", help="needed where there are several")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be taken in")
    parser.add_argument("--json", action="store_true", help="print the year as JSON")


def run(args: argparse.Namespace) -> int:
    company = company_of(args.company)
    from huiyin.organization.actors import system_actor
    from huiyin.procedures.arrangement import read_arrangement
    from huiyin.procedures.calendars import revise_year, year_line

    if args.file is None:
        line = year_line(company.pk, args.year)
        _say(args, {"year": line.year, "estimated": line.estimated, "off": line.off, "work": line.work})
        return 0
    read = read_arrangement(_text(args.file), args.year)
    if not args.dry_run:
        revise_year(actor=system_actor(company.pk), arrangement=read, source=args.source or args.file.name)
    _say(args, {"year": read.year, "estimated": False, "off": read.off, "work": read.work})
    return 0


def _text(file: Path) -> str:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}") from error
    if len(body) > MOST_BYTES:
        raise InvalidInput(f"{file} is too large for the arrangement of a year")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030", errors="replace")


def _say(args: argparse.Namespace, year: dict[str, object]) -> None:
    if args.json:
        print_json(year)
        return
    for name in ("off", "work"):
        days = year[name]
        print(f"{name}: {' '.join(str(day) for day in days) or '-'}")  # type: ignore[attr-defined]
    print(f"{year['year']}: {'estimated' if year['estimated'] else 'official'}")
