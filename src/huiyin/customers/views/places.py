"""Pages of a room or other place: who lives there, moving in and out, its QR code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.customers import services
from huiyin.customers.forms import (
    HouseholdForm,
    MoveOutForm,
    NewPlaceForm,
    PlaceForm,
    ResidentForm,
    phones_of,
)
from huiyin.customers.models import Place, PlaceKind
from huiyin.customers.qr import place_code
from huiyin.customers.scope import LOOK, found, household_for, place_for, places
from huiyin.customers.selectors import household_card, past_households, residency_for
from huiyin.customers.services.places import ANYWHERE, PARENTS
from huiyin.customers.views.shared import form_page
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit, UnitKind
from huiyin.organization.requests import actor_of
from huiyin.organization.views.shared import act, page_for, posted, saved

CHANGE = Capability.CUSTOMERS


@require_safe
@page_for(*LOOK)
def place(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = place_for(actor, uuid)
    context = {
        "card": household_card(actor, shown),
        "place": shown,
        "past": past_households(actor, shown),
        "below": places(actor).filter(parent=shown, closed_on__isnull=True).order_by("sort", "id")[:200],
        "may_change": actor.may(CHANGE, shown.unit_id),
    }
    return render(request, "customers/place.html", context)


@require_safe
@page_for(*LOOK)
def household(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A household that has left keeps its page; the present one is the room's."""
    actor = actor_of(request)
    shown = household_for(actor, uuid)
    if shown.until is None:
        return redirect("customers:place", shown.room.uuid)
    return render(
        request,
        "customers/household.html",
        {"card": household_card(actor, shown), "household": shown, "place": shown.room},
    )


def kinds_below(parent: Place | None) -> list[str]:
    if parent is None:
        return [PlaceKind.SITE]
    return [kind for kind in PlaceKind.values if parent.kind in PARENTS.get(kind, ANYWHERE)]


def units_for(actor: Actor) -> list[Unit]:
    """Where the actor may put customers: the sites, otherwise whatever units there are."""
    mine = list(Unit.objects.filter(pk__in=actor.unit_ids(CHANGE), active=True))
    return [unit for unit in mine if unit.kind == UnitKind.SITE] or mine


@page_for(CHANGE)
def place_new(request: HttpRequest, parent: UUID | None = None) -> HttpResponse:
    """A place below another, or a new site."""
    actor = actor_of(request)
    above = place_for(actor, parent) if parent else None
    units = [] if above else units_for(actor)
    form = NewPlaceForm(posted(request), units=units, kinds=kinds_below(above))
    made: list[Place] = []

    def create() -> None:
        made.append(services.create_place(actor=actor, parent=above, **form.cleaned_data))

    if saved(request, form, create):
        messages.success(request, _("已新建“%(name)s”。") % {"name": made[0].full_name})
        return redirect("customers:place", made[0].uuid)
    heading = _("在%(name)s下新建") % {"name": above.full_name} if above else _("新建项目")
    back = reverse("customers:place", args=[above.uuid]) if above else reverse("customers:index")
    return form_page(request, form, heading, back)


@page_for(CHANGE)
def place_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = place_for(actor, uuid)
    initial = {"name": shown.name, "code": shown.code, "note": shown.note}
    form = PlaceForm(posted(request), initial=initial)

    def update() -> None:
        services.update_place(actor=actor, place=shown, **form.cleaned_data)

    if saved(request, form, update):
        messages.success(request, _("已修改“%(name)s”。") % {"name": shown.full_name})
        return redirect("customers:place", shown.uuid)
    return form_page(request, form, _("修改%(name)s") % {"name": shown.full_name}, _page(shown))


@require_POST
@page_for(CHANGE)
def place_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = place_for(actor, uuid)
    done = _("“%(name)s”已停用，查询时不再出现。") % {"name": shown.full_name}
    return act(
        request, lambda: services.close_place(actor=actor, place=shown), done, "customers:place", shown.uuid
    )


