"""`huiyin work`: the outbox, on a machine of its own. Several may run; the lease keeps them apart."""

from __future__ import annotations

import argparse
import signal
import threading
from typing import TYPE_CHECKING

from huiyin.cli.background import loop, start, tick_once, work_once
from huiyin.cli.common import require_migrated, start_django

if TYPE_CHECKING:
    from celery import Celery

SUMMARY = "do the work that waits: sending, documents, large checks"
BETWEEN_LOOKS = 10.0  # seconds; with a broker, only for what its nudges did not bring


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="stop when nothing is waiting")
    parser.add_argument("--tick", action="store_true", help="also do what is due by time, as `serve` does")


def run(args: argparse.Namespace) -> int:
    start_django()
    require_migrated()
    if args.once:
        return _once()
    from huiyin.core.wake import celery_app

    stopping = threading.Event()
    beside = [start(tick_once, stopping)] if args.tick else []
    app = celery_app()
    if app is None:
        _alone(stopping)
    else:
        beside.append(start(_look, stopping))
        _told(app)
    stopping.set()
    for thread in beside:
        thread.join(10)
    return 0


def _once() -> int:
    from huiyin.core.outbox import deliver_due

    taken = 0
    while done := deliver_due():
        taken += done
    print(f"{taken} taken")
    return 0


def _alone(stopping: threading.Event) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    print("working; Ctrl-C stops", flush=True)
    loop(work_once, stopping)


def _look() -> float:
    """What nobody told us of: retries that came due, and what was asked while the broker was away."""
    return 0.0 if work_once() == 0 else BETWEEN_LOOKS


def _told(app: Celery) -> None:
    """A Celery worker of one process, until SIGINT or SIGTERM; the work in hand is finished."""
    from django.db import close_old_connections

    from huiyin.core.wake import TASK

    def deliver() -> None:
        while work_once() == 0:
            pass
        close_old_connections()

    app.task(name=TASK)(deliver)
    print("working, told by the broker; Ctrl-C stops", flush=True)
    worker = app.Worker(
        pool="solo", loglevel="WARNING", without_gossip=True, without_mingle=True, without_heartbeat=True
    )
    try:
        worker.start()
    except SystemExit:
        print("stopped", flush=True)
