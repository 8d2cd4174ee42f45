"""The way up and down the organisation's tree: one plain statement each, since every event asks for it."""

from __future__ import annotations

from django.db import connection

_UP = (
    "WITH RECURSIVE up (id, parent_id, kind, depth) AS ("
    " SELECT id, parent_id, kind, 0 FROM organization_unit WHERE id = %s AND company_id = %s"
    " UNION ALL SELECT one.id, one.parent_id, one.kind, up.depth + 1"
    " FROM organization_unit one JOIN up ON one.id = up.parent_id)"
    " SELECT id, kind FROM up ORDER BY depth"
)
_DOWN = (
    "WITH RECURSIVE down (id) AS ("
    " SELECT id FROM organization_unit WHERE id = %s"
    " UNION ALL SELECT one.id FROM organization_unit one JOIN down ON one.parent_id = down.id)"
    " SELECT id FROM down"
)


def upward(unit_id: int, *, company_id: int) -> list[tuple[int, str]]:
    """(id, kind) of the unit and of those above it, nearest first; empty for another company."""
    with connection.cursor() as cursor:
        cursor.execute(_UP, [unit_id, company_id])
        return [(int(pk), str(kind)) for pk, kind in cursor.fetchall()]


def upward_ids(unit_id: int, *, company_id: int) -> list[int]:
    return [pk for pk, _kind in upward(unit_id, company_id=company_id)]


def subtree(unit_id: int) -> frozenset[int]:
    """The unit and everything below it."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, [unit_id])
        return frozenset(int(pk) for (pk,) in cursor.fetchall())
