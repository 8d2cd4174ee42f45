"""The order of a simulation's output: by time, then case, then input line; triggers after the cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from huiyin.engine.types import Effect


class Line(NamedTuple):
    """An effect, whether time alone brought it, and the input line that did where one did."""

    effect: Effect
    by_time: bool
    line: int


def in_order(lines: Iterable[Line]) -> list[Effect]:
    """Stable, so that effects of one event keep the order the engine gave them."""
    return [line.effect for line in sorted(lines, key=_key)]


def _key(line: Line) -> tuple[datetime, bool, str, bool, int]:
    effect = line.effect
    return effect.at, effect.case is None, effect.case or "", line.by_time, 0 if line.by_time else line.line
