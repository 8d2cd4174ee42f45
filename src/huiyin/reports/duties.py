"""What the procedure says of reports and reviews: whose work they are, who approves, who is to read them."""

from __future__ import annotations

from huiyin.engine.schema.papers import Duty
from huiyin.organization.actors import Actor
from huiyin.procedures.selectors import Rules


def report_duty(rules: Rules | None, period_kind: str) -> Duty | None:
    """The duty that demands the report of a month, quarter or year."""
    if rules is None:
        return None
    duties = [one for one in rules.pack.duty if one.every == period_kind and one.report]
    return duties[0] if duties else None


def _recorded(rules: Rules | None, record: str) -> Duty | None:
    duties = rules.pack.duty if rules else []
    return next((one for one in duties if one.record == record), None)


def review_duty(rules: Rules | None) -> Duty | None:
    """The duty to look through a department's records every week."""
    return _recorded(rules, "weekly_review")


def decision_duty(rules: Rules | None) -> Duty | None:
    """The duty to decide, from the reports, whether action is needed."""
    return _recorded(rules, "action_decision")


def reader_post(duty: Duty | None) -> str:
    """The post that approves by the procedure; where none approves, the one the report is given to."""
    if duty is None:
        return ""
    return next(iter((*duty.approval, *duty.given_to)), "")


def holds(actor: Actor, post: str, unit_id: int) -> bool:
    return actor.post_at(unit_id, among=[post]) is not None
