"""What happens to procedures as time passes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from huiyin.core.ticking import ticks
from huiyin.procedures.services import bring_into_force


@ticks("procedures.editions", every=timedelta(minutes=5))
def editions_in_force(now: datetime) -> int:
    """An edition that was installed ahead takes over on its day."""
    return bring_into_force(timezone.localtime(now).date())
