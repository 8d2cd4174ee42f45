"""What the journal does by itself: seals, and verifications asked for on a page."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.config.environment import environment
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import enqueue, handles
from huiyin.core.ticking import ticks
from huiyin.journal.checks import run_check
from huiyin.journal.models import Seal
from huiyin.journal.seals import mail_deposit, seal


@ticks("journal.seal", every=timedelta(hours=1))
def seal_hourly(now: datetime) -> int:
    """A seal an hour where there is something new, sent out of reach where the operator named addresses."""
    made = seal(now)
    _ask_for_mail()
    return 0 if made is None else 1


def _ask_for_mail() -> None:
    """Of the latest seal, whoever made it: asked for twice, it is sent once."""
    last = Seal.objects.order_by("number").last()
    if last is not None and _addresses():
        enqueue(key=f"journal.seal:{last.number}", topic="journal.seal_mail", payload={"seal": last.number})


def _addresses() -> list[str]:
    return [one.strip() for one in environment().seal_mail.split(",") if one.strip()]


@handles("journal.seal_mail")
def send_seal(row: OutboxRow) -> None:
    """The same seal sent twice is the same line: whoever keeps them notices no difference."""
    one = Seal.objects.filter(number=row.payload["seal"]).first()
    if one is not None and _addresses():
        mail_deposit(one, _addresses())


@handles("journal.check", sends=False)
def check(row: OutboxRow) -> None:
    run_check(int(row.payload["check"]))
