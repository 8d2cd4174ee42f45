"""What becomes of cases when people change: customers merged or forgotten, colleagues who leave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases.models import Attachment, Case, Draft
from huiyin.cases.recording import SUBJECT, record
from huiyin.cases.search import index_case
from huiyin.core.errors import Conflict
from huiyin.customers.models import Customer
from huiyin.journal.models import Entry
from huiyin.journal.services import erase_texts, record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Person, Unit
from huiyin.organization.services.handover import HandoverHook
from huiyin.organization.services.units import UnitMatters


def customers_merged(actor: Actor, kept: Customer, gone: Customer) -> None:
    """The duplicate's cases are the kept customer's from now on; each says so in its own history."""
    cases = Case.objects.select_for_update(of=("self",)).filter(company_id=actor.company_id, customer=gone)
    for case in cases.select_related("place").order_by("pk"):
        case.customer = kept
        case.save(update_fields=["customer"])
        index_case(case)
        record_action(
            actor=actor,
            subject_kind=SUBJECT,
            subject_id=str(case.uuid),
            name="case_customer_merged",
            data={"from": str(gone.uuid), "to": str(kept.uuid)},
        )
    for draft in Draft.objects.filter(company_id=actor.company_id, data__customer=str(gone.uuid)):
        draft.data = {**draft.data, "customer": str(kept.uuid)}
        draft.save(update_fields=["data"])


def customer_erased(actor: Actor, customer: Customer) -> None:
    """Every word of and about the customer goes from his cases; numbers, times, codes and the chain stay.

    Raises Conflict while one of them is open: the words are still needed to serve him.
    """
    cases = Case.objects.select_for_update(of=("self",)).filter(
        company_id=actor.company_id, customer=customer
    )
    waiting = cases.filter(open=True).count()
    if waiting:
        message = _("这位客户还有 %(count)d 张工单没有办完，办完才能删除他的资料。")
        raise Conflict(message % {"count": waiting}, code="customer_has_open_cases")
    for case in cases.select_related("place", "customer").order_by("pk"):
        erase_words(actor, case, reason=_("应客户要求删除个人资料"))
    _erase_refused(actor, customer)
    Draft.objects.filter(company_id=actor.company_id, data__customer=str(customer.uuid)).delete()


def erase_words(actor: Actor, case: Case, *, reason: str) -> int:
    """Empty a case's personal words wherever they stand; returns how many of the journal's texts."""
    erased = erase_texts(actor=actor, reason=reason, subject=(SUBJECT, str(case.uuid)))
    case.text = case.demand = case.reporter = case.reporter_phone = ""
    case.save(update_fields=["text", "demand", "reporter", "reporter_phone"])
    # what no row holds any more, the files' own cleaning removes
    Attachment.objects.filter(case=case).delete()
    index_case(case)
    return erased


def _erase_refused(actor: Actor, customer: Customer) -> None:
    """A registration that was refused made no case, but its words stand in the journal."""
    refused = Entry.objects.filter(
        company_id=actor.company_id,
        name="refused",
        chain__subject_kind=SUBJECT,
        data__facts__customer=str(customer.uuid),
        texts__erased_at__isnull=True,
    )
    numbers = list(refused.distinct().values_list("pk", flat=True))
    if numbers:
        erase_texts(actor=actor, reason=_("应客户要求删除个人资料"), entries=numbers)


def _open_cases(person: Person) -> Q:
    return Q(handler=person, open=True, company_id=person.company_id)


def count_open(leaving: Person) -> int:
    return Case.objects.filter(_open_cases(leaving)).count()


def hand_over(actor: Actor, leaving: Person, to: Person, reason: str) -> int:
    """Give what somebody handles to another, as an assignment that the journal holds with its reason.

    Whoever may manage the leaving person's account does this, whatever his post may assign: the organisation
    has checked that, so here he acts for the system, under his own name.
    """
    acting = replace(actor, system=True)
    cases = list(Case.objects.filter(_open_cases(leaving)).select_related("assigned_unit").order_by("pk"))
    for case in cases:
        record(actor=acting, case=case, name="assigned", data=_assignment(case, to, reason))
    return len(cases)


def _assignment(case: Case, to: Person, reason: str) -> dict[str, Any]:
    """The same post and department as before, another person."""
    return {
        "to_post": case.assigned_post,
        "to_unit": case.assigned_unit.code if case.assigned_unit else "",
        "person": to.username,
        "reason": reason,
    }


def count_of_unit(unit: Unit) -> int:
    """Open cases of the unit itself, or given to it."""
    mine = Q(unit=unit) | Q(assigned_unit=unit)
    return Case.objects.filter(mine, company_id=unit.company_id, open=True).count()


OF_UNIT = UnitMatters(kind="cases", label=lazy("没办完的工单"), count=count_of_unit)
HANDOVER = HandoverHook(kind="cases", label=lazy("没办完的工单"), count=count_open, move=hand_over)
