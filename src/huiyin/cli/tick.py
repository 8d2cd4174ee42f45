"""`huiyin tick`: everything that is due by time, once. For a scheduler where `serve` does not run."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime

from huiyin.cli.common import print_json, require_migrated, start_django
from huiyin.core.errors import InvalidInput

SUMMARY = "do once what is due by time"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", metavar="TIME", help="as if it were this moment, such as 2026-12-31T00:00:00+08:00"
    )
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(args: argparse.Namespace) -> int:
    start_django()
    require_migrated()
    from huiyin.core import clock
    from huiyin.core.outbox import deliver_due
    from huiyin.core.ticking import run_tick

    moment = _moment(args.at) if args.at else clock.now()
    with clock.pretend(moment):
        ran = run_tick(moment)
        delivered = deliver_due(limit=1000)
    if args.json:
        print_json({"ran": [asdict(one) for one in ran], "delivered": delivered})
    else:
        for one in ran:
            print(f"{one.name}: {one.error or one.done}")
        print(f"outbox: {delivered} taken")
    return 1 if any(one.error for one in ran) else 0


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"{text!r} is not a time") from error
    if moment.tzinfo is None:
        raise InvalidInput(f"{text!r} has no zone: add +08:00")
    return moment
