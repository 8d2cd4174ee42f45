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
    """What makes two cases the same problem; None where a fact is not given or the kind does not count.

    `kind` is what the case was registered as; `problem_keys` also has what it became.
    """
    if rule.kinds and kind not in rule.kinds:
        return None
    values = tuple(facts.get(name) for name in rule.same)
    if any(value is None for value in values):
        return None
    return (kind, *values) if rule.per_kind else values


def problem_keys(rule: Repetition, kind: str, facts: Mapping[str, Any]) -> set[Key]:
    """Under which keys a case that stands counts: as what it is and, of its own kind, as what it was."""
    kinds = {kind, str(facts.get("turned_from") or kind)}
    return {key for one in kinds if (key := problem_key(rule, one, facts)) is not None}


def rank(rule: Repetition, at: datetime, earlier: Iterable[datetime]) -> int:
    """1 for the first. `earlier`: registrations of the same problem; the window counts back from `at`."""
    begin = window_start(rule, at)
    return 1 + sum(1 for moment in earlier if moment <= at and (begin is None or moment >= begin))


def window_start(rule: Repetition, at: datetime) -> datetime | None:
    return None if rule.window is None else window_before(at, parse_duration(rule.window))
