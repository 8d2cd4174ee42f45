"""The steps that are open to a person: allowed or not, wanted next or not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huiyin.engine import assessments, gates, refusal
from huiyin.engine.advance import run
from huiyin.engine.calendar import Calendar
from huiyin.engine.clocks import can_pause
from huiyin.engine.draft import Draft
from huiyin.engine.procedure import Procedure
from huiyin.engine.refusal import Refusal
from huiyin.engine.types import Event, Facts, OpenStep, Standing
from huiyin.engine.vocabulary import EVENTS, NEEDED_FIELDS

_NO_FACTS: Facts = {}


def open_steps(
    standing: Standing,
    procedure: Procedure,
    calendar: Calendar,
    now: datetime,
    *,
    actor: str | None = None,
    post: str | None = None,
    facts: Mapping[str, object] = _NO_FACTS,
) -> tuple[OpenStep, ...]:
    """Every event but `registered`, what the procedure wants next first.

    Rules about posts and persons are checked where `post` and `actor` are given. What a step must itself say
    is in `fields`, not in `missing`. `facts` are facts from outside that differ from the standing's.
    """
    now = calendar.local(now)
    standing, _ = run(standing, now, procedure, calendar, inclusive=False)
    draft = Draft(standing, procedure, calendar, facts)
    if facts:
        draft.facts = {**draft.facts, **facts}
    wanted = _wanted(draft)
    steps = [_step(draft, Event(name, now, standing.case, {}, actor, post), wanted) for name in EVENTS]
    return tuple(sorted((one for one in steps if one.event != "registered"), key=_by_need))


def _by_need(one: OpenStep) -> tuple[bool, bool, bool, float, int]:
    due = one.due.timestamp() if one.due else 0.0
    return not one.needed, not one.allowed, one.due is None, due, _ORDER[one.event]


_ORDER = {name: place for place, name in enumerate(EVENTS)}


def _wanted(draft: Draft) -> dict[str, tuple[datetime | None, str]]:
    """Event to (due time of the clock that waits for it, clause): by running clocks, then by demand."""
    found: dict[str, tuple[datetime | None, str]] = {}
    for clock in sorted((one for one in draft.clocks if one.live), key=lambda one: one.due):
        for name in clock.waiting_for:
            found.setdefault(name, (clock.due, clock.clause))
    for one in draft.required:
        if one.what in EVENTS:
            found.setdefault(one.what, (None, one.clause))
    if draft.open and not found:
        found["closed"] = (None, draft.rules.cites["closed"])
    return found


def _step(draft: Draft, event: Event, wanted: Mapping[str, tuple[datetime | None, str]]) -> OpenStep:
    due, clause = wanted.get(event.name, (None, None))
    fields = _fields(draft, event.name)
    found = _refusals(draft, event)
    if not found:
        return OpenStep(event.name, True, event.name in wanted, clause=clause, fields=fields, due=due)
    missing = tuple(dict.fromkeys(code for one in found for code in one.missing))
    params = {name: value for one in reversed(found) for name, value in one.params.items()}
    first = found[0]
    return OpenStep(
        event.name, False, event.name in wanted, missing, first.clause, first.reason, params, fields, due
    )


def _refusals(draft: Draft, event: Event) -> list[Refusal]:
    own = refusal.by_state(draft, event.name)
    if own is None and event.name == "paused" and not _pausable(draft):
        own = refusal.no_pause(draft, {})
    if own is None and event.name.startswith("slip_") and event.name != "slip_issued" and not draft.slips:
        own = Refusal("no_slip")
    if own is None and event.name == "assessed":
        own = assessments.undecidable(draft, event)
    first = own or refusal.same_judge(draft, event.name, event.post) or refusal.awaited(draft, event.name)
    return [first] if first is not None else gates.with_post(draft, event, fields=False)


def _pausable(draft: Draft) -> bool:
    """Whether some reason would do."""
    reasons: set[str | None] = {None}
    for clock in draft.clocks:
        allowed = draft.procedure.clocks[clock.rule].pause
        if not isinstance(allowed, bool):
            reasons |= allowed
    return any(can_pause(draft, reason) for reason in reasons)


def _fields(draft: Draft, name: str) -> tuple[str, ...]:
    """What the step must say, by the vocabulary and by the gates that apply whatever it says."""
    found = list(NEEDED_FIELDS.get(name, ()))
    for gate in draft.rules.gates.get(name, ()):
        if not gate.has_given and gate.applies(draft.view):
            found += [field for field in gate.fields if field not in found]
    return tuple(found)
