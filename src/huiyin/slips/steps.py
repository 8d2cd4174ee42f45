"""What can be done with a slip now, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.cases import labels
from huiyin.cases.reach import may
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.slips.models import Slip, SlipState

AFTER: dict[str, tuple[str, ...]] = {
    SlipState.ISSUED: ("slip_received", "slip_answered"),
    SlipState.RECEIVED: ("slip_answered", "slip_finished"),
    SlipState.ANSWERED: ("slip_finished", "slip_answered"),
    SlipState.FINISHED: ("slip_evaluated",),
    SlipState.EVALUATED: (),
}
ICONS = {
    "slip_received": "signature",
    "slip_answered": "message-reply",
    "slip_finished": "checks",
    "slip_evaluated": "star",
}


@dataclass(frozen=True, slots=True)
class SlipStep:
    event: str
    label: str
    icon: str


def slip_steps(actor: Actor, slip: Slip) -> list[SlipStep]:
    """The steps in the order of need. The receiving unit works on it, the sending side evaluates."""
    if not slip.case.open:
        return []
    through = slip.to_unit_id
    if not may(actor, Capability.HANDLE, slip.case, through):
        return []
    return [
        SlipStep(event, labels.event_label(event), ICONS[event])
        for event in AFTER[slip.state]
        if _is_theirs(actor, slip, event)
    ]


def _is_theirs(actor: Actor, slip: Slip, event: str) -> bool:
    """The receiving unit works, the sending one evaluates: nobody judges his own work."""
    receiving = any(slip.to_unit_id in held.scope for held in actor.held)
    sending = any(slip.from_unit_id in held.scope for held in actor.held)
    issued = slip.issued_by_id is not None and slip.issued_by_id == actor.person_id
    return (sending or issued) if event == "slip_evaluated" else receiving
