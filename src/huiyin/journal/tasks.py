"""What the journal does by itself: seals, and verifications asked for on a page."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.core.models import OutboxRow
from huiyin.core.outbox import handles
from huiyin.core.ticking import ticks
from huiyin.journal.checks import run_check
from huiyin.journal.seals import seal


@ticks("journal.seal", every=timedelta(hours=1))
def seal_hourly(now: datetime) -> int:
    """A seal an hour where there is something new."""
    return 0 if seal(now) is None else 1


@handles("journal.check", sends=False)
def check(row: OutboxRow) -> None:
    run_check(int(row.payload["check"]))
