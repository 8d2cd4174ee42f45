"""Telephone numbers on a case: masked, and shown in full only with a record of who looked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.selectors import visible_cases
from huiyin.core.errors import NotFound
from huiyin.customers.models import Customer, Phone, Residency
from huiyin.customers.phones import masked, normalise, readable
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor

REPORTER = "reporter"


@dataclass(frozen=True, slots=True)
class ShownPhone:
    """One number; `full` only once somebody asked to see it."""

    id: str
    masked: str
    label: str
    url: str
    full: str = ""

    @property
    def dial(self) -> str:
        return "".join(sign for sign in self.full if sign.isdigit() or sign == "+")


def _digits(text: str) -> str:
    try:
        return normalise(text)[1]
    except ValueError:
        return text


def phones_of(case: Case) -> list[ShownPhone]:
    """The reporter's number, then those of the customer, or of the household where no customer is named."""
    found = []
    if case.reporter_phone:
        found.append(_shown(case, REPORTER, _digits(case.reporter_phone), case.reporter or _("报事人")))
    for phone in _customer_phones(case):
        if _digits(case.reporter_phone) != phone.digits:
            found.append(_shown(case, str(phone.pk), phone.digits, phone.label or str(phone.customer)))
    return found


def _customer_phones(case: Case) -> list[Phone]:
    if case.customer_id is not None:
        customers = Customer.objects.filter(pk=case.customer_id)
    elif case.household_id is not None:
        living = Residency.objects.filter(household_id=case.household_id, until__isnull=True)
        customers = Customer.objects.filter(residencies__in=living)
    else:
        return []
    phones = Phone.objects.filter(customer__in=customers).select_related("customer")
    return list(phones.order_by("-primary", "id")[:4])


def _shown(case: Case, key: str, digits: str, label: str) -> ShownPhone:
    url = reverse("cases:reveal", args=[case.number, key])
    return ShownPhone(id=key, masked=masked(digits), label=label, url=url)


def reveal(*, actor: Actor, case: Case, key: str) -> ShownPhone:
    """A number of a case the actor may see, in full. That this person saw it is on the case's record."""
    if not visible_cases(actor).filter(pk=case.pk).exists():
        raise NotFound(_("没有这张工单，或不在您的范围内。"))
    digits, label = _found(case, key)
    with transaction.atomic():
        record_action(
            actor=actor,
            subject_kind="case",
            subject_id=str(case.uuid),
            name="phone_revealed",
            data={"phone": key},
        )
    shown = _shown(case, key, digits, label)
    return ShownPhone(shown.id, shown.masked, shown.label, shown.url, readable(digits))


def _found(case: Case, key: str) -> tuple[str, str]:
    if key == REPORTER and case.reporter_phone:
        return _digits(case.reporter_phone), case.reporter or _("报事人")
    for phone in _customer_phones(case):
        if str(phone.pk) == key:
            return phone.digits, phone.label or str(phone.customer)
    raise NotFound(_("没有这个号码。"))
