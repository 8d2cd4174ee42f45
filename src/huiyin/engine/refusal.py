"""Whether an event is refused, by the engine itself or by the procedure, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.engine import clocks
from huiyin.engine.draft import Draft
from huiyin.engine.types import Event
from huiyin.engine.vocabulary import AFTER_CLOSING, CAPABILITY_OF


@dataclass(frozen=True, slots=True)
class Refusal:
    """`clause` is None where the engine itself refuses. `missing` are codes, `params` explain them."""

    reason: str
    clause: str | None = None
    missing: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


def by_state(draft: Draft, name: str) -> Refusal | None:
    """What the state of the case forbids whatever the event says."""
    if not draft.open:
        if name not in AFTER_CLOSING:
            return Refusal(draft.state, params={"state": draft.state})
    elif name == "reopened":
        return Refusal("not_closed", params={"state": draft.state})
    if name == "registered":
        return Refusal("already_registered")
    if name == "judged" and not draft.rules.judged:
        return Refusal("kind_not_judged", params={"kind": draft.kind})
    if name == "appealed" and draft.validity is None:
        return Refusal("not_judged")
    if name == "paused" and draft.paused_at is not None:
        return Refusal("already_paused")
    if name == "resumed" and draft.paused_at is None:
        return Refusal("not_paused")
    return None


def by_values(draft: Draft, event: Event, at: datetime) -> Refusal | None:
    """What the event says of itself that cannot be."""
    data = event.data
    if at < draft.registered_at:
        return Refusal("before_registration", params={"registered_at": draft.registered_at.isoformat()})
    if event.name == "amended" and too_early(data, draft.registered_at):
        return answer_by_too_early(data)
    if event.name == "promised" and datetime.fromisoformat(data["by"]) < at:
        return Refusal("promise_in_the_past", params={"by": data["by"]})
    if event.name == "paused" and not clocks.can_pause(draft, data.get("reason")):
        return no_pause(draft, {"reason": data.get("reason")})
    if event.name.startswith("slip_"):
        return _slip(draft, event, at)
    if event.name in ("approved", "declined"):
        return _approver(draft, event)
    if event.name == "assessed":
        from huiyin.engine import assessments

        return assessments.refused(draft, event)
    return None


def no_pause(draft: Draft, params: Mapping[str, Any]) -> Refusal:
    """By the clause that the pack names for it, else by that of the clock which runs on."""
    running = (clock.clause for clock in draft.clocks if clock.live)
    cited = draft.procedure.pack.cites.get("pause") or next(running, None)
    return Refusal("pause_not_allowed", cited, params=params)


def answer_by_too_early(data: Mapping[str, Any]) -> Refusal:
    return Refusal("answer_by_before_registration", params={"answer_by": data["answer_by"]})


def too_early(data: Mapping[str, Any], registered_at: datetime) -> bool:
    """Whether the customer's time lies before the registration."""
    asked = data.get("answer_by")
    return asked is not None and datetime.fromisoformat(asked) < registered_at


def _slip(draft: Draft, event: Event, at: datetime) -> Refusal | None:
    slip = event.data["slip"]
    known = next((one for one in draft.slips if one.slip == slip), None)
    if event.name != "slip_issued":
        return None if known else Refusal("unknown_slip", params={"slip": slip})
    if known:
        return Refusal("slip_exists", params={"slip": slip})
    form = event.data.get("form")
    rule = draft.procedure.slips.get(form) if form else None
    if form and draft.procedure.slips and rule is None:
        return Refusal("unknown_form", params={"form": form})
    for name in ("reply_by", "finish_by"):
        if name in event.data and datetime.fromisoformat(event.data[name]) < at:
            return Refusal(f"{name}_in_the_past", params={name: event.data[name]})
    post = event.post or event.data.get("from_post")
    if rule and rule.from_posts and post and not draft.procedure.posts.acts_for(post, rule.from_posts):
        return Refusal("post", rule.clause, params={"post": post, "posts": list(rule.from_posts)})
    return None


def _approver(draft: Draft, event: Event) -> Refusal | None:
    """What a rule wants approved is decided by its post, one above it or standing in for it, by no other."""
    posts = draft.procedure.posts
    for rule in draft.rules.approvals:
        if rule.what != event.data["what"] or event.post is None or not rule.applies(draft.view):
            continue
        if not posts.at_or_above(event.post, rule.post) and not posts.acts_for(event.post, [rule.post]):
            return Refusal("post", rule.clause, params={"post": event.post, "posts": [rule.post]})
    return None


def by_post(draft: Draft, name: str, post: str | None) -> Refusal | None:
    """Who-may-act rules, only where the post is given."""
    if post is None:
        return None
    found = draft.procedure.posts.by_code.get(post)
    if found is None:
        return Refusal("unknown_post", params={"post": post})
    if CAPABILITY_OF[name] not in found.may:
        return Refusal("post_may_not", found.clause, params={"post": post, "may": CAPABILITY_OF[name]})
    return None


def same_judge(draft: Draft, name: str, post: str | None) -> Refusal | None:
    """After an appeal another post judges."""
    if name != "judged" or not draft.appealed or post is None or post not in draft.judges[-1:]:
        return None
    cited = draft.procedure.pack.cites.get("appeal")
    return Refusal("same_judge", cited, params={"post": post})


def awaited(draft: Draft, name: str) -> Refusal | None:
    """A case is not closed while an approval for it is awaited."""
    if name != "closed" or not draft.approvals:
        return None
    one = draft.approvals[0]
    return Refusal("approval_awaited", one.clause, ("approved",), {"what": one.what, "post": one.post})
