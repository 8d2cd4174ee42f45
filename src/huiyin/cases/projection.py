"""Keeps the rows of a case in step with its standing: the case itself, its clocks, its links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from huiyin.cases.draws import visit_made
from huiyin.cases.models import Case, CaseClock, CaseEvent, CaseLink
from huiyin.core.rows import insert
from huiyin.engine import Clock, Event, Standing, next_moment
from huiyin.organization.models import Person, Unit

# Facts of a case that are columns of the same name.
TEXT_FACTS = (
    "channel",
    "via",
    "category",
    "severity",
    "urgency",
    "region",
    "responsible_party",
    "external_number",
    "reporter",
    "reporter_phone",
    "demand",
    "text",
)


def project_standing(case: Case, standing: Standing) -> None:
    """Set the case's columns from its standing. The caller saves."""
    case.standing = standing.to_dict()
    case.kind = standing.kind
    case.state = str(standing.state)
    case.open = standing.open
    case.level = standing.level or ""
    case.owner_post = standing.owner or ""
    case.validity = str(standing.validity or "")
    case.round = standing.round
    case.closed_at = standing.closed_at
    running = [clock for clock in standing.clocks if clock.state == "running"]
    first = min(running, key=lambda clock: clock.due, default=None)
    case.next_due = first.due if first else None
    case.next_clock = first.name if first else ""
    case.breached = bool(standing.breaches)
    case.chased = standing.chased
    case.approval_post = awaited_post(standing)
    case.follow_up_needed = any(one.what == "followed_up" for one in standing.required) and case.open


def awaited_post(standing: Standing) -> str:
    """Who must approve something of the case next, or decide an assessment, also of one that is closed."""
    if standing.approvals and standing.open:
        return standing.approvals[0].post
    return next((one.by for one in standing.assessments if one.pending), "")


def project_facts(case: Case, facts: dict[str, Any]) -> None:
    """Set columns from facts given at registration or amended later."""
    for name in TEXT_FACTS:
        if name in facts:
            setattr(case, name, str(facts[name] or ""))
    if "safety" in facts:
        case.safety = bool(facts["safety"])
    if "answer_by" in facts:
        case.answer_by = datetime.fromisoformat(facts["answer_by"]) if facts["answer_by"] else None


def project_event(case: Case, event: Event) -> None:
    """Set what a single event says of the case beyond its standing."""
    case.last_event_at = max(case.last_event_at, event.at)
    function = _BY_EVENT.get(event.name)
    if function is not None:
        function(case, event)


def _amended(case: Case, event: Event) -> None:
    project_facts(case, dict(event.data))


def _judged(case: Case, event: Event) -> None:
    facts = ("severity", "urgency", "responsible_party")
    project_facts(case, {name: event.data[name] for name in facts if event.data.get(name)})


def _answered(case: Case, event: Event) -> None:
    case.answered_at = case.answered_at or event.at


def _completed(case: Case, event: Event) -> None:
    case.completed_at = event.at


def _followed_up(case: Case, event: Event) -> None:
    case.follow_up_outcome = str(event.data.get("outcome", ""))
    visit_made(case, case.follow_up_outcome, event.at)


def _assigned(case: Case, event: Event) -> None:
    data = event.data
    case.assigned_post = str(data.get("to_post") or "")
    if unit := data.get("to_unit"):
        case.assigned_unit = Unit.objects.filter(company_id=case.company_id, code=unit).first()
    person = data.get("person")
    case.handler = (
        Person.objects.filter(company_id=case.company_id, username=person).first() if person else None
    )


def _linked(case: Case, event: Event) -> None:
    to = Case.objects.filter(company_id=case.company_id, number=event.data.get("to")).first()
    if to is not None:
        CaseLink.objects.get_or_create(
            company_id=case.company_id,
            case=case,
            to=to,
            relation=event.data.get("relation", "related"),
            defaults={"at": event.at},
        )


def _unlinked(case: Case, event: Event) -> None:
    links = CaseLink.objects.filter(case=case, to__number=event.data.get("to"))
    if event.data.get("relation"):
        links = links.filter(relation=event.data["relation"])
    links.delete()


_BY_EVENT = {
    "amended": _amended,
    "judged": _judged,
    "answered": _answered,
    "completed": _completed,
    "followed_up": _followed_up,
    "assigned": _assigned,
    "linked": _linked,
    "unlinked": _unlinked,
}


def sync_clocks(case: Case, standing: Standing, *, new: bool = False) -> None:
    """Write the clocks that changed. A clock started anew is a new run; runs before it stay as they ended.

    A `new` case has no clocks yet.
    """
    known = () if new else CaseClock.objects.filter(case=case).order_by("run")
    rows = clock_rows(case, standing, {(row.name, row.key): row for row in known})
    for row in rows:
        if row.pk is not None:
            row.save()
    insert([row for row in rows if row.pk is None])


def clock_rows(
    case: Case, standing: Standing, latest: Mapping[tuple[str, str], CaseClock]
) -> list[CaseClock]:
    """The rows that differ from the latest runs known, or are new. The caller writes them."""
    wakes = next_moment(standing) is not None
    found = []
    for clock in standing.clocks:
        row = latest.get((clock.name, clock.key))
        if row is None or row.started != clock.started:
            run = row.run + 1 if row else 1
            if row is not None and row.next_at is not None:
                row.next_at = None
                found.append(row)
            row = CaseClock(company_id=case.company_id, case=case, name=clock.name, key=clock.key, run=run)
        if _copy(row, clock, wakes):
            found.append(row)
    return found


SAME = (
    "clause",
    "state",
    "round",
    "started",
    "due",
    "warn_at",
    "warned",
    "breached",
    "breached_due",
    "stopped",
    "limit",
    "limit_due",
    "asked",
    "estimated",
)


def _copy(row: CaseClock, clock: Clock, wakes: bool) -> bool:
    """Copy a clock into its row; whether anything changed."""
    values = {name: getattr(clock, name) for name in SAME}
    values["next_at"] = _next_at(clock) if wakes else None
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed) or row.pk is None


def _next_at(clock: Clock) -> datetime | None:
    """When this clock wakes its case: its warning or its breach, whichever is still to come."""
    if clock.state != "running" or clock.breached:
        return None
    if clock.warn_at is not None and not clock.warned:
        return clock.warn_at
    return clock.due


def local_iso(value: datetime) -> str:
    """The wire form of a time: ISO 8601 with offset, to the second."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def event_row(case: Case, event: Event, entry: Any, person: Person | None, data: dict[str, Any]) -> CaseEvent:
    """The row of an event. The caller writes it."""
    return CaseEvent(
        company_id=case.company_id,
        case=case,
        entry=entry,
        name=event.name,
        at=event.at,
        recorded_at=entry.recorded_at,
        actor_name=entry.actor_name,
        person=person,
        post=entry.post,
        data=data,
    )
