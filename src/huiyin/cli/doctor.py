"""`huiyin doctor`: what is not as it should be, and how to mend it. Status 1 where it must."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from huiyin.cli.common import print_json, start_django

SUMMARY = "check the installation and say how to mend what is wrong"
SIGNS = {"good": "ok  ", "warning": "note", "bad": "BAD "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--release-held", action="store_true", help="after a restore: send what waits")
    group.add_argument(
        "--discard-held", action="store_true", help="after a restore: go on without what waits"
    )


def run(args: argparse.Namespace) -> int:
    start_django()
    if args.release_held or args.discard_held:
        return _release(discard=args.discard_held)
    from huiyin.cli.examination import examine

    checks = examine()
    if args.json:
        print_json([asdict(one) for one in checks])
    else:
        for one in checks:
            print(f"{SIGNS[one.state]} {one.name}: {one.found}")
            if one.mend:
                print(f"       {one.mend}")
    return 1 if any(one.state == "bad" for one in checks) else 0


def _release(*, discard: bool) -> int:
    from huiyin.core.outbox import on_hold, release_held

    if not on_hold():
        print("Nothing is on hold.")
        return 0
    waiting = release_held(discard=discard)
    print(f"Sending goes on; {waiting} {'discarded' if discard else 'will be sent'}.")
    return 0
