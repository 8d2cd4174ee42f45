"""Gates: what must be so before a step, read from this round's entries; and the exception to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from huiyin.engine.draft import Draft
from huiyin.engine.procedure import ApprovalRule, Excuse, Gate, Need
from huiyin.engine.refusal import Refusal, by_post
from huiyin.engine.types import Entry, Event

SLIP_STATES = ("issued", "received", "answered", "finished", "evaluated")
_ATTEMPTS = ("followed_up", "contacted")


def refusals(draft: Draft, event: Event, *, fields: bool = True) -> Iterator[Refusal]:
    """Every gate that the step does not pass. `fields` False leaves out what the step itself must say."""
    view = draft.view
    for gate in draft.rules.gates.get(event.name, ()):
        if not gate.applies(view):
            continue
        if gate.has_given and not (fields and gate.given({**draft.facts, **event.data})):
            continue
        found = _refusal(draft, gate, event, fields)
        if found is not None and not _excused(draft, gate, event):
            yield found


def with_post(draft: Draft, event: Event, *, fields: bool = True) -> list[Refusal]:
    """All gates; of a post that may not act at all, a gate about posts gives the better reason and clause."""
    if event.post is None and event.name not in draft.rules.gates:
        return []
    post = by_post(draft, event.name, event.post)
    if post is not None and post.reason == "unknown_post":
        return [post]
    found = list(refusals(draft, event, fields=fields))
    if post is None:
        return found
    return [one for one in found if one.reason == "post"][:1] or [post]


def _refusal(draft: Draft, gate: Gate, event: Event, fields: bool) -> Refusal | None:
    if gate.forbid:
        return Refusal("forbidden", gate.clause, params=_given(gate, event))
    who = _post(draft, gate, event) or _other(draft, gate, event)
    if who is not None:
        return who
    params: dict[str, Any] = {}
    if gate.approval is not None and decided(draft, gate.approval) != "approved":
        params["approved"] = {"what": gate.approval.what, "post": gate.approval.post}
    for need in gate.needs:
        if not met(draft, need):
            params[need.event] = _wanted(draft, need)
    for name, test in gate.facts:
        if not test(draft.view.get(name)):
            params[name] = {}
    if gate.slips is not None and (waiting := _slips_before(draft, gate.slips)):
        params["slips"] = {"slips": waiting, "state": gate.slips}
    if fields:
        for name in gate.fields:
            if event.data.get(name) in (None, "", False):
                params[name] = {}
    if not params:
        return None
    return Refusal("missing", gate.clause, tuple(params), params)


def _wanted(draft: Draft, need: Need) -> dict[str, Any]:
    """What the need says, without an `after` that never happened."""
    happened = need.after is not None and draft.entry(need.after) is not None
    return {name: value for name, value in need.params.items() if name != "after" or happened}


def _given(gate: Gate, event: Event) -> Mapping[str, Any]:
    return {name: value for name, value in event.data.items() if isinstance(value, str | bool)}


def _post(draft: Draft, gate: Gate, event: Event) -> Refusal | None:
    if not gate.posts or event.post is None:
        return None
    allowed = [post for post in resolve(draft, gate.posts) if post is not None]
    if draft.procedure.posts.acts_for(event.post, allowed):
        return None
    return Refusal("post", gate.clause, params={"post": event.post, "posts": allowed})


def resolve(draft: Draft, posts: tuple[str, ...]) -> list[str | None]:
    """`owner`, `receiver` and `superior` as the posts they are for this case."""
    special = {
        "owner": draft.owner,
        "receiver": draft.receiver,
        "superior": draft.procedure.posts.superior(draft.owner),
    }
    return [special.get(post, post) for post in posts]


def _other(draft: Draft, gate: Gate, event: Event) -> Refusal | None:
    for entry in draft.entries:
        if entry.name in gate.other_than and event.actor is not None and entry.actor == event.actor:
            return Refusal("same_person", gate.clause, params={"event": entry.name, "actor": event.actor})
    return None


def met(draft: Draft, need: Need) -> bool:
    """Whether enough matching entries of this round stand after the one they must follow."""
    count = 0
    for entry in draft.entries:
        if entry.name == need.after:
            count = 0
        if entry.name == need.event and need.matches(entry.data) and _by(draft, need, entry):
            count += 1
    return count >= need.count


def _by(draft: Draft, need: Need, entry: Entry) -> bool:
    """Whether one of the posts asked for did it; where no post was given nobody is asked."""
    if not need.by_post or entry.post is None:
        return True
    return draft.procedure.posts.acts_for(entry.post, [post for post in resolve(draft, need.by_post) if post])


def decided(draft: Draft, rule: ApprovalRule) -> str:
    """asked | approved | declined | not_asked: what was last said of it in this round by whom it takes."""
    state = "asked" if draft.round > 1 and "registered" in rule.starts else "not_asked"
    posts = draft.procedure.posts
    for entry in draft.entries:
        asks = rule.starts.get(entry.name)
        if asks is not None and asks(entry.data):
            state = "asked"
        elif entry.name in ("approved", "declined") and entry.data.get("what") == rule.what:
            post = entry.post
            if post is None or posts.at_or_above(post, rule.post) or posts.acts_for(post, [rule.post]):
                state = entry.name
    return state


def _slips_before(draft: Draft, state: str) -> list[str]:
    wanted = SLIP_STATES.index(state)
    return [slip.slip for slip in draft.slips if SLIP_STATES.index(slip.state) < wanted]


def _excused(draft: Draft, gate: Gate, event: Event) -> bool:
    """Approved in this round by the post it takes, not since declined, with all the records."""
    if gate.excuse is None:
        return False
    decision = last_decision(draft, event.name)
    if decision is None or decision.name != "approved" or not approver_fits(draft, gate.excuse, decision):
        return False
    return all(_recorded(draft, record, event) for record in gate.excuse.records)


def last_decision(draft: Draft, what: str) -> Entry | None:
    for entry in reversed(draft.entries):
        if entry.name in ("approved", "declined") and entry.data.get("what") == what:
            return entry
    return None


def approver_fits(draft: Draft, excuse: Excuse, decision: Entry) -> bool:
    """A post that was not given cannot be checked; a post above the one that is needed will do."""
    if decision.post is None:
        return True
    posts = draft.procedure.posts
    return any(posts.at_or_above(decision.post, post) for post in resolve(draft, excuse.approved_by)) or (
        posts.acts_for(decision.post, [post for post in resolve(draft, excuse.approved_by) if post])
    )


def _recorded(draft: Draft, record: str, event: Event) -> bool:
    """A record is a field that says something, a word in `records`; attempts are also contacts made."""
    for data in (event.data, *(entry.data for entry in draft.entries)):
        if data.get(record) not in (None, "", False, 0) or record in data.get("records", ()):
            return True
    return record == "attempts" and any(entry.name in _ATTEMPTS for entry in draft.entries)


def by_exception(draft: Draft, event: Event) -> bool:
    """Whether the step passes only because somebody approved the exception."""
    for gate in draft.rules.gates.get(event.name, ()):
        if (
            gate.excuse is not None
            and gate.applies(draft.view)
            and _refusal(draft, gate, event, True) is not None
        ):
            return True
    return False
