"""Assessments of whoever is responsible: proposed by rule, decided by a post, open to appeal.

Each rule proposes once in a case; where its multiplier comes to apply, once more with the higher bounds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.engine.draft import Draft
from huiyin.engine.procedure import AssessmentRule
from huiyin.engine.refusal import Refusal
from huiyin.engine.types import Assessment, Event


def propose(draft: Draft, event: Event, at: datetime) -> None:
    """What the rules that wait for this event propose."""
    for rule in draft.rules.assessments.get(event.name, ()):
        if not rule.applies(draft.view) or not rule.given({**draft.facts, **event.data}):
            continue
        times = rule.times if rule.doubled is not None and rule.doubled(draft.view) else 1
        known = [one for one in draft.assessments if one.name == rule.name]
        if not any(one.times >= times for one in known):
            _propose(draft, rule, times, at)


def _propose(draft: Draft, rule: AssessmentRule, times: int, at: datetime) -> None:
    made = Assessment(
        name=rule.name,
        clause=rule.clause,
        responsible=_whom(draft, rule.responsible),
        by=_whom(draft, rule.by),
        since=at,
        low=_multiplied(rule.low, times),
        high=_multiplied(rule.high, times),
        times=times,
    )
    # what is not decided yet gives way to the higher one
    draft.assessments = (
        *(one for one in draft.assessments if one.name != rule.name or one.state != "proposed"),
        made,
    )
    params: dict[str, Any] = {"assessment": rule.name, "responsible": made.responsible, "post": made.by}
    if made.low is not None:
        params |= {"amount_from": made.low, "amount_to": made.high, "times": times}
    if rule.measures:
        params["measures"] = list(rule.measures)
    data = {"action": "assess", "reason": rule.name, "params": params}
    draft.emit(at, "notified", rule.clause, {"post": made.by, "what": "assessed"})
    draft.emit(at, "action_required", rule.clause, data)


def _multiplied(amount: Decimal | None, times: int) -> str | None:
    return None if amount is None else f"{amount * times:f}"


def _whom(draft: Draft, name: str) -> str:
    special = {
        "owner": draft.owner,
        "receiver": draft.receiver,
        "superior": draft.procedure.posts.superior(draft.owner),
    }
    return special.get(name, name) or name


def refused(draft: Draft, event: Event) -> Refusal | None:
    """What stands against deciding this assessment in this way."""
    data = event.data
    name = data["assessment"]
    known = _known(draft, name)
    if known is None:
        return Refusal("no_assessment", params={"assessment": name})
    clause = known.clause
    if (data["decision"] == "appealed") == known.pending:
        return Refusal("assessment_state", clause, params={"assessment": name, "state": known.state})
    person = data.get("person") or known.person
    if data["decision"] == "appealed":
        return None
    if person is not None and event.actor is not None and person == event.actor:
        return Refusal("same_person", clause, params={"event": "assessed", "actor": event.actor})
    return _by_post(draft, event, known) or _by_measure(draft, event, known)


def undecidable(draft: Draft, event: Event) -> Refusal | None:
    """Why nothing of the case's assessments is this post's to decide."""
    if not draft.assessments:
        return Refusal("no_assessment")
    found = [_by_post(draft, event, one) for one in draft.assessments]
    return None if None in found else found[0]


def _by_post(draft: Draft, event: Event, known: Assessment) -> Refusal | None:
    """Only the post that decides, one above it or standing in for it; after an appeal another one."""
    posts = draft.procedure.posts
    if event.post is None or known.by not in posts:
        return None
    if (
        known.state == "appealed"
        and event.post == known.decided_by
        and posts.superior(event.post) != event.post
    ):
        return Refusal("same_judge", known.clause, params={"post": event.post})
    if posts.at_or_above(event.post, known.by) or posts.acts_for(event.post, [known.by]):
        return None
    return Refusal("post", known.clause, params={"post": event.post, "posts": [known.by]})


def _by_measure(draft: Draft, event: Event, known: Assessment) -> Refusal | None:
    """A confirmed one says how much, within its bounds, or which of the rule's measures."""
    if event.data["decision"] != "confirmed":
        return None
    amount, measure = event.data.get("amount"), event.data.get("measure")
    measures = next((one.measures for one in _rules(draft) if one.name == known.name), ())
    if measure is not None and measure not in measures:
        return Refusal(
            "unknown_measure", known.clause, params={"measure": measure, "measures": list(measures)}
        )
    if known.low is None or known.high is None:
        if measures and measure is None:
            return Refusal("missing", known.clause, ("measure",), {"measure": {}})
        return None
    if amount is None:
        return Refusal("missing", known.clause, ("amount",), {"amount": {}}) if measure is None else None
    if not Decimal(known.low) <= Decimal(amount) <= Decimal(known.high):
        params = {"amount": amount, "amount_from": known.low, "amount_to": known.high}
        return Refusal("amount_out_of_range", known.clause, params=params)
    return None


def _rules(draft: Draft) -> list[AssessmentRule]:
    return [
        rule for kind in draft.procedure.kinds.values() for rows in kind.assessments.values() for rule in rows
    ]


def _known(draft: Draft, name: str) -> Assessment | None:
    """The one that waits for a decision, else the one decided last."""
    found = [one for one in draft.assessments if one.name == name]
    return next((one for one in found if one.pending), found[-1] if found else None)


def decide(draft: Draft, event: Event) -> None:
    data = event.data
    known = _known(draft, data["assessment"])
    if known is None:
        return
    made = replace(known, state=data["decision"], person=data.get("person") or known.person)
    if data["decision"] == "confirmed":
        made = replace(made, amount=data.get("amount"), measure=data.get("measure"), decided_by=event.post)
    elif data["decision"] == "dropped":
        made = replace(made, amount=None, measure=None, decided_by=event.post)
    draft.assessments = tuple(made if one is known else one for one in draft.assessments)
