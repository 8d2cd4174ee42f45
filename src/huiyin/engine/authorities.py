"""What a post may decide alone. Amounts add up over the case, so that splitting them changes nothing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from huiyin.engine import gates
from huiyin.engine.draft import Draft
from huiyin.engine.procedure import Authority
from huiyin.engine.types import Approval, Event


def check(draft: Draft, event: Event, at: datetime) -> None:
    """Ask for approval where the total is beyond what the acting (or owning) post may decide."""
    rules = draft.rules.authorities.get(event.name)
    if not rules or "amount" not in event.data:
        return
    total = Decimal(draft.compensated)
    rule = _beyond(draft, rules, event.post, total)
    if rule is None or _approved(draft, rule, total):
        return
    before = next((one.settled for one in draft.approvals if one.what == rule.what), None)
    settled = before or str(total - Decimal(event.data["amount"]))
    draft.approvals = (
        *(one for one in draft.approvals if one.what != rule.what),
        Approval(rule.what, rule.above, rule.clause, at, str(total), settled),
    )
    data = {"what": rule.what, "post": rule.above, "amount": str(total)}
    draft.emit(at, "approval_required", rule.clause, data)


def _beyond(
    draft: Draft, rules: tuple[Authority, ...], acting: str | None, total: Decimal
) -> Authority | None:
    """The rule whose approval is needed; None where the post may decide the total alone."""
    matching = [rule for rule in rules if rule.applies(draft.view)]
    if acting is not None:
        above = draft.procedure.posts.at_or_above
        matching = [rule for rule in matching if not above(acting, rule.above)]
    post = acting or draft.owner
    own = [rule for rule in matching if rule.post is None or rule.post == post]
    if any(total <= rule.up_to for rule in own):
        return None
    candidates = own or [rule for rule in matching if rule.above != post]
    return max(candidates, key=lambda rule: rule.up_to) if candidates else None


def _approved(draft: Draft, rule: Authority, total: Decimal) -> bool:
    for entry in reversed(draft.entries):
        if entry.name in ("approved", "declined") and entry.data.get("what") == rule.what:
            fits = entry.post is None or draft.procedure.posts.at_or_above(entry.post, rule.above)
            covered = Decimal(str(entry.data.get("amount", total))) >= total
            return entry.name == "approved" and fits and covered
    return False


def decide(draft: Draft, event: Event) -> None:
    """An approval or a refusal settles what was awaited, if the post may decide it."""
    what = event.data["what"]
    posts = draft.procedure.posts
    settled = [
        one
        for one in draft.approvals
        if one.what == what and (event.post is None or posts.at_or_above(event.post, one.post))
    ]
    draft.approvals = tuple(one for one in draft.approvals if one not in settled)
    for one in settled:
        if event.name == "declined" and one.settled is not None:
            draft.compensated = one.settled
            draft.note("compensated")


def ask(draft: Draft, event: Event, at: datetime) -> None:
    """Approvals that rules want before a step: asked for once presented, gone once decided or not needed."""
    for rule in draft.rules.approvals:
        waits = draft.open and rule.applies(draft.view) and gates.decided(draft, rule) == "asked"
        known = any(one.what == rule.what and one.clause == rule.clause for one in draft.approvals)
        if waits and not known:
            draft.approvals = (*draft.approvals, Approval(rule.what, rule.post, rule.clause, at))
            draft.emit(at, "approval_required", rule.clause, {"what": rule.what, "post": rule.post})
        elif known and not waits:
            draft.approvals = tuple(
                one for one in draft.approvals if (one.what, one.clause) != (rule.what, rule.clause)
            )
