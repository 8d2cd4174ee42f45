"""`huiyin demo`: a company to look around in, with twelve months behind it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable

from huiyin.cli import serve
from huiyin.cli.common import Progress, migrate, pending_migrations, start_django
from huiyin.core.errors import Conflict

SUMMARY = "make the demonstration company once, and serve it"
LABELS = {"company": "organisation", "households": "2,000 households", "cases": "twelve months of cases"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    serve.add_arguments(parser)
    parser.add_argument("--reset", action="store_true", help="throw the demonstration away and begin anew")
    parser.add_argument("--months", type=int, default=12, help="how many months of past (default 12)")
    parser.add_argument("--build-only", action="store_true", help="make it, do not serve")


def run(args: argparse.Namespace) -> int:
    if args.reset:
        _reset()
    start_django()
    if pending_migrations():
        migrate()
    from huiyin.demo import building
    from huiyin.organization.models import Unit

    if not building.exists():
        if Unit.objects.exists():
            raise Conflict("this database holds a company of your own; the demonstration needs an empty one")
        count = building.build(progress=_show(), months=args.months)
        print(f"The demonstration company has {count} cases.")
    _say(building.sign_ins())
    return 0 if args.build_only else serve.run(args)


def _show() -> Callable[[str, int, int], None]:
    bars: dict[str, Progress] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            print(f"Making {LABELS[what]} …", flush=True)
            bars[what] = Progress(LABELS[what])
        if done:
            bars[what](done, total)

    return show


def _say(sign_ins: list[tuple[str, str, str]]) -> None:
    print("\nSign in as one of these (the demonstration's password is the same for all):")
    for post, username, password in sign_ins:
        print(f"  {post:<8}\t{username:<14}\t{password}")
    sys.stdout.flush()


def _reset() -> None:
    """Remove the demonstration's data folder; never a database that is configured elsewhere."""
    from huiyin.config.environment import environment

    found = environment()
    if found.database_url:
        raise Conflict("--reset only removes an embedded database; HUIYIN_DATABASE_URL is set")
    if found.data_dir.is_dir():
        shutil.rmtree(found.data_dir)
