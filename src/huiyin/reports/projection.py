"""Keeps what the figures read in step with the cases: called with each accepted event, in its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from huiyin.cases.models import Case, CaseEvent
from huiyin.cases.recording import LATE_ENTRY_AFTER
from huiyin.core.rows import insert
from huiyin.organization.models import Unit
from huiyin.organization.tree import upward
from huiyin.reports.models import OpenSpan, PromiseRun, Snapshot, SpanOpened
from huiyin.reports.periods import month_number
from huiyin.reports.places import home_of

PROMISE = "promise"
# A change that moves the deadline in this last part of the time it had is shown as a late downgrade.
LAST_PART = 0.2
SAME = [
    field.attname
    for field in Snapshot._meta.concrete_fields
    if field.attname not in ("id", "known_from", "known_until")
]


def project(case: Case, event: CaseEvent) -> None:
    """Store how the case is known from this event on."""
    before = None if event.name == "registered" else _present(case)
    after = snapshot_of(before, case, event)
    _keep(before, after)
    if before is None or before.open != after.open:
        _span(case, event, after)
    _promises(case, event, after)


def _present(case: Case) -> Snapshot | None:
    return Snapshot.objects.filter(case=case, known_until__isnull=True).first()


def _keep(before: Snapshot | None, after: Snapshot) -> None:
    if before is None:
        insert([after])
        return
    if all(getattr(before, name) == getattr(after, name) for name in SAME):
        return
    if before.known_from >= after.known_from:  # the same second: nobody can ask for what was between
        after.pk, after.known_from = before.pk, before.known_from
        after.save(force_update=True)
        return
    Snapshot.objects.filter(pk=before.pk).update(known_until=after.known_from)
    insert([after])


def site_of(unit: Unit) -> int:
    """The site that a unit belongs to; the nearest company or branch where it belongs to none."""
    return home_of(upward(unit.pk, company_id=unit.company_id or unit.pk))


def snapshot_of(
    before: Snapshot | None, case: Case, event: CaseEvent, *, site_id: int | None = None
) -> Snapshot:
    """How the case is known after an event; `site_id` where the caller knows it already."""
    found = Snapshot(
        company_id=case.company_id,
        unit_id=case.unit_id,
        site_id=site_id or _site(before, case),
        case_id=case.pk,
        known_from=event.recorded_at,
        registered_at=case.registered_at,
        month=month_number(timezone.localtime(case.registered_at).date()),
        late_entry=case.late_entry,
    )
    for name in (
        "kind",
        "state",
        "open",
        "channel",
        "category",
        "level",
        "validity",
        "chased",
        "answered_at",
    ):
        setattr(found, name, getattr(case, name))
    found.approved_closure = case.approved_closure
    found.outcome = case.follow_up_outcome
    _solved(found, case)
    clocks = _answer_clocks(case.standing)
    _first_round(found, before, [one for one in clocks if one.get("round", 1) == 1])
    _later_rounds(found, before, [one for one in clocks if one.get("round", 1) > 1])
    _visit(found, before, case, event)
    found.downgraded = bool(before and before.downgraded) or _moved_late(before, found, event)
    late = (
        event.name != "registered" and not case.historic and event.recorded_at - event.at > LATE_ENTRY_AFTER
    )
    found.late_event = bool(before and before.late_event) or late
    return found


def _site(before: Snapshot | None, case: Case) -> int:
    return before.site_id if before and before.unit_id == case.unit_id else site_of(case.unit)


def _solved(found: Snapshot, case: Case) -> None:
    """The work was finished in the present round, or the case was closed without a word about that."""
    begun = _time(case.standing.get("round_at"))
    if case.state in ("withdrawn", "voided", "returned"):
        return
    if case.completed_at and (begun is None or case.completed_at >= begun):
        found.solved_at = case.completed_at
    elif case.state == "closed":
        found.solved_at = case.closed_at
    if found.solved_at is not None:
        found.solve_seconds = max(0, int((found.solved_at - case.registered_at).total_seconds()))


def _time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _answer_clocks(standing: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The clocks that wait for an answer to the customer: to answer, to explain. A call back is not one."""
    return [
        one
        for one in standing.get("clocks", ())
        if "answered" in one["waiting_for"]
        and "contacted" not in one["waiting_for"]
        and one["name"] != PROMISE
        and not one.get("key")
    ]


