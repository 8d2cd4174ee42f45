"""`huiyin work`: the outbox, on a machine of its own. Several may run; the lease keeps them apart."""

from __future__ import annotations

import argparse
import signal
import threading

from huiyin.cli.background import loop, work_once
from huiyin.cli.common import require_migrated, start_django

SUMMARY = "do the work that waits: sending, documents, large checks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="stop when nothing is waiting")


def run(args: argparse.Namespace) -> int:
    start_django()
    require_migrated()
    if args.once:
        from huiyin.core.outbox import deliver_due

        taken = 0
        while done := deliver_due():
            taken += done
        print(f"{taken} taken")
        return 0
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    print("working; Ctrl-C stops", flush=True)
    loop(work_once, stopping)
    return 0
