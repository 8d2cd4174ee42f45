"""The how-manieth time the same problem comes, as a fact for `step`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from huiyin.engine.due import window_before
from huiyin.engine.durations import parse_duration
from huiyin.engine.schema.frame import Repetition
from huiyin.engine.types import Event, Standing

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


class Problems:
    """The cases of one simulation by the problem they are about, with what was linked by hand."""

    def __init__(self, rule: Repetition | None) -> None:
        self.rule = rule
        self.seen: dict[Key, list[tuple[datetime, str]]] = {}
        self.same: dict[str, set[str]] = {}
        self.linked: dict[str, set[str]] = {}

    def facts(self, event: Event, standing: Standing | None) -> dict[str, Any]:
        """`repetition` at the registration, and after a link `repeat_of` was made or undone."""
        if self.rule is None:
            return {}
        if standing is None:
            same = self._same(event)
            return {} if same is None else {"repetition": 1 + len(same)}
        if event.name not in ("linked", "unlinked") or not self._counts(standing):
            return {}
        return {"repetition": 1 + len(self.same.get(event.case, set()) | self._by_hand(event))}

    def _same(self, event: Event) -> set[str] | None:
        assert self.rule is not None
        key = problem_key(self.rule, str(event.data.get("kind", "")), event.data)
        if key is None:
            return None
        begin = window_start(self.rule, event.at)
        earlier = self.seen.get(key, ())
        return {case for at, case in earlier if at <= event.at and (begin is None or at >= begin)}

    def _counts(self, standing: Standing) -> bool:
        assert self.rule is not None
        kind = str(standing.facts.get("turned_from") or standing.kind)
        return not self.rule.kinds or kind in self.rule.kinds

    def _by_hand(self, event: Event) -> set[str]:
        """What is linked by hand once the event has happened."""
        found = set(self.linked.get(event.case, ()))
        to = str(event.data["to"])
        if event.name == "linked" and event.data.get("relation") == "repeat_of":
            found.add(to)
        elif event.name == "unlinked" and event.data.get("relation") in (None, "repeat_of"):
            found.discard(to)
        return found

    def remember(self, event: Event, after: Standing, *, new: bool) -> None:
        """Keep what an accepted event says; a case counts from its registration on."""
        if self.rule is None:
            return
        if event.name in ("linked", "unlinked"):
            self.linked[event.case] = self._by_hand(event)
        if not new:
            return
        self.same[event.case] = self._same(event) or set()
        for key in problem_keys(self.rule, after.kind, after.facts):
            self.seen.setdefault(key, []).append((event.at, event.case))
