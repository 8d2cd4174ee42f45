"""What each event does to a case, one small function for each that does anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.engine import assessments, authorities, clocks, gates
from huiyin.engine.draft import Draft
from huiyin.engine.types import OPEN_STATES, Event, Slip
from huiyin.engine.vocabulary import STATE_OF

Handler = Callable[[Draft, Event, datetime], None]
_RANK = {state: rank for rank, state in enumerate(OPEN_STATES)}
_AGAIN = ("assigned", "accepted")
_NOT_FACTS = ("kind", "reason", "records", "means", "attempts", "recourse_offered")


def apply(draft: Draft, event: Event, at: datetime) -> None:
    """Change the draft as the event says; clocks, demands and escalations follow from it elsewhere."""
    handler = _HANDLERS.get(event.name)
    if handler is not None:
        handler(draft, event, at)
    state = STATE_OF.get(event.name)
    if state in _RANK and draft.open and (state in _AGAIN or _RANK[state] > _RANK[draft.state]):
        draft.state = state
        draft.note("state")


def begin_round(draft: Draft, at: datetime, reason: str) -> None:
    """A new round of handling: the clocks start anew, the gates ask again, an old wish for a time is gone."""
    if draft.paused_at is not None:
        _resumed(draft, None, at)
    draft.round += 1
    draft.round_at = at
    draft.entries = ()
    draft.facts = {name: value for name, value in draft.facts.items() if name != "answer_by"}
    draft.state = "assigned" if draft.assigned else "registered"
    draft.closed_at = None
    draft.began = True
    draft.touch()
    draft.emit(at, "reopened", draft.rules.cites["reopened"], {"reason": reason, "round": draft.round})


def _amended(draft: Draft, event: Event, at: datetime) -> None:
    facts = dict(draft.facts)
    for name, value in event.data.items():
        if name in _NOT_FACTS:
            continue
        if name == "level":
            name = "judged_level"
        if value is None:
            facts.pop(name, None)
        else:
            facts[name] = value
    draft.facts = facts
    kind = event.data.get("kind")
    if kind and kind != draft.kind:
        draft.kind = kind
        draft.rules = draft.procedure.kinds[kind]
        clocks.drop_strangers(draft, at)
    draft.touch()


def _judged(draft: Draft, event: Event, at: datetime) -> None:
    draft.validity = event.data["validity"]
    draft.judges = (*draft.judges, event.post)
    draft.appealed = False
    facts = dict(draft.facts)
    for name in ("severity", "urgency", "responsible_party"):
        if event.data.get(name) is not None:
            facts[name] = event.data[name]
    if event.data.get("level") is not None:
        facts["judged_level"] = event.data["level"]
    draft.facts = facts
    draft.touch()


def _appealed(draft: Draft, event: Event, at: datetime) -> None:
    draft.validity = None
    draft.appealed = True
    draft.touch()
    if not draft.open:
        begin_round(draft, at, "appealed")


def _followed_up(draft: Draft, event: Event, at: datetime) -> None:
    if event.data["outcome"] == "dissatisfied":
        begin_round(draft, at, "dissatisfied")


def _reopened(draft: Draft, event: Event, at: datetime) -> None:
    begin_round(draft, at, "requested")


def _assigned(draft: Draft, event: Event, at: datetime) -> None:
    draft.assigned = True
    draft.set_owner(at, event.data.get("to_post"), draft.rules.cites["owner"])


def _escalated(draft: Draft, event: Event, at: datetime) -> None:
    draft.assigned = True
    if event.data.get("level") is not None:
        draft.facts = {**draft.facts, "judged_level": event.data["level"]}
        draft.touch()


def _chased(draft: Draft, event: Event, at: datetime) -> None:
    draft.chased += 1
    draft.note("chased")


def _compensated(draft: Draft, event: Event, at: datetime) -> None:
    draft.compensated = str(Decimal(draft.compensated) + Decimal(event.data["amount"]))
    draft.note("compensated")
    authorities.check(draft, event, at)


def _decided(draft: Draft, event: Event, at: datetime) -> None:
    authorities.decide(draft, event)


def _assessed(draft: Draft, event: Event, at: datetime) -> None:
    assessments.decide(draft, event)


def _paused(draft: Draft, event: Event, at: datetime) -> None:
    draft.paused_at = at
    draft.pause_reason = event.data.get("reason")
    clocks.pause(draft, at, draft.pause_reason)


def _resumed(draft: Draft, event: Event | None, at: datetime) -> None:
    draft.paused_at = None
    draft.pause_reason = None
    clocks.resume(draft, at)


def _slip_issued(draft: Draft, event: Event, at: datetime) -> None:
    data = event.data
    slip = Slip(
        slip=data["slip"],
        form=data.get("form") or "",
        state="issued",
        issued_at=at,
        from_post=event.post or data.get("from_post"),
        to_unit=data.get("to_unit"),
        round=draft.round,
    )
    draft.slips = (*(one for one in draft.slips if one.slip != slip.slip), slip)


def _slip_moved(draft: Draft, event: Event, at: datetime) -> None:
    state = event.name.removeprefix("slip_")
    if state == "evaluated" and event.data.get("satisfied") is False:
        state = "received"
    slip = event.data["slip"]
    draft.slips = tuple(replace(one, state=state) if one.slip == slip else one for one in draft.slips)


def _ended(draft: Draft, event: Event, at: datetime) -> None:
    if not draft.open:
        return
    data: dict[str, Any] = {} if event.name == "closed" else {"as": event.name}
    if event.name == "closed" and gates.by_exception(draft, event):
        data["by_exception"] = True
    clocks.end_all(draft, event, at)
    draft.state = event.name
    draft.closed_at = at
    draft.paused_at = None
    draft.pause_reason = None
    draft.stale()
    draft.emit(at, "closed", draft.rules.cites["closed"], data)


_HANDLERS: dict[str, Handler] = {
    "amended": _amended,
    "judged": _judged,
    "appealed": _appealed,
    "followed_up": _followed_up,
    "reopened": _reopened,
    "assigned": _assigned,
    "escalated": _escalated,
    "chased": _chased,
    "compensated": _compensated,
    "approved": _decided,
    "declined": _decided,
    "assessed": _assessed,
    "paused": _paused,
    "resumed": _resumed,
    "slip_issued": _slip_issued,
    "slip_received": _slip_moved,
    "slip_answered": _slip_moved,
    "slip_finished": _slip_moved,
    "slip_evaluated": _slip_moved,
    "closed": _ended,
    "returned": _ended,
    "withdrawn": _ended,
    "voided": _ended,
}
