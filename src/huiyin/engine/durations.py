"""Limits as they are written in a pack: `30min`, `2h`, `4sh`, `2wd`, `5d`, `1mo`, `1y`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from huiyin.engine.errors import EngineError

_PATTERN = re.compile(r"([0-9]{1,4})(min|sh|wd|mo|h|d|w|y)")
_LONGEST = 1200
"""Months: a hundred years are beyond any procedure, and still within the dates there are."""

_SECONDS = {"min": 60, "h": 3600, "sh": 3600}


@dataclass(frozen=True, slots=True)
class Duration:
    """`count` of `unit`: min and h run round the clock, sh counts service hours, wd working days, d and w
    calendar days, mo and y calendar months."""

    text: str
    count: int
    unit: str

    @property
    def seconds(self) -> int:
        """Of min, h and sh only."""
        return self.count * _SECONDS[self.unit]

    @property
    def elapsed(self) -> bool:
        return self.unit in ("min", "h")


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> Duration:
    """Raises EngineError for anything that is no duration; a count of zero is none."""
    match = _PATTERN.fullmatch(text)
    if not match or not is_duration(text):
        raise EngineError(f"no duration: {text!r}", code="duration", text=text)
    count, unit = int(match[1]), match[2]
    if unit == "w":
        count, unit = count * 7, "d"
    if unit == "y":
        count, unit = count * 12, "mo"
    return Duration(text, count, unit)


def is_duration(text: str) -> bool:
    match = _PATTERN.fullmatch(text)
    return match is not None and int(match[1]) > 0 and _months(match) <= _LONGEST


def _months(match: re.Match[str]) -> int:
    return int(match[1]) * {"mo": 1, "y": 12}.get(match[2], 0)
