"""Rules that were proposed from a document and that nobody has confirmed: they never come into force."""

from __future__ import annotations

from huiyin.engine import Pack


def unconfirmed_places(pack: Pack) -> list[tuple[str, str]]:
    """(table, name or place) of each."""
    found: list[tuple[str, str]] = []
    for table in Pack.model_fields:
        value = getattr(pack, table)
        rows = value if isinstance(value, list) else [value]
        for number, row in enumerate(rows, 1):
            if getattr(row, "unconfirmed", False):
                names = (getattr(row, name, "") for name in ("name", "code"))
                found.append((table, str(next(filter(None, names), number))))
    return found


def unconfirmed(pack: Pack) -> list[str]:
    """Where they stand: `[clock] answer`, `[gate] 2` …"""
    return [f"[{table}] {name}" for table, name in unconfirmed_places(pack)]
