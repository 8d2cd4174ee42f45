"""Starting, stopping, changing, pausing the clocks of a case. A clock's name is one slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from huiyin.engine.compile_clocks import PROMISE
from huiyin.engine.draft import Draft
from huiyin.engine.due import after_pause
from huiyin.engine.durations import is_duration, parse_duration
from huiyin.engine.procedure import ClockRule, Slot
from huiyin.engine.reckon import Reckoning, reckon
from huiyin.engine.types import Clock, Event
from huiyin.engine.vocabulary import EVENTS, PROMISED_EVENT, STOPS_NOTHING

WITH_ROUND = frozenset({"registered", "judged"})
_ANY_CONTACT = ("contacted", "answered", "completed")


def update(draft: Draft, event: Event, at: datetime) -> None:
    """Move every slot that the event, or what it changed, concerns."""
    name = event.name
    for slot in draft.rules.slots:
        if slot.keyed:
            if name in slot.watch or (slot.name == PROMISE and any(clock.key for clock in draft.clocks)):
                _keyed(draft, event, at, slot)
        elif draft.changed or draft.began or name in slot.watch:
            _plain(draft, event, at, slot)


def stop(draft: Draft, clock: Clock, at: datetime, order: int) -> Clock:
    """Stopped by what it waited for: met up to and including the due time, afterwards late."""
    clock = _end_pause(draft, clock, at) if clock.state == "paused" else clock
    due = clock.due if clock.breached_due is None else min(clock.due, clock.breached_due)
    return _finish(draft, clock, at, "met" if at <= due else "late", order)


def void(draft: Draft, clock: Clock, at: datetime, order: int) -> Clock:
    """Stopped because nothing waits for it any more; a pause ends with it."""
    if clock.state == "paused":
        clock = replace(clock, pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], at)))
    return _finish(draft, clock, at, "void", order)


def end_all(draft: Draft, event: Event, at: datetime) -> None:
    """Closing: a clock that waited for just this is met or late, every other one that runs is void."""
    orders = {slot.name: slot.order for slot in draft.rules.slots}
    for clock in draft.clocks:
        if not clock.live:
            continue
        test = draft.procedure.clocks[clock.rule].until.get(event.name)
        end = stop if test is not None and test(event.data) else void
        end(draft, clock, at, orders.get(clock.name, 0))


def drop_strangers(draft: Draft, at: datetime) -> None:
    """After a change of kind: void what the new kind has no slot for."""
    known = {slot.name for slot in draft.rules.slots}
    for clock in draft.clocks:
        if clock.live and clock.name not in known:
            void(draft, clock, at, 0)


def _finish(draft: Draft, clock: Clock, at: datetime, outcome: str, order: int) -> Clock:
    pauses = tuple((begin, at if end is None else end) for begin, end in clock.pauses)
    clock = replace(clock, state=outcome, stopped=at, pauses=pauses)
    draft.put(clock)
    draft.emit(at, "clock_stopped", clock.clause, {**named(clock), "outcome": outcome}, order)
    return clock


def named(clock: Clock) -> dict[str, Any]:
    """How an effect names a clock."""
    if not clock.key:
        return {"clock": clock.name}
    return {"clock": clock.name, "what" if clock.name == PROMISE else "slip": clock.key}


def _plain(draft: Draft, event: Event, at: datetime, slot: Slot) -> None:
    clock = draft.clock(slot.name)
    if clock is not None and clock.live:
        test = draft.procedure.clocks[clock.rule].until.get(event.name)
        if test is not None and test(event.data):
            clock = stop(draft, clock, at, slot.order)
    rule = _winner(draft, slot)
    live = clock if clock is not None and clock.live else None
    if rule is None:
        if live is not None:
            void(draft, live, at, slot.order)
    elif _is_start(draft, event, slot, rule):
        _begin(draft, event, at, slot, rule, live)
    elif live is not None:
        if draft.changed:
            alter(draft, live, rule, at, slot.order)
    elif draft.changed:
        _revive(draft, event, at, slot, rule, clock)


def _winner(draft: Draft, slot: Slot) -> ClockRule | None:
    view = draft.view
    for rule in slot.rules:
        if rule.applies(view):
            return rule
    return None


def _is_start(draft: Draft, event: Event, slot: Slot, rule: ClockRule) -> bool:
    if event.name in rule.starts:
        return True
    if event.name == "appealed" and slot.name == "answer":
        return True
    if not draft.began:
        return False
    return "registered" in rule.starts or ("judged" in rule.starts and draft.validity is not None)


def _begin(draft: Draft, event: Event, at: datetime, slot: Slot, rule: ClockRule, live: Clock | None) -> None:
    """A starting event: a new clock, or a running one begun anew or kept."""
    if live is not None:
        if draft.began or event.name == "appealed" or rule.restart:
            void(draft, live, at, slot.order)
        elif live.rule != rule.index and event.name not in draft.procedure.clocks[live.rule].starts:
            alter(draft, replace(live, started=at, pauses=()), rule, at, slot.order, anew=True)
            return
        else:
            if draft.changed:
                alter(draft, live, rule, at, slot.order)
            return
    start(draft, rule, at, at, {**draft.facts, **event.data}, slot.order)


def start(
    draft: Draft,
    rule: ClockRule,
    started: datetime,
    at: datetime,
    values: Mapping[str, Any],
    order: int,
    key: str = "",
    told: Clock | None = None,
) -> None:
    """A new clock in its slot, where the rule's limits have a value. It may start paused with the case.

    `told`: the clock that was void and now counts on from its old start; its breach stays a breach.
    """
    found = reckon(rule, started, values, draft.calendar)
    if found is None:
        return
    goes_on = told is not None and told.round == draft.round and told.started == started
    if told is not None and goes_on and not told.pauses:
        found = _as_told(draft, told, rule, found)
    clock = Clock(
        name=rule.name,
        clause=rule.clause,
        state="running",
        started=started,
        due=found.due,
        warn_at=found.warn_at,
        rule=rule.index,
        limit=found.limit,
        waiting_for=rule.waiting_for if rule.name != PROMISE else kept_by(key),
        key=key,
        round=draft.round,
        asked=found.asked,
        limit_due=found.limit_due,
        estimated=found.estimated,
    )
    if told is not None and goes_on:
        warned = told.warned and told.due == clock.due
        clock = replace(clock, breached=told.breached, breached_due=told.breached_due, warned=warned)
    data = {**named(clock), "due": clock.due, "warn_at": clock.warn_at, **_marks(clock)}
    draft.emit(at, "clock_started", rule.clause, data, order)
    if draft.paused_at is not None and _pausable(rule, found, draft.pause_reason):
        clock = replace(clock, state="paused", pauses=((at, None),))
        draft.emit(at, "clock_paused", rule.clause, named(clock), order)
    draft.put(clock)


def _marks(clock: Clock) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    if clock.asked:
        marks["asked"] = True
        if clock.beyond_limit:
            marks["beyond_limit"] = True
            marks["limit_due"] = clock.limit_due
    if clock.estimated:
        marks["estimated"] = True
    return marks


def _pausable(rule: ClockRule, found: Reckoning, reason: str | None) -> bool:
    return not found.absolute and rule.pauses_for(reason)


def _values(draft: Draft, clock: Clock, rule: ClockRule) -> Mapping[str, Any]:
    """The facts; and of a time that the starting event named, and no fact keeps, that time."""
    if clock.asked or is_duration(clock.limit) or "registered" in rule.starts:
        return draft.facts
    return {clock.limit: clock.due, **draft.facts}


def _as_told(draft: Draft, clock: Clock, rule: ClockRule, found: Reckoning) -> Reckoning:
    """Counted from the same start by the same limit, only a revised calendar can give another due time: what
    was told to the customer stands."""
    same = found.limit == clock.limit and rule.roll == draft.procedure.clocks[clock.rule].roll
    if found.absolute or not same or found.due == clock.due:
        return found
    return found._replace(due=clock.due, warn_at=clock.warn_at, estimated=clock.estimated)


def alter(
    draft: Draft, clock: Clock, rule: ClockRule, at: datetime, order: int, *, anew: bool = False
) -> None:
    """The facts have changed: the same clock under what they say now, from its own start or, `anew`, from
    the one it was just given."""
    resumes = False
    values = _values(draft, clock, rule)
    if clock.state == "paused":
        found = reckon(rule, clock.started, values, draft.calendar, clock.pauses)
        if found is None or not _pausable(rule, found, draft.pause_reason):
            clock = replace(clock, state="running", pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], at)))
            resumes = True
    found = reckon(rule, clock.started, values, draft.calendar, clock.pauses)
    if found is None:
        void(draft, clock, at, order)
        return
    if not anew and not resumes:
        found = _as_told(draft, clock, rule, found)
    changed = _with(clock, rule, found, at)
    draft.put(changed)
    if resumes:
        draft.emit(
            at, "clock_resumed", rule.clause, {**named(changed), "due": changed.due, **_marks(changed)}, order
        )
    elif changed.due != clock.due:
        draft.emit(
            at, "clock_changed", rule.clause, {**named(changed), "due": changed.due, **_marks(changed)}, order
        )


def _with(clock: Clock, rule: ClockRule, found: Reckoning, at: datetime) -> Clock:
    again = not clock.breached and found.warn_at is not None and found.warn_at > at
    return replace(
        clock,
        clause=rule.clause,
        due=found.due,
        warn_at=found.warn_at,
        rule=rule.index,
        limit=found.limit,
        waiting_for=rule.waiting_for,
        warned=clock.warned and not again,
        asked=found.asked,
        limit_due=found.limit_due,
        estimated=found.estimated,
    )


def _revive(
    draft: Draft, event: Event, at: datetime, slot: Slot, rule: ClockRule, clock: Clock | None
) -> None:
    """A rule that applies only now counts from when its start happened, unless that was dealt with since."""
    if clock is not None and clock.round == draft.round and clock.state != "void":
        return
    starts = rule.starts | {"appealed"} if slot.name == "answer" else rule.starts
    started = draft.round_at if "registered" in starts else None
    dealt_with = False
    for entry in draft.entries:
        if entry.name in starts and entry.name != "registered":
            started, dealt_with = entry.at, False
        test = rule.until.get(entry.name)
        if test is not None and test(entry.data):
            dealt_with = True
    if started is not None and not dealt_with:
        start(draft, rule, started, at, {**draft.facts, **event.data}, slot.order, told=clock)


def _keyed(draft: Draft, event: Event, at: datetime, slot: Slot) -> None:
    """Promises and slips: one clock for each thing promised, each slip issued."""
    name = event.name
    for clock in draft.clocks:
        mine = slot.name == PROMISE or event.data.get(slot.keyed) == clock.key
        if clock.name == slot.name and clock.live and name in clock.waiting_for and mine:
            stop(draft, clock, at, slot.order)
    key = event.data.get(slot.keyed)
    if not isinstance(key, str):
        return
    live = draft.clock(slot.name, key)
    if live is not None and not live.live:
        live = None
    if name == "slip_evaluated" and event.data.get("satisfied") is False and slot.name == "slip_finish":
        _start_keyed(draft, event, at, slot, key)
    elif any(name in rule.starts for rule in slot.rules) and (live is None or name == "promised"):
        if live is not None:
            void(draft, live, at, slot.order)
        _start_keyed(draft, event, at, slot, key)


def _start_keyed(draft: Draft, event: Event, at: datetime, slot: Slot, key: str) -> None:
    values = event.data
    view = {**draft.view, **values}
    if event.name != "slip_issued" and slot.keyed == "slip":
        slip = next((one for one in draft.slips if one.slip == key), None)
        view["form"] = slip.form if slip else None
        if event.name == "slip_answered" and "finish_by" not in values:
            return
    for rule in slot.rules:
        if rule.applies(view):
            start(draft, rule, at, at, values, slot.order, key)
            return


def kept_by(what: str) -> tuple[str, ...]:
    """The events that keep a promise; other words are kept by any contact."""
    name = PROMISED_EVENT.get(what, what)
    return (name,) if name in EVENTS and name not in STOPS_NOTHING else _ANY_CONTACT


def can_pause(draft: Draft, reason: str | None) -> bool:
    """Whether any running clock's rule allows a pause for this reason."""
    return any(_may_pause(draft, clock, reason) for clock in draft.clocks)


