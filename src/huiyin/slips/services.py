"""What is done with slips. Each is an event of the slip's case: the procedure's clocks and gates hold."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases.attachments import Arrived, attach_unseen
from huiyin.cases.models import Case
from huiyin.cases.numbers import number_of
from huiyin.cases.recording import Recorded, lock, record
from huiyin.core import clock
from huiyin.core.errors import InvalidInput, NotFound, Refused
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit
from huiyin.procedures.selectors import rules_of
from huiyin.slips.models import Slip
from huiyin.slips.selectors import visible_slips


def issue_slip(
    *,
    actor: Actor,
    case: Case,
    form: str,
    to_unit: str,
    text: str,
    reply_by: datetime | None = None,
    finish_by: datetime | None = None,
    uuid: uuids.UUID | None = None,
    expected_version: int | None = None,
) -> Slip:
    """Send a request about a case to a unit, numbered by the rule of its form.

    Raises Refused where the procedure refuses; then no number is used up and the refusal is on record.
    """
    _require_unit(actor, to_unit)
    if not text.strip():
        raise InvalidInput(_("请写明要对方做什么。"), fields={"text": _("必填")})
    facts = {"form": form, "to_unit": to_unit, "text": text, **_times(reply_by, finish_by)}
    refused: Refused | None = None
    with transaction.atomic():
        locked = lock(case.pk)
        try:
            with transaction.atomic():
                number = number_of(rules_of(locked.edition), unit=locked.unit, of=form, at=clock.now())
                record(
                    actor=actor,
                    case=locked,
                    name="slip_issued",
                    data={"slip": number, **facts},
                    uuid=uuid,
                    expected_version=expected_version,
                )
                return Slip.objects.get(company_id=actor.company_id, number=number)
        except Refused as error:
            refused = _refusal_on_record(actor, locked, {"slip": number, **facts}) or error
    raise refused


def _refusal_on_record(actor: Actor, case: Case, facts: Mapping[str, Any]) -> Refused | None:
    """The number went back with the attempt and its refusal; refused once more, it stays in the journal.

    The case is locked all the while, so the procedure cannot think differently the second time.
    """
    try:
        record(actor=actor, case=case, name="slip_issued", data=facts)
    except Refused as error:
        return error
    raise AssertionError("refused and then accepted in one transaction")


def _require_unit(actor: Actor, code: str) -> None:
    if not Unit.objects.filter(company_id=actor.company_id, code=code, active=True).exists():
        raise InvalidInput(_("请选择发给哪个部门。"), fields={"to_unit": _("没有找到")})


def _times(reply_by: datetime | None, finish_by: datetime | None) -> dict[str, str]:
    given = {"reply_by": reply_by, "finish_by": finish_by}
    return {name: value.isoformat() for name, value in given.items() if value is not None}


def receive_slip(
    *,
    actor: Actor,
    slip: Slip,
    signed_by: str = "",
    uuid: uuids.UUID | None = None,
    at: datetime | None = None,
) -> Recorded:
    """Sign for a slip: it has arrived and somebody has it."""
    return _record(actor, slip, "slip_received", {"text": signed_by}, uuid=uuid, at=at)


def answer_slip(
    *,
    actor: Actor,
    slip: Slip,
    text: str,
    finish_by: datetime | None = None,
    uuid: uuids.UUID | None = None,
    at: datetime | None = None,
) -> Recorded:
    """Say what will be done, and by when."""
    if not text.strip():
        raise InvalidInput(_("请写明怎么回复。"), fields={"text": _("必填")})
    return _record(actor, slip, "slip_answered", {"text": text, **_times(None, finish_by)}, uuid=uuid, at=at)


def finish_slip(
    *, actor: Actor, slip: Slip, result: str, uuid: uuids.UUID | None = None, at: datetime | None = None
) -> Recorded:
    """The work is done; what came of it."""
    return _record(actor, slip, "slip_finished", {"result": result}, uuid=uuid, at=at)


def evaluate_slip(
    *,
    actor: Actor,
    slip: Slip,
    satisfied: bool,
    text: str = "",
    uuid: uuids.UUID | None = None,
    at: datetime | None = None,
) -> Recorded:
    """The sender says whether it is good; where it is not, another round begins."""
    if not satisfied and not text.strip():
        raise InvalidInput(_("请写明哪里没有办好。"), fields={"text": _("必填")})
    return _record(actor, slip, "slip_evaluated", {"satisfied": satisfied, "text": text}, uuid=uuid, at=at)


def _record(
    actor: Actor,
    slip: Slip,
    name: str,
    facts: Mapping[str, Any],
    *,
    uuid: uuids.UUID | None,
    at: datetime | None,
) -> Recorded:
    if not actor.system and not visible_slips(actor).filter(pk=slip.pk).exists():
        raise NotFound(_("没有这张联络单，或不在您的范围内。"))
    return record(
        actor=actor,
        case=slip.case,
        name=name,
        data={"slip": slip.number, **facts},
        uuid=uuid,
        at=at,
        through=slip.to_unit_id,
    )


def keep_signature(*, actor: Actor, slip: Slip, arrived: list[Arrived]) -> None:
    """What was signed on the screen, among the files of the case, which the signer need not see."""
    if not visible_slips(actor).filter(pk=slip.pk).exists():
        raise NotFound(_("没有这张联络单，或不在您的范围内。"))
    attach_unseen(actor=actor, case=slip.case, arrived=arrived)
