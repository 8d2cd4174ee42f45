"""The outbox: rows with a unique key and a lease. A crashed worker's work is taken over after its lease.

A room registers a handler for a topic with `@handles("topic")`; the handler must bear being called twice.
A topic sends something out of the house unless it says `sends=False`; after a restore from a backup all
sending is on hold, because what is waiting may have been sent by the installation that was backed up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from huiyin.core import clock
from huiyin.core.models import Mark, OutboxRow
from huiyin.core.registry import load_tasks
from huiyin.core.wake import nudge

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
ATTEMPTS = 12
HOLD = "sending_on_hold"

Handler = Callable[[OutboxRow], None]
_handlers: dict[str, Handler] = {}
_inward: set[str] = set()


def handles(topic: str, *, sends: bool = True) -> Callable[[Handler], Handler]:
    """Register the handler of a topic."""

    def register(function: Handler) -> Handler:
        _handlers[topic] = function
        if not sends:
            _inward.add(topic)
        return function

    return register


def enqueue(
    *,
    key: str,
    topic: str,
    payload: Mapping[str, Any],
    company_id: int | None = None,
    at: datetime | None = None,
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
    if at is None or at <= moment:
        transaction.on_commit(nudge)


def retry_after(attempts: int) -> timedelta:
    """10 s, 20 s, 40 s … at most 6 hours."""
    return min(timedelta(seconds=10 * 2 ** max(0, attempts - 1)), timedelta(hours=6))


def deliver_due(*, limit: int = 100) -> int:
    """Take due rows and hand each to its handler; returns how many were taken."""
    load_tasks()
    topics = [topic for topic in _handlers if topic in _inward] if on_hold() else list(_handlers)
    taken = 0
    while taken < limit and (row := _take(topics)) is not None:
        taken += 1
        _deliver(row)
    return taken


def on_hold() -> bool:
    return Mark.objects.filter(name=HOLD).exists()


def hold_sending(*, reason: str) -> None:
    Mark.objects.update_or_create(name=HOLD, defaults={"at": clock.now(), "data": {"reason": reason}})


def held() -> QuerySet[OutboxRow]:
    """What waits to be sent out of the house."""
    load_tasks()
    return OutboxRow.objects.filter(done_at__isnull=True, given_up_at__isnull=True).exclude(topic__in=_inward)


def release_held(*, discard: bool = False) -> int:
    """Let sending go on, with or without what waits; returns how many rows wait or were discarded."""
    with transaction.atomic():
        waiting = held().count()
        if discard:
            held().update(given_up_at=clock.now(), last_error="discarded after a restore")
        Mark.objects.filter(name=HOLD).delete()
    return waiting


def stuck() -> QuerySet[OutboxRow]:
    """Rows that were given up, or are overdue although nobody works at them."""
    moment = clock.now()
    late = Q(done_at__isnull=True, given_up_at__isnull=True, available_at__lte=moment - timedelta(minutes=30))
    return OutboxRow.objects.filter(Q(given_up_at__isnull=False, done_at__isnull=True) | late)


def _take(topics: Sequence[str]) -> OutboxRow | None:
    moment = clock.now()
    with transaction.atomic():
        rows = OutboxRow.objects.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lte=moment),
            done_at__isnull=True,
            given_up_at__isnull=True,
            available_at__lte=moment,
            topic__in=topics,
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
