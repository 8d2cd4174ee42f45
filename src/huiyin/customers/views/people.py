"""Pages of a customer: phones, homes, merging, forgetting."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.customers import services
from huiyin.customers.forms import CustomerForm, EraseForm, NewCustomerForm, PhoneForm, phones_of
from huiyin.customers.lookup import lookup
from huiyin.customers.models import Customer, CustomerKind, Nature
from huiyin.customers.scope import LOOK, customer_for
from huiyin.customers.selectors import customer_card, phone_for
from huiyin.customers.views.lists import uuid_of
from huiyin.customers.views.places import CHANGE, units_for
from huiyin.customers.views.shared import form_page
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.organization.views.shared import act, page_for, posted, saved, status_of
from huiyin.procedures.selectors import serves_firms


@require_safe
@page_for(*LOOK)
def customer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = customer_for(actor, uuid)
    if shown.merged_into is not None:
        return redirect("customers:customer", shown.merged_into.uuid)
    units = {shown.unit_id}
    card = customer_card(actor, shown)
    units |= {home.household.unit_id for home in card.homes}
    context = {
        "customer": shown,
        "card": card,
        "may_change": shown.erased_at is None and any(actor.may(CHANGE, unit) for unit in units),
        "may_erase": shown.erased_at is None and actor.may(Capability.ADMIN, shown.unit_id),
    }
    return render(request, "customers/customer.html", context)


@page_for(CHANGE)
def customer_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    firms = serves_firms(actor.company_id)
    initial = {"kind": CustomerKind.OTHER, "nature": Nature.ORGANISATION if firms else Nature.PERSON}
    form = NewCustomerForm(posted(request), units=units_for(actor), initial=initial)
    if firms:
        form.fields["unit"].label = _("单位")
    made: list[Customer] = []

    def create() -> None:
        data = dict(form.cleaned_data)
        data["phones"] = phones_of(data["phones"])
        made.append(services.create_customer(actor=actor, **data))

    if saved(request, form, create):
        messages.success(request, _("已新建客户“%(name)s”。") % {"name": made[0].name})
        return redirect("customers:customer", made[0].uuid)
    return form_page(request, form, _("新建客户"), reverse("customers:index"))


@page_for(CHANGE)
def customer_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = customer_for(actor, uuid)
    initial = {name: getattr(shown, name) for name in ("name", "nature", "kind", "note")}
    form = CustomerForm(posted(request), initial=initial)

    def update() -> None:
        services.update_customer(actor=actor, customer=shown, **form.cleaned_data)

    if saved(request, form, update):
        messages.success(request, _("已修改%(name)s的资料。") % {"name": shown.name})
        return redirect("customers:customer", shown.uuid)
    return form_page(request, form, _("修改%(name)s") % {"name": shown}, _page(shown))


@require_POST
@page_for(CHANGE)
def customer_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = customer_for(actor, uuid)
    done = _("%(name)s已停用，查询时不再出现。") % {"name": shown}
    return act(
        request,
        lambda: services.close_customer(actor=actor, customer=shown),
        done,
        "customers:customer",
        shown.uuid,
    )


@page_for(CHANGE)
def phone_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = customer_for(actor, uuid)
    form = PhoneForm(posted(request))

    def add() -> None:
        services.add_phone(actor=actor, customer=shown, **form.cleaned_data)

    if saved(request, form, add):
        messages.success(request, _("已给%(name)s加上电话。") % {"name": shown.name})
        return redirect("customers:customer", shown.uuid)
    return form_page(request, form, _("给%(name)s加电话") % {"name": shown}, _page(shown))


@require_POST
@page_for(*LOOK)
def phone_reveal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The number in full, in place of the masked one. A POST, for it leaves an entry in the journal."""
    actor = actor_of(request)
    phone = phone_for(actor, uuid)
    number = services.reveal_phone(actor=actor, phone=phone)
    response = render(request, "customers/_number.html", {"number": number, "dial": phone.number})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@page_for(CHANGE)
def phone_act(request: HttpRequest, uuid: UUID, verb: str) -> HttpResponse:
    """One button beside a number: remove it, or call it first."""
    actor = actor_of(request)
    phone = phone_for(actor, uuid)
    owner = phone.customer.uuid
    if verb == "remove":
        return act(
            request,
            lambda: services.remove_phone(actor=actor, phone=phone),
            _("电话已删除。"),
            "customers:customer",
            owner,
        )
    return act(
        request,
        lambda: services.update_phone(actor=actor, phone=phone, primary=True),
        _("以后先打这个电话。"),
        "customers:customer",
        owner,
    )


@page_for(CHANGE)
def merge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Choose the duplicate by searching for it, then merge it into this customer."""
    actor = actor_of(request)
    keep = customer_for(actor, uuid)
    chosen = uuid_of(request.POST.get("duplicate"))
    if request.method == "POST" and chosen is not None:
        duplicate = customer_for(actor, chosen)
        done = _("两份资料已合并为%(name)s。") % {"name": keep}
        return act(
            request,
            lambda: services.merge_customers(actor=actor, keep=keep, duplicate=duplicate),
            done,
            "customers:customer",
            keep.uuid,
        )
    words = request.GET.get("q", keep.name)
    found = [
        match
        for match in lookup(actor, words, limit=20)
        if match.kind == "customer" and match.customer_uuid != keep.uuid
    ]
    # one line for each customer, whatever number of homes
    others = list({match.customer_uuid: match for match in found}.values())
    return render(request, "customers/merge.html", {"customer": keep, "words": words, "others": others})


@page_for(Capability.ADMIN)
def erase(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = customer_for(actor, uuid)
    form = EraseForm(posted(request))

    def run() -> None:
        services.erase_customer(actor=actor, customer=shown, reason=form.cleaned_data["reason"])

    if saved(request, form, run):
        messages.success(request, _("这位客户的姓名、电话和备注已经删除。"))
        return redirect("customers:index")
    return render(request, "customers/erase.html", {"form": form, "customer": shown}, status=status_of(form))


def _page(shown: Customer) -> str:
    return reverse("customers:customer", args=[shown.uuid])