def _first_round(found: Snapshot, before: Snapshot | None, clocks: Iterable[Mapping[str, Any]]) -> None:
    """The clock the customer waits by in the first round; of several the one that was started last."""
    clocks = list(clocks)
    if not clocks and before is not None:  # their place was taken by the next round's
        for name in ("started", "due", "stopped", "state", "breached"):
            setattr(found, f"answer_{name}", getattr(before, f"answer_{name}"))
        found.asked_beyond = before.asked_beyond
        return
    found.answer_breached = bool(before and before.answer_breached) or any(
        one.get("breached") or one["state"] == "late" for one in clocks
    )
    valid = [one for one in clocks if one["state"] != "void" or one.get("breached")]
    if not valid:
        return
    one = max(valid, key=lambda clock: _time(clock["started"]) or found.registered_at)
    found.answer_started, found.answer_due = _time(one["started"]), _time(one["due"])
    found.answer_stopped = _time(one.get("stopped"))
    found.answer_state = one["state"]
    limit_due = _time(one.get("limit_due"))
    found.asked_beyond = bool(limit_due and found.answer_due and found.answer_due > limit_due)


def _later_rounds(found: Snapshot, before: Snapshot | None, clocks: Iterable[Mapping[str, Any]]) -> None:
    found.rework_late = bool(before and before.rework_late)
    for one in clocks:
        found.rework_late |= bool(one.get("breached")) or one["state"] == "late"
        if one["state"] == "running":
            found.rework_due = _time(one["due"])


def _visit(found: Snapshot, before: Snapshot | None, case: Case, event: CaseEvent) -> None:
    """Whether the latest visitor is the one whose work the customer was asked about."""
    found.visit_own = before.visit_own if before else None
    if event.name != "followed_up":
        return
    worker = case.handler_id
    if worker is None and event.person_id is not None:
        done = case.events.filter(name__in=("completed", "answered"), person__isnull=False).order_by(
            "-at", "-id"
        )
        worker = done.values_list("person_id", flat=True).first()
    found.visit_own = None if event.person_id is None or worker is None else event.person_id == worker


def _moved_late(before: Snapshot | None, after: Snapshot, event: CaseEvent) -> bool:
    """The customer's deadline was moved later by a change, when a fifth of its time or less was left."""
    if before is None or event.name not in ("amended", "judged") or before.answer_state != "running":
        return False
    if not (before.answer_started and before.answer_due and after.answer_due):
        return False
    near = before.answer_due - (before.answer_due - before.answer_started) * LAST_PART
    return after.answer_due > before.answer_due and event.at >= near


def _span(case: Case, event: CaseEvent, after: Snapshot) -> None:
    if after.open:
        insert([opened_span(case, event, after)])
        return
    span = OpenSpan.objects.filter(case=case, closed_at__isnull=True).first()
    if span is not None:
        close_span(span, case, event)
        span.save(update_fields=["closed_as", "approved", "closed_at", "closed_known"])


def opened_span(case: Case, event: CaseEvent, after: Snapshot) -> OpenSpan:
    return OpenSpan(
        company_id=case.company_id,
        unit_id=case.unit_id,
        site_id=after.site_id,
        case=case,
        registered_at=case.registered_at,
        opened_as=SpanOpened.NEW if event.name == "registered" else SpanOpened.REOPENED,
        opened_at=event.at,
        opened_known=event.recorded_at,
    )


def close_span(span: OpenSpan, case: Case, event: CaseEvent) -> None:
    """The caller saves."""
    span.closed_as, span.approved = case.state, case.approved_closure and case.state == "closed"
    span.closed_at = max(event.at, span.opened_at)
    span.closed_known = max(event.recorded_at, span.opened_known)


def _promises(case: Case, event: CaseEvent, after: Snapshot) -> None:
    clocks = [one for one in case.standing.get("clocks", ()) if one["name"] == PROMISE]
    if not clocks:
        return
    known = {(row.key, row.made_at): row for row in PromiseRun.objects.filter(case=case)}
    for one in clocks:
        made = _time(one["started"]) or event.at
        row = known.get((one.get("key", ""), made)) or PromiseRun(
            company_id=case.company_id,
            unit_id=case.unit_id,
            site_id=after.site_id,
            case=case,
            month=after.month,
            key=one.get("key", ""),
            made_at=made,
            known_from=event.recorded_at,
        )
        _copy_promise(row, one, event.recorded_at)


def _copy_promise(row: PromiseRun, clock: Mapping[str, Any], known: datetime) -> None:
    stopped = _time(clock.get("stopped"))
    values: dict[str, Any] = {
        "due": _time(clock["due"]),
        "state": clock["state"],
        "breached": bool(clock.get("breached")),
        "stopped": stopped,
        "stopped_known": (row.stopped_known or known) if stopped else None,
    }
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
