"""Clocks and drafts as time passes."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.cases.drafts import forget_old_drafts
from huiyin.cases.draws import draw_visits
from huiyin.cases.recording import advance_due
from huiyin.core.ticking import ticks

# Acting exactly at the due time is in time: events come before what time brings in the same second.
GRACE = timedelta(seconds=1)


@ticks("cases.clocks", lease=timedelta(minutes=1))
def run_clocks(now: datetime) -> int:
    """Warnings and breaches that are due, also those missed while nothing was running."""
    return advance_due(now - GRACE)


@ticks("cases.drafts", every=timedelta(hours=6))
def forget_drafts(now: datetime) -> int:
    """Unfinished registrations that nobody came back to, and the files that came for them."""
    return forget_old_drafts(now)


@ticks("cases.visits", every=timedelta(hours=1))
def draw_the_visits(now: datetime) -> int:
    """The return visits that a period which is over demands."""
    return draw_visits(now)
