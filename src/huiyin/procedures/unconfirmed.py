"""Rules that were proposed from a document and that nobody has confirmed: they never come into force."""

from __future__ import annotations

from huiyin.engine import Pack
from huiyin.engine.schema.base import Rule


def unconfirmed(pack: Pack) -> list[str]:
    """Where they stand: `[clock] answer`, `[gate] 2` …"""
    found: list[str] = []
    for table in Pack.model_fields:
        value = getattr(pack, table)
        rows = value if isinstance(value, list) else [value]
        for number, row in enumerate(rows, 1):
            if isinstance(row, Rule) and row.unconfirmed:
                names = (getattr(row, name, "") for name in ("name", "code"))
                found.append(f"[{table}] {next(filter(None, names), number)}")
    return found