@require_POST
@page_for(CHANGE)
def place_token(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = place_for(actor, uuid)
    done = _("二维码已更换，旧的不能再用，请重新张贴。")
    return act(
        request, lambda: services.renew_token(actor=actor, place=shown), done, "customers:place", shown.uuid
    )


@page_for(CHANGE)
def move_in(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Somebody comes to live in a room, alone or to those who are there."""
    actor = actor_of(request)
    room = place_for(actor, uuid)
    form = ResidentForm(posted(request))
    if saved(request, form, lambda: _take_in(actor, room, form)):
        said = {"name": form.cleaned_data["name"], "room": room.full_name}
        messages.success(request, _("%(name)s已登记到%(room)s。") % said)
        return redirect("customers:place", room.uuid)
    return form_page(request, form, _("%(room)s：登记住户") % {"room": room.full_name}, _page(room))


def _take_in(actor: Actor, room: Place, form: ResidentForm) -> None:
    data = form.cleaned_data
    services.receive(
        actor=actor,
        room=room,
        name=data["name"],
        phones=phones_of(data["phones"]),
        role=data["role"],
        since=data["since"],
        vacant=data["vacant"],
    )


@page_for(CHANGE)
def move_out(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    leaving = household_for(actor, uuid)
    form = MoveOutForm(posted(request))

    def leave() -> None:
        services.move_out(actor=actor, household=leaving, **form.cleaned_data)

    if saved(request, form, leave):
        messages.success(request, _("%(room)s已办理迁出。") % {"room": leaving.room.full_name})
        return redirect("customers:place", leaving.room.uuid)
    heading = _("%(room)s：办理迁出") % {"room": leaving.room.full_name}
    return form_page(request, form, heading, _page(leaving.room))


@page_for(CHANGE)
def household_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    shown = household_for(actor, uuid)
    form = HouseholdForm(posted(request), initial={"since": shown.since, "vacant": shown.vacant})

    def update() -> None:
        services.update_household(actor=actor, household=shown, **form.cleaned_data)

    if saved(request, form, update):
        messages.success(request, _("%(room)s的入住情况已更正。") % {"room": shown.room.full_name})
        return redirect("customers:place", shown.room.uuid)
    heading = _("%(room)s：入住情况") % {"room": shown.room.full_name}
    return form_page(request, form, heading, _page(shown.room))


@require_POST
@page_for(CHANGE)
def resident_act(request: HttpRequest, uuid: UUID, customer: UUID, role: str, verb: str) -> HttpResponse:
    """One button beside a resident: leave, or be called first."""
    actor = actor_of(request)
    residency = residency_for(actor, household=uuid, customer=customer, role=role)
    name, room = str(residency.customer), residency.household.room
    if verb == "end":
        done = _("%(name)s已从%(room)s迁出。") % {"name": name, "room": room.full_name}
        return act(
            request,
            lambda: services.end_residency(actor=actor, residency=residency),
            done,
            "customers:place",
            room.uuid,
        )
    done = _("以后先联系%(name)s。") % {"name": name}
    return act(
        request,
        lambda: services.set_primary(actor=actor, residency=residency),
        done,
        "customers:place",
        room.uuid,
    )


@require_safe
@page_for(*LOOK)
def label(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The QR code of a place with its name, to print and put up."""
    actor = actor_of(request)
    shown = place_for(actor, uuid)
    context = {"place": shown, "code": place_code(shown), "may_change": actor.may(CHANGE, shown.unit_id)}
    return render(request, "customers/label.html", context)


@require_safe
@page_for(*LOOK)
def scan(request: HttpRequest, token: str) -> HttpResponse:
    """Where a QR code at a door leads somebody of ours."""
    shown = found(places(actor_of(request)).filter(token=token).first())
    return redirect("customers:place", shown.uuid)


def _page(shown: Place) -> str:
    return reverse("customers:place", args=[shown.uuid])
