"""What came of one case: as it was, or by a procedure that did not run then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from huiyin.engine import Effect, Event, Standing, advance, step

if TYPE_CHECKING:
    from huiyin.procedures.selectors import Rules

Key = tuple[str, str]
"""Name of a clock, and the slip or promise it is about."""


@dataclass(slots=True)
class Run:
    due: datetime
    breached: bool = False


@dataclass(slots=True)
class Outcome:
    """`refused` are the clauses by which a step that was taken would not have been allowed."""

    runs: dict[Key, list[Run]] = field(default_factory=dict)
    owner: str = ""
    level: str = ""
    approvals: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def replayed(events: Sequence[Event], repetition: int | None, rules: Rules, now: datetime) -> Outcome:
    """The case by these rules, had everybody done the same at the same time.

    A step that would have been refused is counted and taken all the same. Raises EngineError for events that
    no procedure could read.
    """
    outcome = Outcome()
    facts: dict[str, Any] = {} if repetition is None else {"repetition": repetition}
    standing: Standing | None = None
    for event in events:
        after, effects = step(standing, event, facts, rules.procedure, rules.calendar)
        if effects and effects[-1].effect == "refused":
            outcome.refused.append(effects[-1].clause or "")
            historic = replace(event, historic=True)
            after, effects = step(standing, historic, facts, rules.procedure, rules.calendar)
        standing = after
        _follow(outcome, effects)
    if standing is not None:
        standing, effects = advance(standing, max(now, standing.at), rules.procedure, rules.calendar)
        _follow(outcome, effects)
        outcome.owner, outcome.level = standing.owner or "", standing.level or ""
    return outcome


def _follow(outcome: Outcome, effects: Iterable[Effect]) -> None:
    for effect in effects:
        name = effect.effect
        if name == "approval_required":
            outcome.approvals.append(str(effect.data.get("post") or ""))
        elif name in ("clock_started", "clock_changed", "clock_resumed", "breached"):
            data = effect.data
            key = (data["clock"], str(data.get("what") or data.get("slip") or ""))
            runs = outcome.runs.setdefault(key, [])
            if name == "clock_started":
                runs.append(Run(data["due"]))
            elif runs and name == "breached":
                runs[-1].breached = True
            elif runs:
                runs[-1].due = data["due"]