def _may_pause(draft: Draft, clock: Clock, reason: str | None) -> bool:
    if clock.state != "running" or clock.asked or clock.key:
        return False
    return draft.procedure.clocks[clock.rule].pauses_for(reason)


def pause(draft: Draft, at: datetime, reason: str | None) -> None:
    for slot in draft.rules.slots:
        clock = draft.clock(slot.name)
        if clock is not None and _may_pause(draft, clock, reason):
            draft.put(replace(clock, state="paused", pauses=(*clock.pauses, (at, None))))
            draft.emit(at, "clock_paused", clock.clause, named(clock), slot.order)


def resume(draft: Draft, at: datetime) -> None:
    for slot in draft.rules.slots:
        clock = draft.clock(slot.name)
        if clock is not None and clock.state == "paused":
            clock = _end_pause(draft, clock, at)
            draft.put(clock)
            data = {**named(clock), "due": clock.due, **_marks(clock)}
            draft.emit(at, "clock_resumed", clock.clause, data, slot.order)


def _end_pause(draft: Draft, clock: Clock, at: datetime) -> Clock:
    """The span of the pause added, in the clock's own unit, and nothing that a revised calendar adds."""
    pauses = (*clock.pauses[:-1], (clock.pauses[-1][0], at))
    rule = draft.procedure.clocks[clock.rule]
    found = reckon(rule, clock.started, _values(draft, clock, rule), draft.calendar, pauses)
    if found is None or found.absolute:
        return replace(clock, state="running", pauses=pauses)
    limit = parse_duration(found.limit)
    told = after_pause(clock.due, clock.pauses[-1][0], at, limit, draft.calendar, roll=rule.roll)
    due = max(clock.due, min(found.due, told))
    warn_at = found.warn_at if found.warn_at is None else min(found.warn_at, due)
    estimated = found.estimated or clock.estimated
    return replace(clock, state="running", pauses=pauses, due=due, warn_at=warn_at, estimated=estimated)
