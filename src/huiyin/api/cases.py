"""The four paths of cases. Thin: services decide, `problems` answers errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import BaseModel, Field

from huiyin.api.auth import actor_of
from huiyin.api.idempotency import once
from huiyin.api.kinds import Moment, Text, bounded, storable
from huiyin.api.problems import ERRORS, answer
from huiyin.api.schemas import CaseLine, CaseOut, Done, EventIn, Page, Registration
from huiyin.cases.concerned import concerned_in, without_secrets
from huiyin.cases.models import Case
from huiyin.cases.recording import Recorded, record, register
from huiyin.cases.selectors import event_texts, get_case, visible_cases
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.selectors import rules_of

router = Router(tags=["cases"])
OWN = ("id", "at", "event", "version")


def _data(body: BaseModel) -> dict[str, Any]:
    """The facts of a body as the engine reads them: JSON values, without what was left out."""
    values = body.model_dump(mode="json", exclude_none=True)
    return {key: value for key, value in values.items() if key not in OWN}


def _check_times(case: Case, event: str, data: dict[str, Any]) -> None:
    """Times among the event's own fields lie in the same bounds as the others."""
    types = rules_of(case.edition).procedure.fields.get(event, {})
    for name, value in data.items():
        if types.get(name) != "time":
            continue
        try:
            bounded(datetime.fromisoformat(value))
        except (TypeError, ValueError) as error:
            raise InvalidInput("A time cannot be read.", fields={name: str(error)}) from error


@contextmanager
def _once_by_id() -> Iterator[None]:
    """Two requests with the same id at the same moment: the second is told, as it would be a moment later."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict("This id was used before.", code="already_recorded") from error


def _answered(status: int, body: dict[str, Any]) -> Any:
    """What was done, or the refusal that the same request had before."""
    return answer(body) if status >= 400 else Status(status, body)


def _case(actor: Actor, number: str) -> Case:
    """The case, for whoever may view. NotFound for what no number can be, too."""
    actor.require(Capability.VIEW)
    try:
        return get_case(actor, storable(number))
    except ValueError as error:
        raise NotFound("There is no such case.") from error


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
def register_case(request: HttpRequest, body: Registration) -> Any:
    """Register a case. 409 where the procedure refuses, with reason, missing and clause."""
    actor = actor_of(request)

    def work() -> tuple[int, dict[str, Any]]:
        with _once_by_id():
            return 201, _done(register(actor=actor, data=_data(body), at=body.at, uuid=body.id))

    return _answered(*once(request, actor, work))


@router.post("/cases/{number}/events", response={201: Done, **ERRORS}, operation_id="record_event")
def record_event(request: HttpRequest, number: str, body: EventIn) -> Any:
    """Record an event of a case. 409 where the procedure refuses, with reason, missing and clause."""
    actor = actor_of(request)
    case = _case(actor, number)
    data = _data(body)
    _check_times(case, body.event, data)

    def work() -> tuple[int, dict[str, Any]]:
        with _once_by_id():
            return 201, _done(
                record(
                    actor=actor,
                    case=case,
                    name=body.event,
                    data=data,
                    at=body.at,
                    uuid=body.id,
                    expected_version=body.version,
                )
            )

    return _answered(*once(request, actor, work))


class Filters(Schema):
    """What a list may be narrowed by."""

    unit: Text | None = Field(None, max_length=40)
    kind: Text | None = Field(None, max_length=40)
    state: Text | None = Field(None, max_length=20)
    open: bool | None = None
    external_number: Text | None = Field(None, max_length=80)
    registered_from: Moment | None = None
    registered_before: Moment | None = None
    cursor: Text | None = Field(None, max_length=20, description="`next` of the page before")
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
    actor = actor_of(request)
    case = _case(actor, number)
    events = list(case.events.order_by("at", "id"))
    texts, known = event_texts(events), concerned_in(actor, case)
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
                "data": without_secrets(event.name, {**event.data, **texts.get(event.pk, {})}, known),
            }
            for event in events
        ],
    }


def _line(case: Case) -> dict[str, Any]:
    line = {name: getattr(case, name) for name in CaseLine.model_fields if name not in ("id", "unit")}
    return {**line, "id": case.uuid, "unit": case.unit.code}
