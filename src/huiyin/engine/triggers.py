"""Conditions over many cases that demand an action: pure functions over counted facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from huiyin.engine.calendar import Calendar
from huiyin.engine.compile import condition_of
from huiyin.engine.due import add_months, window_before
from huiyin.engine.durations import parse_duration
from huiyin.engine.procedure import Procedure
from huiyin.engine.schema.rules import Trigger
from huiyin.engine.types import Effect


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event that a trigger may count: its facts as the case then had them."""

    at: datetime
    event: str
    unit: str
    facts: Mapping[str, Any]


def rising(totals: Sequence[int], runs: int) -> bool:
    """Whether the last `runs` steps each rose: `runs` + 1 totals, each greater than the one before."""
    tail = totals[-(runs + 1) :]
    return len(tail) == runs + 1 and all(a < b for a, b in pairwise(tail))


def fired(
    procedure: Procedure, calendar: Calendar, found: Sequence[Occurrence], until: datetime
) -> list[Effect]:
    """All effects of all triggers up to and including `until`, each with the figures that fired it."""
    effects: list[Effect] = []
    for trigger in procedure.pack.trigger:
        applies = condition_of(procedure.pack, {k: v for k, v in trigger.when.items() if k != "kind"})
        counted = [
            one
            for one in found
            if one.event == trigger.of
            and _kind(trigger, one.facts)
            and applies(one.facts)
            and one.at <= until
        ]
        for key, group in _groups(trigger, counted).items():
            made = _rising if trigger.kind == "rising" else _count
            effects += made(trigger, key, group, calendar, until)
    return effects


def _kind(trigger: Trigger, facts: Mapping[str, Any]) -> bool:
    wanted = trigger.when.get("kind")
    if wanted is None:
        return True
    return facts.get("kind") in ([wanted] if isinstance(wanted, str) else wanted)


def _groups(trigger: Trigger, found: Iterable[Occurrence]) -> dict[tuple[Any, ...], list[Occurrence]]:
    groups: dict[tuple[Any, ...], list[Occurrence]] = {}
    for one in found:
        unit = one.unit if trigger.unit == "unit" else ""
        groups.setdefault((unit, *(one.facts.get(name) for name in trigger.by)), []).append(one)
    return groups


def _effects(trigger: Trigger, key: tuple[Any, ...], at: datetime, figures: list[int]) -> list[Effect]:
    params = {"trigger": trigger.name, "figures": figures}
    params.update(zip(trigger.by, key[1:], strict=True))
    base = {"unit": key[0]}
    action = {**base, "action": trigger.action, "reason": trigger.kind, "params": params}
    notified = [
        Effect(at, None, "notified", trigger.clause, {**base, "post": post, "what": trigger.name})
        for post in trigger.notify
    ]
    return [*notified, Effect(at, None, "action_required", trigger.clause, action)]


def _rising(
    trigger: Trigger, key: tuple[Any, ...], found: list[Occurrence], calendar: Calendar, until: datetime
) -> list[Effect]:
    """At the end of each period that ends within the time: totals of all periods since the first."""
    months = 1 if trigger.period == "month" else 3
    first = min(one.at for one in found).date().replace(day=1)
    if months == 3:
        first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
    effects: list[Effect] = []
    totals: list[int] = []
    while True:
        following = add_months(first, months)
        end = calendar.midnight(following)
        if end > until:
            return effects
        begin = calendar.midnight(first)
        totals.append(sum(1 for one in found if begin <= one.at < end))
        if rising(totals, trigger.runs):
            effects += _effects(trigger, key, end, totals[-(trigger.runs + 1) :])
        first = following


def _count(
    trigger: Trigger, key: tuple[Any, ...], found: list[Occurrence], calendar: Calendar, until: datetime
) -> list[Effect]:
    """When the number within the window reaches the bound; again only after it fell below."""
    window = parse_duration(trigger.window) if trigger.window else None
    effects: list[Effect] = []
    recent: list[datetime] = []
    above = False
    for one in sorted(found, key=lambda one: one.at):
        if window is not None:
            begin = window_before(one.at, window)
            recent = [at for at in recent if at > begin]
        if len(recent) < trigger.at_least:
            above = False
        recent.append(one.at)
        if len(recent) >= trigger.at_least and not above:
            above = True
            effects += _effects(trigger, key, one.at, [len(recent)])
    return effects
