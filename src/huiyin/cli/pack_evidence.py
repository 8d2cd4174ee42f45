"""`huiyin pack evidence CODE --from DAY --to DAY`: how each clause was followed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from huiyin.cli.common import print_json
from huiyin.cli.pack_replay import day
from huiyin.core.errors import InvalidInput, NotFound


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", metavar="CODE", help="code of an installed procedure")
    parser.add_argument("--from", dest="since", metavar="DAY", required=True, type=day)
    parser.add_argument("--to", dest="until", metavar="DAY", required=True, type=day, help="included")
    parser.add_argument("--unit", metavar="CODE", help="only this unit and those below it")
    parser.add_argument("--company", metavar="CODE", help="code of the company, where there are several")
    parser.add_argument("--xlsx", metavar="FILE", type=Path, help="write figures and cases there")


def run(args: argparse.Namespace) -> int:
    from huiyin.cli.pack import company_of

    company = company_of(args.company)
    from django.utils import translation

    from huiyin.evidence.whole import evidence_of
    from huiyin.evidence.workbook import evidence_workbook
    from huiyin.organization.models import Unit
    from huiyin.organization.selectors import subtree_ids
    from huiyin.procedures.models import Edition

    unit = Unit.objects.filter(company=company, code=args.unit).first() if args.unit else company
    if unit is None:
        raise InvalidInput(f"there is no unit {args.unit}")
    rows = Edition.objects.filter(company=company, procedure__code=args.pack, state="effective")
    edition = rows.select_related("procedure").order_by("effective_from").last()
    if edition is None:
        raise NotFound(f"no procedure {args.pack} is in force")
    with translation.override("en" if args.lang == "en" else "zh-hans"):
        whole = evidence_of(edition, args.since, args.until, subtree_ids(unit))
        if args.xlsx:
            args.xlsx.write_bytes(evidence_workbook(f"{edition} {args.since} – {args.until}", whole))
        lines = [_line(one) for one in whole.lines]
        if args.json:
            print_json(lines)
        else:
            for one in lines:
                print("\t".join(str(value) for value in one.values()))
    return 0


def _line(one: Any) -> dict[str, Any]:
    return {
        "clause": one.id,
        "title": one.title,
        "proof": one.proof,
        **dict(one.figures),
        "statements": one.statements,
    }
