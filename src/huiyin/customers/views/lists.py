"""The list of rooms, public places and other customers; the search; the look-up while typing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.core.errors import NotFound
from huiyin.customers import listing
from huiyin.customers.lookup import lookup
from huiyin.customers.models import Place
from huiyin.customers.scope import LOOK
from huiyin.customers.selectors import (
    Card,
    customer_card,
    customer_for,
    household_card,
    household_for,
    place_for,
)
from huiyin.organization.actors import Actor
from huiyin.organization.requests import actor_of
from huiyin.organization.views.shared import page_for
from huiyin.procedures.selectors import serves_firms

SEARCHED = 40


def uuid_of(text: str | None) -> UUID | None:
    """A UUID of the query string; nonsense is as if it were not there."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _site(actor: Actor, request: HttpRequest) -> Place | None:
    uuid = uuid_of(request.GET.get("site"))
    return place_for(actor, uuid) if uuid else None


@require_safe
@page_for(*LOOK)
def index(request: HttpRequest) -> HttpResponse:
    """`?tab=` rooms, shared or others; `?site=`; `?q=` searches everything."""
    actor, words = actor_of(request), request.GET.get("q", "").strip()
    tab = request.GET.get("tab", "others" if serves_firms(actor.company_id) else "rooms")
    site, after = _site(actor, request), uuid_of(request.GET.get("after"))
    sites = listing.sites(actor)
    context: dict[str, Any] = {"words": words, "tab": tab, "site": site, "sites": sites}
    context["shown"] = site or (sites[0] if len(sites) == 1 else None)
    context["may_change"] = actor.may("customers")
    context["may_import"] = actor.may("import")
    if words:
        unit_id = site.unit_id if site else None
        context["matches"] = lookup(actor, words, unit_id=unit_id, limit=SEARCHED)
    elif tab == "shared":
        context["page"] = listing.shared_places(actor, site=site, after=after)
    elif tab == "others":
        context["page"] = listing.organisations(actor, site=site, after=after)
    else:
        context |= {"tab": "rooms", "page": listing.rooms(actor, site=site, after=after)}
    return render(request, "customers/index.html", context)


def _working_unit(actor: Actor) -> int | None:
    return actor.held[0].unit_id if actor.held else None


@require_safe
@page_for(*LOOK)
def lookup_view(request: HttpRequest) -> HttpResponse:
    """What `?q=` may mean: options of a listbox, or JSON where that is asked for."""
    actor, words = actor_of(request), request.GET.get("q", "")
    matches = lookup(actor, words, unit_id=_working_unit(actor))
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"matches": [match.to_dict() for match in matches]})
    return render(request, "customers/_lookup.html", {"matches": matches, "words": words.strip()})


def card_of(actor: Actor, request: HttpRequest) -> Card:
    """The card that the query string names by household, place or customer."""
    for name, find in (("household", household_for), ("place", place_for)):
        uuid = uuid_of(request.GET.get(name))
        if uuid is not None:
            return household_card(actor, find(actor, uuid))
    uuid = uuid_of(request.GET.get("customer"))
    if uuid is None:
        raise NotFound(_("没有找到，或者不归您管。"))
    return customer_card(actor, customer_for(actor, uuid))


@require_safe
@page_for(*LOOK)
def card(request: HttpRequest) -> HttpResponse:
    """The panel beside the register page."""
    actor = actor_of(request)
    return render(request, "customers/_card.html", {"card": card_of(actor, request), "compact": True})
