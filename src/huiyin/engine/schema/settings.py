"""Values that a document leaves open, filled in before the tables are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MARK = "setting:"


def filled_in(data: Any) -> Any:
    """The pack with every `setting:name` replaced by that setting's value. An unknown one stays, and is then
    no limit, no post, nothing that its place could take."""
    if not isinstance(data, Mapping) or not isinstance(data.get("setting"), list):
        return data
    rows = [row for row in data["setting"] if isinstance(row, Mapping)]
    values = {f"{MARK}{row.get('name')}": row.get("value") for row in rows}
    return {key: table if key == "setting" else _replaced(table, values) for key, table in data.items()}


def _replaced(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return values.get(value, value)
    if isinstance(value, Mapping):
        return {key: _replaced(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, values) for inner in value]
    return value
