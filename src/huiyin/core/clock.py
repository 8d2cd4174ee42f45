"""The one place that reads the machine's clock. Everything else takes time as an argument."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, tzinfo

from django.utils import timezone

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """This moment, aware, to the second: the precision the engine and its output keep."""
    moment = _pretended.get()
    return timezone.localtime(moment).replace(microsecond=0)


def today() -> date:
    return now().date()


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Let it be another time within this block: the demonstration's past, `tick --at`."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


def at(day: date, hour: time, zone: tzinfo | None = None) -> datetime:
    """A wall-clock time of a day, aware, in the zone (the installation's where none is given)."""
    return datetime.combine(day, hour, zone or timezone.get_current_timezone())
