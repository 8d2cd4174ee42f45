"""The how-manieth time the same problem comes, as a fact for `step`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from huiyin.engine.due import window_before
from huiyin.engine.durations import parse_duration
from huiyin.engine.schema.frame import Repetition

Key = tuple[Any, ...]


def problem_key(rule: Repetition, kind: str, facts: Mapping[str, Any]) -> Key | None:
    """What makes two cases the same problem; None where a fact is not given or the kind does not count."""
    if rule.kinds and kind not in rule.kinds:
        return None
    values = tuple(facts.get(name) for name in rule.same)
    return None if any(value is None for value in values) else values


def rank(rule: Repetition, at: datetime, earlier: Iterable[datetime]) -> int:
    """1 for the first. `earlier`: registrations of the same problem; the window counts back from `at`."""
    begin = window_start(rule, at)
    return 1 + sum(1 for moment in earlier if moment <= at and (begin is None or moment >= begin))


def window_start(rule: Repetition, at: datetime) -> datetime | None:
    return None if rule.window is None else window_before(at, parse_duration(rule.window))
