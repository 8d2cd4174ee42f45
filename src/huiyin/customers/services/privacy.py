"""What personal information law asks: showing is logged, duplicates become one, a person can be forgotten."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.customers import hooks
from huiyin.customers.keys import remake_customers
from huiyin.customers.models import Customer, LookupKey, Phone, Place, Residency
from huiyin.customers.phones import readable
from huiyin.customers.scope import customers
from huiyin.customers.services.people import record, require_customer
from huiyin.journal.services import erase_texts
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability


def reveal_phone(*, actor: Actor, phone: Phone) -> str:
    """The number in full; that this person saw it is on record."""
    if not customers(actor).filter(pk=phone.customer_id).exists():
        raise NotFound(_("没有找到，或者不归您管。"))
    with transaction.atomic():
        record(actor, phone.customer, "phone_revealed", {"phone": phone.pk})
    return readable(phone.digits)


def merge_customers(*, actor: Actor, keep: Customer, duplicate: Customer) -> Customer:
    """Two records of one customer become one: homes, phones and what other rooms hold go to `keep`."""
    if keep.pk == duplicate.pk:
        raise InvalidInput(_("请选择另一位客户。"), code="same_customer")
    require_customer(actor, keep)
    require_customer(actor, duplicate)
    with transaction.atomic():
        list(Customer.objects.select_for_update().filter(pk__in=[keep.pk, duplicate.pk]).order_by("pk"))
        _move_homes(keep, duplicate)
        _move_phones(keep, duplicate)
        Place.objects.filter(developer=duplicate).update(developer=keep)
        hooks.merged(actor, keep, duplicate)
        duplicate.merged_into, duplicate.closed_on = keep, clock.today()
        duplicate.save(update_fields=["merged_into", "closed_on"])
        record(actor, keep, "customers_merged", {"duplicate": duplicate.pk})
        record(actor, duplicate, "customer_merged_away", {"into": keep.pk})
        remake_customers([keep, duplicate])
    return keep


def _move_homes(keep: Customer, duplicate: Customer) -> None:
    """The same role in the same household twice: the duplicate's ends today and stays as history."""
    theirs = set(
        Residency.objects.filter(customer=keep, until__isnull=True).values_list("household_id", "role")
    )
    for residency in Residency.objects.filter(customer=duplicate):
        if residency.until is None and (residency.household_id, residency.role) in theirs:
            _give_primary(residency, keep)
            residency.until = max(clock.today(), residency.since or clock.today())
        residency.customer = keep
        residency.save(update_fields=["customer", "until", "primary"])


def _give_primary(residency: Residency, keep: Customer) -> None:
    if not residency.primary:
        return
    residency.primary = False
    residency.save(update_fields=["primary"])
    Residency.objects.filter(
        household_id=residency.household_id, customer=keep, role=residency.role, until__isnull=True
    ).update(primary=True)


def _move_phones(keep: Customer, duplicate: Customer) -> None:
    known = set(Phone.objects.filter(customer=keep).values_list("number", flat=True))
    has_primary = Phone.objects.filter(customer=keep, primary=True).exists()
    for phone in Phone.objects.filter(customer=duplicate).order_by("-primary", "id"):
        if phone.number in known:
            phone.delete()
            continue
        phone.customer, phone.primary = keep, phone.primary and not has_primary
        phone.save(update_fields=["customer", "primary"])


def erase_customer(*, actor: Actor, customer: Customer, reason: str) -> Customer:
    """Forget a person: name, notes, phones, look-up keys and the journal's texts go; places, roles and days
    stay, and the journal still verifies. It cannot be undone, so it takes an administrator and a reason, and
    is refused while the customer is in a household.
    """
    require_customer(actor, customer)
    actor.require(Capability.ADMIN, customer.unit_id)
    if Residency.objects.filter(customer=customer, until__isnull=True).exists():
        raise Conflict(_("这位客户还住在房屋里，先办理迁出。"), code="customer_resident")
    with transaction.atomic():
        gone = [customer, *Customer.objects.filter(merged_into=customer, erased_at__isnull=True)]
        for one in gone:
            _empty(one)
            erase_texts(actor=actor, reason=reason, subject=("customer", one.pk))
            hooks.erased(actor, one)
            record(actor, one, "customer_erased")
    return customer


def _empty(customer: Customer) -> None:
    moment = clock.now()
    Phone.objects.filter(customer=customer).delete()
    LookupKey.objects.filter(customer=customer).delete()
    customer.name, customer.note, customer.erased_at = "", "", moment
    customer.closed_on = customer.closed_on or moment.date()
    customer.save(update_fields=["name", "note", "erased_at", "closed_on"])
