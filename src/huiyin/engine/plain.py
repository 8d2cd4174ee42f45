"""An event's fields as plain JSON data: times in the pack's zone, amounts as decimal text, of free text only
that it was given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from huiyin.engine.calendar import Calendar
from huiyin.engine.errors import EngineError
from huiyin.engine.procedure import Procedure
from huiyin.engine.types import Event
from huiyin.engine.vocabulary import NEEDED_FIELDS

_LEFT_OUT = frozenset({"recorded_at", "id"})


def plain_event(event: Event, at: datetime, procedure: Procedure, calendar: Calendar) -> Event:
    """Raises EngineError where the event is unknown, a needed field is missing or a value cannot be read."""
    fields = procedure.fields.get(event.name)
    if fields is None:
        raise EngineError(
            f"unknown event {event.name!r}", code="unknown_event", line=event.line, event=event.name
        )
    data: dict[str, Any] = {}
    for name, value in event.data.items():
        if name in _LEFT_OUT:
            continue
        kind = fields.get(name)
        if kind is None:
            continue
        if value is None or isinstance(kind, tuple) or kind == "code":
            data[name] = value
        else:
            data[name] = _plain(name, kind, value, calendar, event.line)
    if "form" in data and (slip := procedure.slips.get(data["form"])) is not None:
        data["form"] = slip.code
    for name in NEEDED_FIELDS.get(event.name, ()):
        if data.get(name) is None:
            raise EngineError(f"{event.name} needs {name}", code="missing_field", line=event.line, field=name)
    return Event(event.name, at, event.case, data, event.actor, event.post, event.historic, event.line)


def _plain(name: str, kind: str, value: Any, calendar: Calendar, line: int) -> Any:
    if kind == "text":
        return bool(value)
    if kind == "time":
        return read_time(value, name, line, calendar).isoformat()
    if kind == "amount":
        return str(read_amount(value, name, line))
    if kind == "codes":
        return list(value)
    return value


def read_time(value: Any, name: str, line: int, calendar: Calendar) -> datetime:
    """A time with its offset, in the pack's zone. Raises EngineError."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise EngineError(f"{name} is no time: {value!r}", code="time", line=line, field=name) from None
    if at.tzinfo is None:
        raise EngineError(f"{name} has no offset: {value!r}", code="offset", line=line, field=name)
    return calendar.local(at)


def read_amount(value: Any, name: str, line: int) -> Decimal:
    """A decimal amount, not negative. Raises EngineError."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        raise EngineError(f"{name} is no amount: {value!r}", code="amount", line=line, field=name)
    return amount


def kept(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event stays in the facts of a case: everything but what was taken back."""
    return {name: value for name, value in data.items() if value is not None}
