"""What the ground does by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.core.files import remove_orphans
from huiyin.core.models import OutboxRow
from huiyin.core.ticking import ticks

KEEP_DONE = timedelta(days=30)
KEEP_KEYS = timedelta(days=400)


@ticks("core.orphans", every=timedelta(hours=6))
def clean_files(now: datetime) -> int:
    return remove_orphans(now)


@ticks("core.outbox_done", every=timedelta(hours=6))
def clean_outbox(now: datetime) -> int:
    """What was sent is forgotten after a month; the keys stay longer, so that nothing is asked for twice."""
    done = OutboxRow.objects.filter(done_at__lt=now - KEEP_DONE).exclude(payload={})
    emptied = OutboxRow.objects.filter(pk__in=list(done.values_list("pk", flat=True)[:5000])).update(
        payload={}
    )
    old = OutboxRow.objects.filter(done_at__lt=now - KEEP_KEYS).values_list("pk", flat=True)
    return emptied + OutboxRow.objects.filter(pk__in=list(old[:5000])).delete()[0]
