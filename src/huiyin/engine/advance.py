"""What time alone brings: warnings and breaches, each once, however late somebody looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from huiyin.engine import escalations
from huiyin.engine.calendar import Calendar
from huiyin.engine.clocks import named
from huiyin.engine.draft import Draft
from huiyin.engine.procedure import Procedure
from huiyin.engine.types import Breach, Clock, Effect, Standing


def next_moment(standing: Standing) -> datetime | None:
    """The next instant at which time alone brings something; None where nothing more will come."""
    return _next(standing.clocks, standing.at)


def _next(clocks: tuple[Clock, ...], seen: datetime) -> datetime | None:
    first: datetime | None = None
    for clock in clocks:
        if clock.state == "running":
            for moment in _moments(clock, seen):
                if moment is not None and (first is None or moment < first):
                    first = moment
    return first


def _moments(clock: Clock, seen: datetime) -> tuple[datetime | None, datetime | None]:
    """(warning, breach) still to come. What an event revealed comes at that event; a warning that would come
    together with its breach is left out."""
    if clock.breached:
        return None, None
    breach = max(clock.due, seen)
    if clock.warned or clock.warn_at is None:
        return None, breach
    warning = max(clock.warn_at, seen)
    return (warning if warning < breach else None), breach


def advance(
    standing: Standing, now: datetime, procedure: Procedure, calendar: Calendar
) -> tuple[Standing, tuple[Effect, ...]]:
    """Everything that is due up to and including `now`. The same standing where there is nothing."""
    return run(standing, calendar.local(now), procedure, calendar, inclusive=True)


def run(
    standing: Standing, now: datetime, procedure: Procedure, calendar: Calendar, *, inclusive: bool
) -> tuple[Standing, tuple[Effect, ...]]:
    """`advance`, or with `inclusive` False only what comes before `now`: events of one instant go first."""
    moment = next_moment(standing)
    if moment is None or moment > now or (moment == now and not inclusive):
        return standing, ()
    draft = Draft(standing, procedure, calendar, {})
    effects: list[Effect] = []
    while moment is not None and (moment < now or (moment == now and inclusive)):
        _bring(draft, moment)
        effects += draft.take()
        moment = _next(draft.clocks, draft.at)
    return draft.freeze(), tuple(effects)


def _bring(draft: Draft, moment: datetime) -> None:
    """All that comes at one instant."""
    orders = {slot.name: slot.order for slot in draft.rules.slots}
    for clock in draft.clocks:
        if clock.state != "running":
            continue
        warning, breach = _moments(clock, draft.at)
        rule = draft.procedure.clocks[clock.rule]
        data = {**named(clock), "due": clock.due}
        order = orders.get(clock.name, 0)
        if breach == moment:
            draft.put(replace(clock, breached=True, breached_due=clock.due))
            made = Breach(clock.name, clock.clause, clock.due, moment, clock.round, clock.key)
            draft.breaches = (*draft.breaches, made)
            draft.emit(moment, "breached", clock.clause, data, order)
            escalations.consequence(draft, "breached", rule.on_breach, clock, moment)
        elif warning == moment:
            draft.put(replace(clock, warned=True))
            draft.emit(moment, "warned", clock.clause, data, order)
            escalations.consequence(draft, "warned", rule.on_warn, clock, moment)
