"""The outbox: rows with a unique key and a lease. A crashed worker's work is taken over after its lease.

A room registers a handler for a topic with `@handles("topic")`; the handler must bear being called twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from huiyin.core import clock
from huiyin.core.models import OutboxRow

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
ATTEMPTS = 12

Handler = Callable[[OutboxRow], None]
_handlers: dict[str, Handler] = {}


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register the handler of a topic."""

    def register(function: Handler) -> Handler:
        _handlers[topic] = function
        return function

    return register


def enqueue(
    *, key: str, topic: str, payload: Mapping[str, Any], company_id: int | None = None, at: datetime | None = None
) -> None:
    """Ask for work in the caller's transaction. The same key twice is one piece of work."""
    moment = clock.now()
    OutboxRow.objects.bulk_create(
        [
            OutboxRow(
                key=key,
                topic=topic,
                payload=dict(payload),
                company_id=company_id,
                created_at=moment,
                available_at=at or moment,
            )
        ],
        ignore_conflicts=True,
    )


def retry_after(attempts: int) -> timedelta:
    """10 s, 20 s, 40 s … at most 6 hours."""
    return min(timedelta(seconds=10 * 2 ** max(0, attempts - 1)), timedelta(hours=6))


def deliver_due(*, limit: int = 100) -> int:
    """Take due rows and hand each to its handler; returns how many were taken."""
    taken = 0
    while taken < limit and (row := _take()) is not None:
        taken += 1
        _deliver(row)
    return taken


def _take() -> OutboxRow | None:
    moment = clock.now()
    with transaction.atomic():
        rows = OutboxRow.objects.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=moment),
            done_at__isnull=True,
            given_up_at__isnull=True,
            available_at__lte=moment,
            topic__in=list(_handlers),
        ).order_by("available_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        row = rows.first()
        if row is None:
            return None
        row.leased_until = moment + LEASE
        row.attempts += 1
        row.save(update_fields=["leased_until", "attempts"])
        return row


def _deliver(row: OutboxRow) -> None:
    try:
        _handlers[row.topic](row)
    except Exception as error:
        log.warning("outbox %s failed at attempt %d: %s", row.key, row.attempts, error)
        moment = clock.now()
        row.last_error = f"{type(error).__name__}: {error}"[:2000]
        row.leased_until = None
        row.available_at = moment + retry_after(row.attempts)
        if row.attempts >= ATTEMPTS:
            row.given_up_at = moment
        row.save(update_fields=["last_error", "leased_until", "available_at", "given_up_at"])
        return
    OutboxRow.objects.filter(pk=row.pk).update(done_at=clock.now(), leased_until=None, last_error="")
