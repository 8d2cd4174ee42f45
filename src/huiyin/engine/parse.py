"""From an input line to an event, checked against the vocabulary and the pack."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from huiyin.engine.calendar import Calendar
from huiyin.engine.errors import EngineError
from huiyin.engine.plain import read_amount, read_time, shown
from huiyin.engine.procedure import Procedure
from huiyin.engine.types import Event
from huiyin.engine.vocabulary import NEEDED_FIELDS, OPEN_WORDS

_HEAD = frozenset({"at", "case", "event", "actor", "post", "historic"})
_MAY_BE_TAKEN_BACK = frozenset({"amended"})
_LISTED = 12


def event_from_dict(
    line: Mapping[str, Any], procedure: Procedure, calendar: Calendar, number: int = 0
) -> Event:
    """The event of one input line. Raises EngineError naming line `number`.

    A channel or category that neither vocabulary nor pack lists is taken as a word: nothing fixes which
    there are. Pages, API and import, which record for a company, go by its lists (`check_event`).
    """
    if not isinstance(line, Mapping):
        raise EngineError("not an object", code="malformed", line=number)
    case, name = line.get("case"), line.get("event")
    for key, value in (("case", case), ("event", name)):
        if value is None or value == "":
            raise EngineError(f"no {key}", code="missing_field", line=number, field=key)
        if not isinstance(value, str):
            raise EngineError(
                f"{key} is no word: {shown(value)}", code="unknown_value", line=number, field=key
            )
    if "at" not in line:
        raise EngineError("no time: at", code="missing_field", line=number, field="at")
    for key in ("actor", "post"):
        if line.get(key) is not None and not isinstance(line[key], str):
            raise EngineError(
                f"{key} is no word: {shown(line[key])}", code="unknown_value", line=number, field=key
            )
    historic = line.get("historic", False)
    if not isinstance(historic, bool):
        raise EngineError(
            "historic is neither true nor false", code="unknown_value", line=number, field="historic"
        )
    at = read_time(line["at"], "at", number, calendar)
    data = {key: value for key, value in line.items() if key not in _HEAD}
    event = Event(str(name), at, str(case), data, line.get("actor"), line.get("post"), historic, number)
    check_event(event, procedure, calendar, words=OPEN_WORDS)
    return event


def check_event(
    event: Event, procedure: Procedure, calendar: Calendar, *, words: frozenset[str] = frozenset()
) -> None:
    """Raises EngineError for an unknown event, field, value or post, or a field that is missing.

    Of the fields in `words` any word will do.
    """
    fields = procedure.fields.get(event.name)
    if fields is None:
        raise EngineError(
            f"unknown event {shown(event.name)}", code="unknown_event", line=event.line, event=event.name
        )
    if event.post is not None and not event.historic and event.post not in procedure.posts:
        message = f"unknown post {shown(event.post)}"
        raise EngineError(message, code="unknown_value", line=event.line, field="post")
    for name, value in event.data.items():
        kind = fields.get(name)
        if kind is None:
            message = f"{event.name} has no field {shown(name)}"
            raise EngineError(message, code="unknown_field", line=event.line, field=name)
        if value is None and (
            event.name in _MAY_BE_TAKEN_BACK or name not in NEEDED_FIELDS.get(event.name, ())
        ):
            continue
        _check_value(name, "code" if name in words else kind, value, event, calendar)
    for name in NEEDED_FIELDS.get(event.name, ()):
        if event.data.get(name) is None:
            raise EngineError(f"{event.name} needs {name}", code="missing_field", line=event.line, field=name)


def _check_value(
    name: str, kind: str | tuple[str, ...], value: Any, event: Event, calendar: Calendar
) -> None:
    line = event.line
    if isinstance(kind, tuple):
        good = isinstance(value, str) and value in kind
    elif kind == "time":
        read_time(value, name, line, calendar)
        return
    elif kind == "amount":
        read_amount(value, name, line)
        return
    elif kind == "flag":
        good = isinstance(value, bool)
    elif kind == "number":
        good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    elif kind == "codes":
        good = isinstance(value, list) and all(isinstance(item, str) for item in value)
    else:
        good = isinstance(value, str)
    if not good:
        message = f"{name} cannot be {shown(value)}"
        if isinstance(kind, tuple) and 0 < len(kind) <= _LISTED:
            message += f" (one of: {', '.join(kind)})"
        raise EngineError(message, code="unknown_value", line=line, field=name, value=str(value))
