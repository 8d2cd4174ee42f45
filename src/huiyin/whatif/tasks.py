"""Replays are done after commit, by whoever works."""

from __future__ import annotations

from huiyin.core import clock
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import LEASE, handles
from huiyin.whatif.services import TOPIC, run_replay


@handles(TOPIC, sends=False)
def work(row: OutboxRow) -> None:
    def still_at_it() -> None:
        OutboxRow.objects.filter(pk=row.pk).update(leased_until=clock.now() + LEASE)

    run_replay(int(row.payload["replay"]), still_at_it)
