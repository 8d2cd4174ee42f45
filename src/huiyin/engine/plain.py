"""An event's fields as plain JSON data: times in the pack's zone, amounts as decimal text, of free text only
that it was given."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.engine.calendar import Calendar
from huiyin.engine.daytable import FIRST_YEAR, LAST_YEAR
from huiyin.engine.errors import EngineError
from huiyin.engine.procedure import Procedure
from huiyin.engine.types import Event
from huiyin.engine.vocabulary import NEEDED_FIELDS

_LEFT_OUT = frozenset({"recorded_at", "id", "uuid"})
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?")
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80


def shown(value: Any) -> str:
    """A wrong value as an error quotes it: on one line, and not by the page."""
    return _SHORT.repr(value)


def plain_event(event: Event, at: datetime, procedure: Procedure, calendar: Calendar) -> Event:
    """Raises EngineError where the event is unknown, a needed field is missing or a value cannot be read."""
    fields = procedure.fields.get(event.name)
    if fields is None:
        raise EngineError(
            f"unknown event {shown(event.name)}", code="unknown_event", line=event.line, event=event.name
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
        return f"{read_amount(value, name, line):f}"
    if kind == "codes":
        return list(value)
    return value


def read_time(value: Any, name: str, line: int, calendar: Calendar) -> datetime:
    """A time with its offset, in the pack's zone. Raises EngineError."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise EngineError(f"{name} is no time: {shown(value)}", code="time", line=line, field=name) from None
    if at.tzinfo is None:
        raise EngineError(f"{name} has no offset: {shown(value)}", code="offset", line=line, field=name)
    if not FIRST_YEAR < at.year < LAST_YEAR:
        message = f"{name} lies outside the years that the calendar covers: {shown(value)}"
        raise EngineError(message, code="time", line=line, field=name)
    return calendar.local(at)


def read_amount(value: Any, name: str, line: int) -> Decimal:
    """A decimal amount, not negative, in plain digits or as a JSON number. Raises EngineError."""
    text = f"{Decimal(repr(value)):f}" if isinstance(value, float) and abs(value) < 1e15 else str(value)
    if isinstance(value, bool | list | dict) or not _AMOUNT.fullmatch(text):
        raise EngineError(f"{name} is no amount: {shown(value)}", code="amount", line=line, field=name)
    return Decimal(text)


def kept(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event stays in the facts of a case: everything but what was taken back."""
    return {name: value for name, value in data.items() if value is not None}
