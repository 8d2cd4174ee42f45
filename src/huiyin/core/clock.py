"""The one place that reads the machine's clock. Everything else takes time as an argument."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, to the second: the precision the engine and its output keep."""
    return timezone.localtime().replace(microsecond=0)


def today() -> date:
    return timezone.localdate()
