"""One event applied to where a case stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from huiyin.engine import (
    assessments,
    authorities,
    clocks,
    escalations,
    gates,
    ownership,
    refusal,
    requirements,
    turns,
)
from huiyin.engine.advance import run
from huiyin.engine.apply import apply
from huiyin.engine.calendar import Calendar
from huiyin.engine.draft import Draft
from huiyin.engine.errors import EngineError
from huiyin.engine.plain import kept, plain_event
from huiyin.engine.procedure import Procedure
from huiyin.engine.refusal import Refusal
from huiyin.engine.types import Effect, Entry, Event, Facts, Standing
from huiyin.engine.vocabulary import EVENTS

_NO_ENTRY = frozenset({"chased", "linked", "unlinked"})
_OWN_FACTS = frozenset({"number"})


def step(
    standing: Standing | None, event: Event, facts: Facts, procedure: Procedure, calendar: Calendar
) -> tuple[Standing | None, tuple[Effect, ...]]:
    """Where the case stands after the event, and what the procedure makes of it.

    Time up to the event's instant passes first. A refused event gives `refused` and changes nothing else; a
    registration that is refused leaves None. Raises EngineError for what no procedure could read.
    """
    at = calendar.local(event.at)
    event = plain_event(event, at, procedure, calendar)
    early: tuple[Effect, ...] = ()
    if standing is None:
        if event.name != "registered":
            return None, (_refused(event, at, Refusal("not_registered")),)
        standing, before = _blank(event, at, procedure), None
    else:
        if at > standing.at:
            standing, early = run(standing, at, procedure, calendar, inclusive=False)
        before = standing
        event = _of_form(standing, event)
    draft = Draft(standing, procedure, calendar, facts)
    found = [] if event.historic else refusals(draft, event, at, new=before is None)
    if found:
        return before, (*early, _refused(event, at, *found))
    _perform(draft, event, at, new=before is None)
    return draft.freeze(), (*early, *draft.take())


def _of_form(standing: Standing, event: Event) -> Event:
    """A step of a slip also says which form it is on, so that rules can ask for it."""
    if not event.name.startswith("slip_") or event.data.get("form"):
        return event
    form = next((one.form for one in standing.slips if one.slip == event.data["slip"]), "")
    return replace(event, data={**event.data, "form": form}) if form else event


def replay(
    events: Iterable[Event], facts: Facts, procedure: Procedure, calendar: Calendar
) -> tuple[Standing | None, tuple[Effect, ...]]:
    """The fold of `step` over one case's history, with the same facts from outside for every event."""
    standing: Standing | None = None
    effects: list[Effect] = []
    for event in events:
        standing, made = step(standing, event, facts, procedure, calendar)
        effects += made
    return standing, tuple(effects)


def _blank(event: Event, at: datetime, procedure: Procedure) -> Standing:
    kind = event.data["kind"]
    if kind not in procedure.kinds:
        raise EngineError(f"unknown kind {kind!r}", code="unknown_value", line=event.line, field="kind")
    facts = {name: value for name, value in kept(event.data).items() if name != "kind"}
    via = procedure.channel_via.get(facts.get("channel", ""))
    if via is not None:
        facts.setdefault("via", via)
    if "level" in facts:
        facts["judged_level"] = facts.pop("level")
    if event.historic and refusal.too_early(event.data, at):
        facts.pop("answer_by")
    return Standing(
        case=event.case,
        kind=kind,
        state="registered",
        registered_at=at,
        at=at,
        round_at=at,
        facts=facts,
        receiver=event.post,
    )


def refusals(draft: Draft, event: Event, at: datetime, *, new: bool = False) -> list[Refusal]:
    """Why the event is refused: the engine's own reason alone, or every gate that is not passed."""
    if new:
        early = refusal.too_early(event.data, at)
        own = refusal.answer_by_too_early(event.data) if early else None
    else:
        own = refusal.by_state(draft, event.name) or refusal.by_values(draft, event, at)
    first = own or refusal.same_judge(draft, event.name, event.post) or refusal.awaited(draft, event.name)
    return [first] if first is not None else gates.with_post(draft, event)


def _refused(event: Event, at: datetime, first: Refusal, *more: Refusal) -> Effect:
    """One effect for all: the first reason and clause, everything that is missing."""
    missing = [*first.missing]
    params = dict(first.params)
    for other in more:
        missing += [code for code in other.missing if code not in missing]
        for name, value in other.params.items():
            params.setdefault(name, value)
    data: dict[str, Any] = {"event": event.name, "reason": first.reason, "missing": missing, "params": params}
    return Effect(at, event.case, "refused", first.clause, data)


def _perform(draft: Draft, event: Event, at: datetime, *, new: bool) -> None:
    demanded = list(gates.refusals(draft, event)) if event.historic else []
    draft.at = max(draft.at, at)
    _outside_facts(draft, event, at, new=new)
    if new:
        draft.touch()
    round_before = draft.round
    if not new:
        _own_facts(draft, event)
        apply(draft, event, at)
    if event.name not in _NO_ENTRY and not (draft.round > round_before and event.name == "followed_up"):
        draft.entries = (*draft.entries, Entry(event.name, at, event.data, event.actor, event.post))
    if event.name in draft.rules.turns:
        turns.update(draft, event, at)
    if draft.changed:
        ownership.update(draft, at, new=new)
    if draft.open:
        clocks.update(draft, event, at)
    if event.name in draft.rules.assessments:
        assessments.propose(draft, event, at)
    requirements.update(draft, event, at)
    if draft.rules.approvals:
        authorities.ask(draft, event, at)
    for one in demanded:
        requirements.from_refusal(draft, one, at)
    escalations.on_event(draft, event, at)


def _own_facts(draft: Draft, event: Event) -> None:
    """Facts that the pack added and the event tells on its way; `amended` sets its facts itself."""
    own = draft.procedure.own_facts
    if own.isdisjoint(event.data) or event.name == "amended":
        return
    told = {
        name: value for name, value in event.data.items() if name in own and name not in EVENTS[event.name]
    }
    if any(draft.facts.get(name) != value for name, value in told.items()):
        draft.facts = kept({**draft.facts, **told})
        draft.touch()


def _outside_facts(draft: Draft, event: Event, at: datetime, *, new: bool) -> None:
    """What depends on other cases: kept among the facts; a number is given at once."""
    number = draft.extra.get("number")
    if number is not None and new:
        draft.number = number
        draft.emit(at, "number_given", draft.rules.cites["number"], {"number": number})
    elif number is not None and event.name == "slip_issued":
        rule = draft.procedure.slips.get(event.data.get("form") or "")
        clause = rule.clause if rule else draft.rules.cites["slip"]
        draft.emit(at, "number_given", clause, {"number": number, "slip": event.data["slip"]})
    for name, value in draft.extra.items():
        if name not in _OWN_FACTS and draft.facts.get(name) != value:
            draft.facts = {**draft.facts, name: value}
            draft.touch()
