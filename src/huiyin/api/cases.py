"""The four paths of cases. Thin: services decide, `problems` answers errors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from huiyin.api.auth import actor_of
from huiyin.api.idempotency import once
from huiyin.api.problems import ERRORS
from huiyin.api.schemas import CaseLine, CaseOut, Done, EventIn, Page, Registration
from huiyin.cases.models import Case
from huiyin.cases.recording import Recorded, record, register
from huiyin.cases.selectors import event_texts, get_case, visible_cases
from huiyin.core.errors import InvalidInput
from huiyin.organization.models import Capability

router = Router(tags=["cases"])
OWN = ("id", "at", "event", "version")


def _data(body: Schema) -> dict[str, Any]:
    """The facts of a body as the engine reads them: JSON values, without what was left out."""
    values = body.model_dump(mode="json", exclude_none=True)
    return {key: value for key, value in values.items() if key not in OWN}


def _done(recorded: Recorded) -> dict[str, Any]:
    case = recorded.case
    effects = []
    for effect in recorded.effects:
        line = effect.to_dict()
        line.pop("case", None)
        effects.append(line)
    return {
        "number": case.number,
        "id": str(case.uuid),
        "state": case.state,
        "version": case.version,
        "effects": effects,
    }


@router.post("/cases", response={201: Done, **ERRORS}, operation_id="register_case")
def register_case(request: HttpRequest, body: Registration) -> Status[Any]:
    """Register a case. 409 where the procedure refuses, with reason, missing and clause."""
    actor = actor_of(request)

    def work() -> tuple[int, dict[str, Any]]:
        return 201, _done(register(actor=actor, data=_data(body), at=body.at, uuid=body.id))

    return Status(*once(request, actor, work))


@router.post("/cases/{number}/events", response={201: Done, **ERRORS}, operation_id="record_event")
def record_event(request: HttpRequest, number: str, body: EventIn) -> Status[Any]:
    """Record an event of a case. 409 where the procedure refuses, with reason, missing and clause."""
    actor = actor_of(request)
    case = get_case(actor, number)

    def work() -> tuple[int, dict[str, Any]]:
        return 201, _done(
            record(
                actor=actor,
                case=case,
                name=body.event,
                data=_data(body),
                at=body.at,
                uuid=body.id,
                expected_version=body.version,
            )
        )

    return Status(*once(request, actor, work))


class Filters(Schema):
    """What a list may be narrowed by."""

    unit: str | None = Field(None, max_length=40)
    kind: str | None = Field(None, max_length=40)
    state: str | None = Field(None, max_length=20)
    open: bool | None = None
    external_number: str | None = Field(None, max_length=80)
    registered_from: datetime | None = None
    registered_before: datetime | None = None
    cursor: str | None = Field(None, max_length=20, description="`next` of the page before")
    limit: int = Field(50, ge=1, le=200)


@router.get("/cases", response={200: Page, **ERRORS}, operation_id="list_cases")
def list_cases(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    """The cases the token may see, newest first, by cursor."""
    actor = actor_of(request)
    actor.require(Capability.VIEW)
    cases = visible_cases(actor).select_related("unit").order_by("-id")
    wanted = {
        "unit__code": filters.unit,
        "kind": filters.kind,
        "state": filters.state,
        "open": filters.open,
        "external_number": filters.external_number,
        "registered_at__gte": filters.registered_from,
        "registered_at__lt": filters.registered_before,
        "id__lt": _cursor(filters.cursor),
    }
    cases = cases.filter(**{name: value for name, value in wanted.items() if value is not None})
    rows = list(cases[: filters.limit + 1])
    more = len(rows) > filters.limit
    rows = rows[: filters.limit]
    return {"items": [_line(case) for case in rows], "next": str(rows[-1].pk) if more else None}


def _cursor(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidInput("The cursor is not one of ours.", fields={"cursor": "take it from `next`"})
    return int(text)


@router.get("/cases/{number}", response={200: CaseOut, **ERRORS}, operation_id="get_case")
def show_case(request: HttpRequest, number: str) -> dict[str, Any]:
    """One case by number or id."""
    case = get_case(actor_of(request), number)
    events = list(case.events.order_by("at", "id"))
    texts = event_texts(events)
    return {
        **_line(case),
        "text": case.text,
        "demand": case.demand,
        "reporter": case.reporter,
        "place": case.place.full_name if case.place else "",
        "household": case.household.uuid if case.household else None,
        "customer": case.customer.uuid if case.customer else None,
        "owner": case.owner_post,
        "answer_by": case.answer_by,
        "clocks": list(case.clocks.order_by("id")),
        "events": [
            {
                "event": event.name,
                "at": event.at,
                "recorded_at": event.recorded_at,
                "actor": event.actor_name,
                "post": event.post,
                "data": {**event.data, **texts.get(event.pk, {})},
            }
            for event in events
        ],
    }


def _line(case: Case) -> dict[str, Any]:
    line = {name: getattr(case, name) for name in CaseLine.model_fields if name not in ("id", "unit")}
    return {**line, "id": case.uuid, "unit": case.unit.code}
