"""What the API does because time passes."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.api.idempotency import forget_old
from huiyin.core.ticking import ticks


@ticks("api.idempotency", every=timedelta(hours=1))
def forget_answers(now: datetime) -> int:
    """Answers are kept for seven days."""
    return forget_old(now)
