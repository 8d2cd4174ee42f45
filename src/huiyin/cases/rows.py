"""A case as one line of a list: everything in words, so that the templates only place it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.models import Case
from huiyin.customers.models import Nature
from huiyin.procedures.selectors import Rules, rules_of


@dataclass(frozen=True, slots=True)
class Row:
    """`tone` is grave (urgent or safety), high (severe) or plain; `step` comes next, until `due`."""

    uuid: str
    number: str
    url: str
    kind: str
    category: str
    where: str
    who: str
    text: str
    state: str
    state_label: str
    step: str
    holder: str
    unit: str
    tone: str
    urgent: bool
    safety: bool
    due: datetime | None
    warn_at: datetime | None
    registered_at: datetime
    chased: int
    dissatisfied: bool
    paused: bool
    open: bool
    validity: str
    level: str


def case_url(number: str) -> str:
    return reverse("cases:detail", args=[number])


def rows_of(cases: Iterable[Case]) -> list[Row]:
    return [row_of(case) for case in cases]


def row_of(case: Case) -> Row:
    rules = rules_of(case.edition)
    clock = _next_clock(case)
    urgent = case.urgency == "urgent"
    return Row(
        uuid=str(case.uuid),
        number=case.number,
        url=case_url(case.number),
        kind=labels.kind_label(rules, case.kind),
        category=labels.category_label(rules, case.category),
        where=where_of(case),
        who=case.customer.name if case.customer else case.reporter,
        text=case.text,
        state=case.state,
        state_label=labels.state_label(case.state),
        step=next_step(case, rules),
        holder=holder_of(case, rules),
        unit=case.unit.name,
        tone="grave" if urgent or case.safety else "high" if case.severity == "severe" else "plain",
        urgent=urgent,
        safety=case.safety,
        due=case.next_due,
        warn_at=parse_datetime(clock["warn_at"]) if clock and clock.get("warn_at") else None,
        registered_at=case.registered_at,
        chased=case.chased,
        dissatisfied=case.follow_up_outcome == "dissatisfied",
        paused=bool(case.standing.get("paused_at")),
        open=case.open,
        validity=case.validity,
        level=labels.level_label(rules, case.level) if case.level else "",
    )


def where_of(case: Case) -> str:
    """The place in the words of the premises; where there is none the firm, else the name of the site."""
    spot = case.equipment or case.place
    if spot is not None:
        return spot.full_name
    firm = case.customer if case.customer and case.customer.nature == Nature.ORGANISATION else None
    return str(firm) if firm else case.unit.name


def _next_clock(case: Case) -> dict[str, Any] | None:
    running = [one for one in case.standing.get("clocks", ()) if one.get("state") == "running"]
    return min(running, key=lambda one: str(one["due"]), default=None)


# The usual way on, where neither a clock runs nor a rule requires anything.
_AFTER = {
    "registered": "assigned",
    "admitted": "assigned",
    "assigned": "accepted",
    "accepted": "completed",
    "answered": "completed",
    "completed": "closed",
}
_AFTER_SLIP = {"issued": "slip_received", "answered": "slip_evaluated", "finished": "slip_evaluated"}


def next_step(case: Case, rules: Rules) -> str:
    """What the first clock waits for, otherwise what the procedure requires, then what usually follows."""
    if not case.open:
        return ""
    standing = case.standing
    if standing.get("approvals"):
        post = labels.post_label(rules, standing["approvals"][0]["post"])
        return _("%(post)s批准") % {"post": post}
    clock = _next_clock(case)
    required = [one["what"] for one in standing.get("required", ())]
    waited = list(clock["waiting_for"]) if clock else []
    first = next((what for what in waited if what in labels.STEPS), None)
    if first is None:
        first = next((what for what in required if what in labels.STEPS), None)
    return labels.event_label(first or _usual(case))


def _usual(case: Case) -> str:
    slips = (_AFTER_SLIP.get(slip.get("state", "")) for slip in case.standing.get("slips", ()))
    return next((step for step in slips if step), None) or _AFTER.get(case.state, "")


def holder_of(case: Case, rules: Rules) -> str:
    """Who has it: a person, a department, or the post that owns it."""
    if case.handler is not None:
        return case.handler.name
    if case.assigned_unit is not None:
        return case.assigned_unit.name
    return labels.post_label(rules, case.assigned_post or case.owner_post)
