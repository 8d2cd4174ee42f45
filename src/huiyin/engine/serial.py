"""Standing to plain JSON and back, exactly."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from huiyin.engine.types import Approval, Assessment, Breach, Clock, Entry, Required, Slip, Standing

T = TypeVar("T")
_SCALARS = frozenset({str, int, bool})
_TIMES = frozenset(
    [
        "registered_at",
        "at",
        "round_at",
        "closed_at",
        "paused_at",
        "started",
        "due",
        "warn_at",
        "stopped",
        "breached_due",
        "limit_due",
        "since",
        "issued_at",
    ]
)
_PARTS: dict[str, type[Any]] = {
    "clocks": Clock,
    "required": Required,
    "entries": Entry,
    "slips": Slip,
    "approvals": Approval,
    "breaches": Breach,
    "assessments": Assessment,
}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


@cache
def _plan(kind: Hashable) -> tuple[tuple[str, Any, bool, bool], ...]:
    """(name, default, whether an empty value is the default, whether it holds parts) of each field."""
    return tuple(
        (item.name, item.default, item.default_factory is not MISSING, item.name in _PARTS)
        for item in fields(cast(Any, kind))
    )


def to_plain(part: Any) -> dict[str, Any]:
    """Any of the engine's records as JSON data; what has its default value is left out."""
    found: dict[str, Any] = {}
    for name, default, made, parts in _plan(cast(Hashable, type(part))):
        value = getattr(part, name)
        if (default is not MISSING and value == default) or (made and not value):
            continue
        if value is None or type(value) in _SCALARS:
            found[name] = value
        else:
            found[name] = [to_plain(one) for one in value] if parts else _plain(value)
    return found


def standing_to_dict(standing: Standing) -> dict[str, Any]:
    """JSON data; times as ISO text with their offset."""
    return to_plain(standing)


def _times(data: Mapping[str, Any], read: Callable[[str], datetime]) -> dict[str, Any]:
    return {key: read(value) if key in _TIMES and value is not None else value for key, value in data.items()}


def _part(kind: type[T], data: Mapping[str, Any], read: Callable[[str], datetime]) -> T:
    values = _times(data, read)
    if "pauses" in values:
        values["pauses"] = tuple((read(a), None if b is None else read(b)) for a, b in values["pauses"])
    if "waiting_for" in values:
        values["waiting_for"] = tuple(values["waiting_for"])
    return kind(**values)


def standing_from_dict(data: Mapping[str, Any]) -> Standing:
    """The standing that `standing_to_dict` wrote. Raises TypeError or ValueError on anything else."""
    values = _times(data, datetime.fromisoformat)
    for name, kind in _PARTS.items():
        if name in values:
            values[name] = tuple(_part(kind, one, datetime.fromisoformat) for one in values[name])
    if "judges" in values:
        values["judges"] = tuple(values["judges"])
    return Standing(**values)
