"""Customers and their phones. Names and numbers go into the journal's erasable texts, never into its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.customers.keys import remake_customers
from huiyin.customers.models import Customer, CustomerKind, Nature, Phone, Residency
from huiyin.customers.phones import normalise
from huiyin.customers.scope import require_change
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit


def require_customer(actor: Actor, customer: Customer) -> None:
    """The actor may change the customer: in his own unit, or in the unit of a household he is in."""
    if customer.company_id != actor.company_id:
        raise NotFound(_("没有找到，或者不归您管。"))
    homes = Residency.objects.filter(customer=customer).values_list("household__unit_id", flat=True)
    if not any(actor.may(Capability.CUSTOMERS, unit_id) for unit_id in {customer.unit_id, *homes}):
        require_change(actor, customer.unit_id)
    if customer.erased_at or customer.merged_into_id:
        raise Conflict(_("这位客户的资料已经合并或删除，不能再修改。"), code="customer_gone")


def create_customer(
    *,
    actor: Actor,
    unit: Unit,
    name: str,
    kind: str = CustomerKind.OWNER,
    nature: str = Nature.PERSON,
    note: str = "",
    phones: Sequence[str] = (),
) -> Customer:
    """`phones` as somebody wrote them, the first is called first."""
    if unit.company_id != actor.company_id:
        raise NotFound(_("没有找到，或者不归您管。"))
    require_change(actor, unit.pk)
    name = _checked(name, kind, nature)
    with transaction.atomic():
        customer = Customer.objects.create(
            company_id=unit.company_id, unit=unit, name=name, kind=kind, nature=nature, note=note.strip()
        )
        texts = {"name": name, "note": customer.note}
        record(actor, customer, "customer_created", {"kind": kind, "nature": nature}, texts)
        for index, number in enumerate(phones):
            _new_phone(actor, customer, number, "", primary=index == 0)
        remake_customers([customer])
    return customer


def same_customer(unit: Unit, name: str, phones: Sequence[str]) -> Customer | None:
    """Somebody of the same name with one of these numbers is the same person."""
    numbers = [normalise(number)[0] for number in phones]
    if not numbers:
        return None
    return Customer.objects.filter(
        unit=unit,
        name=name,
        phones__number__in=numbers,
        merged_into__isnull=True,
        erased_at__isnull=True,
    ).first()


def _checked(name: str, kind: str, nature: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(_("请填写姓名或名称。"), fields={"name": _("请填写姓名或名称。")})
    if kind not in CustomerKind.values or nature not in Nature.values:
        raise InvalidInput(_("请选择客户的类别。"), fields={"kind": _("请选择客户的类别。")})
    return name


def update_customer(
    *,
    actor: Actor,
    customer: Customer,
    name: str | None = None,
    kind: str | None = None,
    nature: str | None = None,
    note: str | None = None,
) -> Customer:
    """What is None stays."""
    require_customer(actor, customer)
    before = {field: getattr(customer, field) for field in ("name", "kind", "nature", "note")}
    customer.kind = kind if kind is not None else customer.kind
    customer.nature = nature if nature is not None else customer.nature
    customer.name = _checked(customer.name if name is None else name, customer.kind, customer.nature)
    customer.note = customer.note if note is None else note.strip()
    changed = [field for field, value in before.items() if getattr(customer, field) != value]
    if not changed:
        return customer
    texts = {field: getattr(customer, field) for field in changed if field in ("name", "note")}
    data = {field: getattr(customer, field) for field in changed if field not in texts}
    with transaction.atomic():
        customer.save(update_fields=changed)
        record(actor, customer, "customer_updated", {**data, "changed": changed}, texts)
        remake_customers([customer])
    return customer


def close_customer(*, actor: Actor, customer: Customer) -> Customer:
    """No longer a customer: found no more while typing, kept in history. Refused while in a household."""
    require_customer(actor, customer)
    if Residency.objects.filter(customer=customer, until__isnull=True).exists():
        raise Conflict(_("这位客户还住在房屋里，先办理迁出。"), code="customer_resident")
    with transaction.atomic():
        customer.closed_on = clock.today()
        customer.save(update_fields=["closed_on"])
        record(actor, customer, "customer_closed")
        remake_customers([customer])
    return customer


def add_phone(
    *, actor: Actor, customer: Customer, number: str, label: str = "", primary: bool = False
) -> Phone:
    """The first number is the primary one. The same number twice is one."""
    require_customer(actor, customer)
    with transaction.atomic():
        phone = _new_phone(actor, customer, number, label, primary=primary)
        remake_customers([customer])
    return phone


def _new_phone(actor: Actor, customer: Customer, text: str, label: str, *, primary: bool) -> Phone:
    try:
        number, digits = normalise(text)
    except ValueError as error:
        message = _("“%(number)s”不像电话号码。") % {"number": text}
        raise InvalidInput(message, fields={"number": message}) from error
    known = Phone.objects.filter(customer=customer, number=number).first()
    if known is not None:
        return known
    primary = primary or not Phone.objects.filter(customer=customer, primary=True).exists()
    if primary:
        Phone.objects.filter(customer=customer, primary=True).update(primary=False)
    phone = Phone.objects.create(
        company_id=customer.company_id,
        customer=customer,
        number=number,
        digits=digits,
        label=label.strip(),
        primary=primary,
    )
    record(actor, customer, "phone_added", {"phone": phone.pk, "primary": primary}, {"number": number})
    return phone


def update_phone(*, actor: Actor, phone: Phone, label: str | None = None, primary: bool = False) -> Phone:
    """Relabel, or make it the one that is called first."""
    require_customer(actor, phone.customer)
    with transaction.atomic():
        if primary and not phone.primary:
            Phone.objects.filter(customer_id=phone.customer_id, primary=True).update(primary=False)
            phone.primary = True
        if label is not None:
            phone.label = label.strip()
        phone.save(update_fields=["label", "primary"])
        record(actor, phone.customer, "phone_updated", {"phone": phone.pk, "primary": phone.primary})
    return phone


def remove_phone(*, actor: Actor, phone: Phone) -> None:
    customer = phone.customer
    require_customer(actor, customer)
    with transaction.atomic():
        removed = phone.pk
        phone.delete()
        following = Phone.objects.filter(customer=customer).order_by("id").first()
        if following is not None and not Phone.objects.filter(customer=customer, primary=True).exists():
            following.primary = True
            following.save(update_fields=["primary"])
        record(actor, customer, "phone_removed", {"phone": removed})
        remake_customers([customer])


def record(
    actor: Actor,
    customer: Customer,
    name: str,
    data: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    kept = {field: text for field, text in (texts or {}).items() if text}
    record_action(
        actor=actor, subject_kind="customer", subject_id=customer.pk, name=name, data=data, texts=kept
    )
