"""How each clause of a procedure was followed, for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from huiyin.api.auth import actor_of
from huiyin.api.kinds import Text, storable
from huiyin.api.problems import ERRORS
from huiyin.core.errors import Forbidden, InvalidInput, NotFound
from huiyin.evidence.whole import whole_procedure
from huiyin.organization.models import Capability
from huiyin.procedures.models import Edition, EditionState
from huiyin.procedures.pages import chosen_units

router = Router(tags=["procedures"])
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


class Days(Schema):
    """The days and the unit asked for; days are in the installation's time zone, both included."""

    since: date
    until: date
    unit: Text | None = Field(None, max_length=40)


class ClauseOut(Schema):
    """One clause. A figure counts cases; `proof` is system, statement or none."""

    clause: str
    title: str
    proof: str
    applied: int
    met: int
    late: int
    refused: int
    open: int
    statements: int


class EvidenceOut(Schema):
    procedure: str
    edition: str
    clauses: list[ClauseOut]


@router.get(
    "/procedures/{code}/evidence", response={200: EvidenceOut, **ERRORS}, operation_id="procedure_evidence"
)
def procedure_evidence(request: HttpRequest, code: str, days: Query[Days]) -> Any:
    """How often each clause applied, was met, late, refused or is open. For who reports or audits."""
    actor = actor_of(request)
    if not (actor.may(Capability.REPORT) or actor.may(Capability.AUDIT)):
        raise Forbidden("The token neither reports nor audits.")
    if not FIRST <= days.since <= days.until < LAST:
        raise InvalidInput(
            "These days cannot be.", fields={"until": "not before since, between 2000 and 2100"}
        )
    try:
        wanted = storable(code)
    except ValueError as error:
        raise NotFound("There is no such procedure.") from error
    rows = Edition.objects.filter(
        company_id=actor.company_id, procedure__code=wanted, state=EditionState.EFFECTIVE
    )
    edition = rows.select_related("procedure").order_by("effective_from", "id").last()
    if edition is None:
        raise NotFound("There is no such procedure in force.")
    _unit, units = chosen_units(actor, days.unit or "")
    whole = whole_procedure(actor, edition, days.since, days.until, units)
    clauses = [
        {
            "clause": one.id,
            "title": one.title,
            "proof": one.proof,
            "statements": one.statements,
            **dict(one.figures),
        }
        for one in whole.lines
    ]
    return {"procedure": edition.procedure.code, "edition": edition.label, "clauses": clauses}
