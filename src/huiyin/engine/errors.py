"""The one error of the engine. Rooms above turn it into their own."""

from __future__ import annotations

from typing import Any


class EngineError(ValueError):
    """Input that no procedure could make sense of.

    `code` is for programs, `params` fill the sentence, `str(error)` is one line. `line` is the input line of
    a simulation, 0 where there is none.
    """

    def __init__(self, message: str, *, code: str = "invalid", line: int = 0, **params: Any) -> None:
        super().__init__(message if not line else f"line {line}: {message}")
        self.message = message
        self.code = code
        self.line = line
        self.params = params


class CalendarRangeError(EngineError):
    """A date lies outside the years that the calendar covers."""
