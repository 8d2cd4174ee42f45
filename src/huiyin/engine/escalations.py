"""Moving a case up: on an event, and as the consequence of a warning or a breach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.engine.clocks import named
from huiyin.engine.draft import Draft
from huiyin.engine.procedure import Consequence
from huiyin.engine.types import Clock, Event


def on_event(draft: Draft, event: Event, at: datetime) -> None:
    """The rules that wait for this event; a request names its post itself, else the superior is meant."""
    requested = event.name == "escalated"
    rules = draft.rules.escalations.get(event.name)
    if rules is None and not requested:
        return
    for rule in rules or ():
        if not rule.applies(draft.view) or not rule.given(event.data):
            continue
        target = rule.to
        if requested and event.data.get("to_post"):
            target, requested = event.data["to_post"], False
        elif requested and target == "superior" and event.data.get("level"):
            target = "owner"
        if target is not None:
            requested = False
            _climb(draft, target, rule.clause, at, rule.reason, {}, owner=rule.owner)
        for post in rule.notify:
            notify(draft, post, rule.clause, at, event.name, {})
        if rule.action is not None:
            draft.emit(at, "action_required", rule.clause, {"action": rule.action, "reason": rule.reason})
    if requested:
        # a level given with it has found its owner already
        target = event.data.get("to_post") or ("owner" if event.data.get("level") else "superior")
        _climb(draft, target, draft.rules.cites["owner"], at, "requested", {}, owner=True)


def consequence(draft: Draft, what: str, found: Consequence, clock: Clock, at: datetime) -> None:
    """What a warning or a breach brings: `what` is warned or breached."""
    params = named(clock)
    reason = "breach" if what == "breached" else "warning"
    for target in found.escalate:
        _climb(draft, target, clock.clause, at, reason, params, owner=found.owner)
    for post in found.notify:
        notify(draft, post, clock.clause, at, what, params)
    if found.action is not None:
        data = {"action": found.action, "reason": reason, "params": params}
        draft.emit(at, "action_required", clock.clause, data)


def _climb(
    draft: Draft,
    target: str,
    clause: str,
    at: datetime,
    reason: str,
    params: Mapping[str, Any],
    *,
    owner: bool,
) -> None:
    post = _resolved(draft, target)
    if post is None:
        return
    data: dict[str, Any] = {"to_post": post, "reason": reason}
    if params:
        data["params"] = dict(params)
    draft.emit(at, "escalated", clause, data)
    if owner:
        draft.set_owner(at, post, clause)


def notify(
    draft: Draft, target: str, clause: str, at: datetime, what: str, params: Mapping[str, Any]
) -> None:
    post = _resolved(draft, target)
    if post is not None:
        about: dict[str, Any] = {"as": target} if target == "receiver" else {}
        about |= {"promised" if name == "what" else name: value for name, value in params.items()}
        draft.emit(at, "notified", clause, {"post": post, "what": what, **about})


def _resolved(draft: Draft, target: str) -> str | None:
    if target == "owner":
        return draft.owner
    if target == "receiver":
        return draft.receiver
    if target == "superior":
        return draft.procedure.posts.superior(draft.owner)
    return target
