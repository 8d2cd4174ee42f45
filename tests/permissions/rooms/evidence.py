"""Evidence is for those who report on units or audit them; statements are by those who report."""

from __future__ import annotations

from typing import Any

from tests.permissions.model import Row, World, only

REPORTERS = ("service_supervisor", "department_head", "deputy_general_manager", "general_manager", "quality")


def _edition(world: World) -> dict[str, Any]:
    return {"edition": world.made["edition"].pk}


ROWS = [
    Row(
        "evidence:procedure",
        kwargs=_edition,
        get=only(*REPORTERS, "auditor", status=200, other_site=200, other_company=404),
    ),
    Row(
        "evidence:state",
        kwargs=lambda world: {**_edition(world), "clause": "7.1.4"},
        data=lambda world: {"since": "2026-01-01", "until": "2026-01-31", "unit": "A", "text": "存档"},
        post=only(*REPORTERS, "auditor", status=302, other_site=403, other_company=404),
    ),
]
