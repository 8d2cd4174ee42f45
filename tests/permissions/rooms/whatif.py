"""Replays are for whoever looks after procedures."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.permissions.model import Row, World, only

from huiyin.core import clock
from huiyin.whatif.models import Replay


def build(world: World) -> None:
    world.made["replay"] = Replay.objects.create(
        company=world.small.root,
        title="A/1",
        pack={},
        since=date(2026, 1, 1),
        until=date(2026, 1, 31),
        asked_by="林芳",
        asked_at=clock.now(),
    )


def _replay(world: World) -> dict[str, Any]:
    return {"uuid": world.made["replay"].uuid}


ROWS = [
    Row("whatif:index", get=only("quality", status=200), post=only("quality", status=422)),
    Row("whatif:detail", kwargs=_replay, get=only("quality", status=200, other_site=403, other_company=403)),
]
