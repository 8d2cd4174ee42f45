"""The working copy of a standing while one event, or a stretch of time, is applied to it."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from huiyin.engine.calendar import Calendar
from huiyin.engine.procedure import KindRules, Procedure
from huiyin.engine.types import (
    OPEN_STATES,
    Approval,
    Assessment,
    Breach,
    Clock,
    Effect,
    Entry,
    Facts,
    Required,
    Slip,
    Standing,
)
from huiyin.engine.vocabulary import EFFECT_RANK

_NAMES = tuple(item.name for item in fields(Standing))
_ALL = attrgetter(*_NAMES)


class Draft:
    """Mutable; lives within one call. `changed` says that rules may match differently than before."""

    __slots__ = (
        *_NAMES,
        "_effects",
        "_view",
        "began",
        "calendar",
        "changed",
        "closing",
        "extra",
        "procedure",
        "rules",
    )

    case: str
    kind: str
    state: str
    registered_at: datetime
    at: datetime
    round_at: datetime
    facts: dict[str, Any]
    round: int
    level: str | None
    owner: str | None
    assigned: bool
    validity: str | None
    number: str | None
    clocks: tuple[Clock, ...]
    required: tuple[Required, ...]
    entries: tuple[Entry, ...]
    slips: tuple[Slip, ...]
    approvals: tuple[Approval, ...]
    breaches: tuple[Breach, ...]
    judges: tuple[str | None, ...]
    appealed: bool
    compensated: str
    chased: int
    paused_at: datetime | None
    pause_reason: str | None
    closed_at: datetime | None
    receiver: str | None
    assessments: tuple[Assessment, ...]
    rules: KindRules

    def __init__(self, standing: Standing, procedure: Procedure, calendar: Calendar, facts: Facts):
        (  # one by one: a loop over the names takes three times as long
            self.case,
            self.kind,
            self.state,
            self.registered_at,
            self.at,
            self.round_at,
            self.facts,
            self.round,
            self.level,
            self.owner,
            self.assigned,
            self.validity,
            self.number,
            self.clocks,
            self.required,
            self.entries,
            self.slips,
            self.approvals,
            self.breaches,
            self.judges,
            self.appealed,
            self.compensated,
            self.chased,
            self.paused_at,
            self.pause_reason,
            self.closed_at,
            self.receiver,
            self.assessments,
        ) = _ALL(standing)
        self.procedure = procedure
        self.calendar = calendar
        self.extra = facts
        self.rules = procedure.kinds[standing.kind]
        self.changed = False
        self.began = False
        self.closing = False
        self._effects: list[tuple[int, int, Effect]] = []
        self._view: dict[str, Any] | None = None

    def freeze(self) -> Standing:
        return Standing(*_ALL(self))

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def view(self) -> dict[str, Any]:
        """The facts that conditions read; what is unset has its meaning filled in."""
        if self._view is None:
            view = dict(self.facts)
            view["kind"] = self.kind
            view.setdefault("urgency", "ordinary")
            view.setdefault("severity", "ordinary")
            view["validity"] = self.validity or "unjudged"
            view["level"] = self.level
            view["round"] = self.round
            view["state"] = self.state
            view["owner"] = self.owner
            view["chased"] = self.chased
            view["compensated"] = self.compensated
            self._view = view
        return self._view

    def touch(self) -> None:
        """Something that conditions read has changed."""
        self.changed = True
        self._view = None

    def note(self, name: str) -> None:
        """A value that few rules read has changed; only where some do need they be looked at again."""
        self._view = None
        if name in self.rules.reads:
            self.changed = True

    def stale(self) -> None:
        """A value that conditions read has changed without calling for the clocks to be looked at again."""
        self._view = None

    def emit(
        self,
        at: datetime,
        effect: str,
        clause: str | None,
        data: dict[str, Any] | None = None,
        order: int = 0,
    ) -> None:
        made = Effect(at, self.case, effect, clause, data or {})
        self._effects.append((EFFECT_RANK[effect], order, made))

    def take(self) -> tuple[Effect, ...]:
        """The effects so far, in the order of the contract; empties the list."""
        found = self._effects
        if len(found) > 1:
            found.sort(key=_order)
        self._effects = []
        return tuple(row[2] for row in found)

    def set_owner(self, at: datetime, post: str | None, clause: str) -> None:
        if post is not None and post != self.owner:
            self.owner = post
            self.note("owner")
            self.emit(at, "owner_set", clause, {"post": post})

    def entry(self, name: str) -> Entry | None:
        """The last entry of that name in this round."""
        for entry in reversed(self.entries):
            if entry.name == name:
                return entry
        return None

    def put(self, clock: Clock) -> None:
        """Keep a clock in its slot."""
        for index, old in enumerate(self.clocks):
            if old.name == clock.name and old.key == clock.key:
                self.clocks = (*self.clocks[:index], clock, *self.clocks[index + 1 :])
                return
        self.clocks = (*self.clocks, clock)

    def clock(self, name: str, key: str = "") -> Clock | None:
        for clock in self.clocks:
            if clock.name == name and clock.key == key:
                return clock
        return None


def _order(row: tuple[int, int, Effect]) -> tuple[int, int]:
    return row[0], row[1]
