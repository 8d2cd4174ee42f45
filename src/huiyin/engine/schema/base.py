"""What every table of a pack shares."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from huiyin.engine.conditions import OPERATORS
from huiyin.engine.durations import is_duration
from huiyin.engine.vocabulary import EVENTS


class Table(BaseModel):
    """A table of a pack. A key that is not named here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Table):
    """A table that the procedure demands in one of its clauses."""

    clause: str = Field(description="id of the clause that demands this")
    quote: str = Field(default="", description="the words of the document that it comes from")
    unconfirmed: StrictBool = Field(default=False, description="proposed; nobody has confirmed it yet")


def _duration(text: str) -> str:
    if not is_duration(text):
        raise ValueError("duration")
    return text


def _event(name: str) -> str:
    if name not in EVENTS:
        raise ValueError("event")
    return name


def _comparison(value: dict[str, Any]) -> bool:
    """Operators that exist, over bounds that can be compared."""
    bounds = [bound for name, bound in value.items() if name not in ("not", "given")]
    return (
        bool(value)
        and not set(value) - set(OPERATORS)
        and isinstance(value.get("given", True), bool)
        and all(isinstance(bound, int | float) and math.isfinite(bound) for bound in bounds)
        and not any(isinstance(bound, bool) for bound in bounds)
    )


def _condition(table: dict[str, Any]) -> dict[str, Any]:
    for value in table.values():
        if isinstance(value, dict) and not _comparison(value):
            raise ValueError("condition")
        if isinstance(value, list) and not value:
            raise ValueError("condition")
    return table


def _events(value: str | list[str]) -> list[str]:
    return [_event(name) for name in ([value] if isinstance(value, str) else value)]


OF_NEEDS = ("after", "count", "by_post")
"""What a need says beside the fields of its entry."""


def _needs(table: dict[str, Any]) -> dict[str, Any]:
    for name, wanted in table.items():
        _event(name)
        if not isinstance(wanted, dict):
            raise ValueError("condition")
        _condition({key: value for key, value in wanted.items() if key not in OF_NEEDS})
    return table


def _window(text: str) -> str:
    if not is_duration(text) or text.endswith(("sh", "wd")):
        raise ValueError("window")
    return text


WindowText = Annotated[str, AfterValidator(_window)]
DurationText = Annotated[str, AfterValidator(_duration)]
EventName = Annotated[str, AfterValidator(_event)]
EventNames = Annotated[str | list[str], AfterValidator(_events)]
Condition = Annotated[
    dict[str, Any],
    AfterValidator(_condition),
    Field(description="fact name to value, list of values, or {above, at_least, below, at_most, not, given}"),
]
Needs = Annotated[
    dict[str, Any],
    AfterValidator(_needs),
    Field(description="event to a matching table; `after` an event, `count` at least, `by_post` posts"),
]
