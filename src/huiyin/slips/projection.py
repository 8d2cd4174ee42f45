"""Keeps the slips in step with the events of their cases. Called inside the case's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from huiyin.cases import hooks
from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.organization.models import Holding, Unit
from huiyin.slips.models import Slip, SlipState


def project_slip(case: Case, event: CaseEvent) -> None:
    """A slip event changes its slip; closing the case voids the clocks of all its slips."""
    change = _BY_EVENT.get(event.name)
    if change is not None:
        number = str(event.data.get("slip", ""))
        slip = Slip.objects.filter(case=case, number=number).first()
        if slip is None:
            if event.name != "slip_issued":
                return
            slip = _new(case, event, number)
        change(slip, event)
        _times(slip)
        slip.save()
    elif not case.open:
        Slip.objects.filter(case=case, next_due__isnull=False).update(next_due=None, next_clock="")


def project_slips(histories: Sequence[hooks.History]) -> None:
    """The same for whole histories at once: only what is about slips is looked at."""
    for history in histories:
        for case, event in history:
            if event.name in _BY_EVENT:
                project_slip(case, event)


def _new(case: Case, event: CaseEvent, number: str) -> Slip:
    return Slip(
        company_id=case.company_id,
        case=case,
        number=number,
        from_unit_id=_from_unit(case, event),
        issued_by=event.person,
        issued=event.entry,
        issued_at=event.at,
        form=str(event.data.get("form", "")),
        from_post=str(event.data.get("from_post") or event.post),
    )


def _from_unit(case: Case, event: CaseEvent) -> int:
    """Where the issuer holds the post he issued it in; the case's unit where that is not known."""
    held = Holding.objects.filter(
        person=event.person, post__code=event.post, post__company_id=case.company_id
    ).order_by("-since")
    first = held.values_list("unit_id", flat=True).first() if event.person is not None else None
    return first or case.unit_id


def _issued(slip: Slip, event: CaseEvent) -> None:
    slip.state = SlipState.ISSUED
    if code := event.data.get("to_unit"):
        slip.to_unit = Unit.objects.filter(company_id=slip.company_id, code=code).first()


def _received(slip: Slip, event: CaseEvent) -> None:
    slip.state = SlipState.RECEIVED
    slip.received_at = event.at


def _answered(slip: Slip, event: CaseEvent) -> None:
    slip.state = SlipState.ANSWERED
    slip.answered_at = event.at
    slip.received_at = slip.received_at or event.at


def _finished(slip: Slip, event: CaseEvent) -> None:
    slip.state = SlipState.FINISHED
    slip.finished_at = event.at


def _evaluated(slip: Slip, event: CaseEvent) -> None:
    slip.satisfied = event.data.get("satisfied") is not False
    slip.evaluated_at = event.at
    slip.open = not slip.satisfied
    if slip.satisfied:
        slip.state = SlipState.EVALUATED
    else:
        slip.state = SlipState.RECEIVED
        slip.round += 1
        slip.answered_at = slip.finished_at = None


_BY_EVENT: dict[str, Callable[[Slip, CaseEvent], None]] = {
    "slip_issued": _issued,
    "slip_received": _received,
    "slip_answered": _answered,
    "slip_finished": _finished,
    "slip_evaluated": _evaluated,
}


def _times(slip: Slip) -> None:
    """The due times as the engine's clocks have them: the latest run of each clock about this slip."""
    runs = CaseClock.objects.filter(case_id=slip.case_id, key=slip.number).order_by("run")
    latest = {clock.name: clock for clock in runs}
    slip.reply_by = _due(latest.get("slip_reply")) or slip.reply_by
    slip.finish_by = _due(latest.get("slip_finish")) or slip.finish_by
    running = [one for one in latest.values() if one.state == "running" and one.due is not None]
    first = min(running, key=lambda one: one.due or slip.issued_at, default=None)
    slip.next_due = first.due if first else None
    slip.next_clock = first.name if first else ""


def _due(clock: CaseClock | None) -> datetime | None:
    return clock.due if clock is not None else None
