"""Letting go of what is past its retention: the keeper asks, another approves, then the words are erased."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.people import erase_words
from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.models import Capability, Unit
from huiyin.procedures.selectors import current_rules
from huiyin.records import hooks
from huiyin.records.models import ErasureRequest, ErasureState
from huiyin.records.retention_rules import kept_until_before
from huiyin.records.selectors import LISTED, case_rules, past_cases

SUBJECT = "erasure"


def may_ask(actor: Actor, keeper: str | None, unit_id: int) -> bool:
    """The keeper whom the procedure names; where it names none, whoever may approve there."""
    if keeper is None:
        return actor.may(Capability.APPROVE, unit_id)
    return actor.post_at(unit_id, among=[keeper]) is not None


def ask_erasure(*, actor: Actor, unit: Unit, rule: str, reason: str) -> ErasureRequest:
    """Ask that the words of what is past a rule's retention be erased: the oldest 200 cases at most."""
    rules = current_rules(actor)
    found = next((one for one in case_rules(rules) if one.title == rule), None)
    if found is None:
        raise NotFound(_("程序文件没有这条保存期规定。"))
    if not may_ask(actor, found.keeper, unit.pk):
        raise Forbidden(_("由程序规定的保管人提出。"), post=found.keeper or "")
    if not reason.strip():
        raise InvalidInput(_("请写明理由。"), fields={"reason": _("必填")})
    today = clock.today()
    cases = list(past_cases(rules, found, unit, today).values_list("pk", flat=True)[:LISTED])
    if not cases:
        raise InvalidInput(_("没有超过保存期的记录。"))
    with transaction.atomic():
        request = ErasureRequest.objects.create(
            company_id=actor.company_id,
            unit=unit,
            rule=found.title,
            clause=found.clause,
            before=kept_until_before(found, today),
            cases=cases,
            reason=reason.strip(),
            asked_by=actor.person,
            asked_name=actor.name,
            asked_at=clock.now(),
        )
        _journal(actor, request, "erasure_asked", reason.strip())
    return request


def _journal(actor: Actor, request: ErasureRequest, name: str, reason: str = "") -> None:
    record_action(
        actor=actor,
        subject_kind=SUBJECT,
        subject_id=str(request.uuid),
        name=name,
        data={"rule": request.rule, "clause": request.clause, "cases": request.cases, "texts": request.texts},
        texts={"reason": reason} if reason else {},
    )


def decide_erasure(
    *, actor: Actor, request: ErasureRequest, approve: bool, reason: str = ""
) -> ErasureRequest:
    """Approve, and the words are erased; or decline. Never by the one who asked."""
    actor.require(Capability.APPROVE, request.unit_id)
    with transaction.atomic():
        request = (
            ErasureRequest.objects.select_for_update(of=("self",)).select_related("unit").get(pk=request.pk)
        )
        if request.state != ErasureState.ASKED:
            raise Conflict(_("这项申请已经有结论了。"), code="already_decided")
        if actor.person_id is not None and actor.person_id == request.asked_by_id:
            raise Forbidden(_("提出的人不能自己批准。"))
        request.decided_name, request.decided_at = actor.name, clock.now()
        request.state = ErasureState.DONE if approve else ErasureState.DECLINED
        if approve:
            request.texts = _erase(request, actor)
        request.save(update_fields=["decided_name", "decided_at", "state", "texts"])
        _journal(actor, request, "erasure_approved" if approve else "erasure_declined", reason.strip())
    return request


def _erase(request: ErasureRequest, actor: Actor) -> int:
    """Empty the words of the cases that are still closed; the chain keeps its digests and stays whole."""
    why = _("超过保存期（{rule}），{asked}提出，{approved}批准").format(
        rule=request.rule, asked=request.asked_name, approved=actor.name
    )
    system = system_actor(request.company_id)
    cases = Case.objects.filter(pk__in=request.cases, company_id=request.company_id, open=False)
    erased = sum(erase_words(system, case, reason=why) for case in cases.select_related("place", "customer"))
    hooks.erased(request.company_id)
    return erased
