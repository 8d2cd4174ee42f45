"""`huiyin pack replay DRAFT --from DAY --to DAY`: past cases through a draft, beside what happened."""

from __future__ import annotations

import argparse
from datetime import date

from huiyin.cli.common import Progress, print_json
from huiyin.core.errors import InvalidInput
from huiyin.procedures.packfiles import load_pack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", metavar="DRAFT", help="a pack's folder; it need not be installed")
    parser.add_argument("--from", dest="since", metavar="DAY", required=True, type=day)
    parser.add_argument("--to", dest="until", metavar="DAY", required=True, type=day, help="included")
    parser.add_argument("--unit", metavar="CODE", help="only cases of this unit and those below it")
    parser.add_argument("--company", metavar="CODE", help="code of the company, where there are several")


def day(text: str) -> date:
    """A day as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no day: {text} (as 2026-01-31)") from None


def run(args: argparse.Namespace) -> int:
    """Nothing is stored: the cases stay as they are."""
    if args.since > args.until:
        raise InvalidInput("--from lies after --to")
    pack = load_pack(args.pack, lang=args.lang)
    from huiyin.cli.pack import company_of

    company = company_of(args.company)
    from django.utils import translation

    from huiyin.organization.models import Unit
    from huiyin.whatif.present import as_json, as_text
    from huiyin.whatif.running import replay

    unit = None
    if args.unit:
        unit = Unit.objects.filter(company=company, code=args.unit).first()
        if unit is None:
            raise InvalidInput(f"there is no unit {args.unit}")
    found = replay(
        company=company,
        pack=pack,
        since=args.since,
        until=args.until,
        unit=unit,
        progress=Progress("cases"),
    )
    with translation.override("en" if args.lang == "en" else "zh-hans"):
        if args.json:
            about = {"from": args.since.isoformat(), "to": args.until.isoformat(), "unit": args.unit}
            print_json(as_json(found, pack, **about))
        else:
            print(as_text(found, pack))
    return 0
