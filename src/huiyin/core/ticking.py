"""What happens because time passes: rooms register functions, a ticker calls them.

A function gets the present moment and does everything that is due by then, whatever was missed before; it
returns how much it did, and must bear being called again. Where two tickers run at once, the lease lets only
one of them into a function.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from huiyin.core import clock
from huiyin.core.models import Ticking
from huiyin.core.registry import load_tasks

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)

Function = Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class _Recurring:
    function: Function
    every: timedelta | None
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Ran:
    """What one function did at a tick; `error` is empty where it went well."""

    name: str
    done: int
    seconds: float
    error: str = ""


_recurring: dict[str, _Recurring] = {}


def ticks(
    name: str, *, every: timedelta | None = None, lease: timedelta = LEASE
) -> Callable[[Function], Function]:
    """Register a function for every tick, or for the first tick after each span.

    `lease`: after this long another machine takes the function to have died at it. Short where the function
    bears running twice at once, since after a crash it stands still for so long.
    """

    def register(function: Function) -> Function:
        _recurring[name] = _Recurring(function, every, lease)
        return function

    return register


def run_tick(now: datetime | None = None) -> list[Ran]:
    """Call everything that is due. One function that fails does not keep the others from running."""
    load_tasks()
    moment = now or clock.now()
    ran = (_run(name, recurring, moment) for name, recurring in list(_recurring.items()))
    return [one for one in ran if one is not None]


def _run(name: str, recurring: _Recurring, moment: datetime) -> Ran | None:
    if not _claim(name, recurring, moment):
        return None
    began = time.monotonic()
    try:
        done, error = recurring.function(moment), ""
    except Exception as problem:
        log.exception("tick %s failed", name)
        if connection.in_atomic_block and connection.needs_rollback:
            raise
        done, error = 0, f"{type(problem).__name__}: {problem}"[:2000]
    Ticking.objects.filter(name=name).update(
        leased_until=None, last_error=error, last_ran_at=F("last_ran_at") if error else moment
    )
    return Ran(name, done, time.monotonic() - began, error)


def _claim(name: str, recurring: _Recurring, moment: datetime) -> bool:
    """Take the lease, in one statement so that only one of two takes it."""
    present = clock.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=present)
    every = recurring.every
    due = Q(last_ran_at__isnull=True) | Q(last_ran_at__lte=moment - every) if every else Q()
    until = present + recurring.lease
    with transaction.atomic():
        Ticking.objects.bulk_create([Ticking(name=name)], ignore_conflicts=True)
        return bool(Ticking.objects.filter(free, due, name=name).update(leased_until=until))
