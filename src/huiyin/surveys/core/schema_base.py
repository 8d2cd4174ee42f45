"""What every table of a survey plan shares."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from huiyin.engine.durations import is_duration

OPERATORS = ("above", "at_least", "below", "at_most", "not", "given", "older_than", "at_least_old")


class Part(BaseModel):
    """A table of a plan. A key that is not named here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Part):
    """A table that the procedure demands. `clause` empty: the clause of the survey itself."""

    clause: str = ""


def _match(table: dict[str, Any]) -> dict[str, Any]:
    for value in table.values():
        if isinstance(value, dict):
            if not value or set(value) - set(OPERATORS):
                raise ValueError("condition")
            for name in ("older_than", "at_least_old"):
                if name in value and not _calendar(value[name]):
                    raise ValueError("window")
        if isinstance(value, list) and not value:
            raise ValueError("condition")
    return table


def _calendar(text: Any) -> bool:
    return (
        isinstance(text, str)
        and is_duration(text)
        and text.endswith(("d", "w", "mo", "y"))
        and "wd" not in text
    )


def _span(text: str) -> str:
    if not is_duration(text):
        raise ValueError("duration")
    return text


Match = Annotated[dict[str, Any], AfterValidator(_match)]
"""Column to value, list of values, or {above, at_least, below, at_most, not, given, older_than,
at_least_old}.
"""
Span = Annotated[str, AfterValidator(_span)]
Share = Annotated[Decimal, Field(gt=0, le=1)]
"""A fraction, exact: 0.05 is one twentieth."""
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\-]+$")]
