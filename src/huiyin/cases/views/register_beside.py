"""What changes beside the register form while somebody types: who, promise, similar matters, a chase."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from huiyin.cases import drafts
from huiyin.cases.deskform import at_from, facts_from, uuid_from
from huiyin.cases.pasting import parse_message
from huiyin.cases.promises import preview_promise, promise_of
from huiyin.cases.rows import row_of
from huiyin.cases.selectors import get_case
from huiyin.cases.similar import similar_cases
from huiyin.cases.verbs import chase_case
from huiyin.core.errors import InvalidInput
from huiyin.customers.lookup import lookup
from huiyin.customers.models import Customer, Household, Place, PlaceKind
from huiyin.customers.residents import residents_of
from huiyin.customers.scope import customer_for, household_for, place_for
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.procedures.selectors import current_rules


@login_required
@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Lines of the look-up while it is typed, with the ways out where nobody is found."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    text = request.GET.get("q", "").strip()
    home = actor.held[0].unit_id if actor.held else None
    found = lookup(actor, text, unit_id=home) if text else []
    kinds = dict(
        Place.objects.filter(pk__in=[one.place_id for one in found if one.place_id]).values_list("pk", "kind")
    )
    lines = [
        {"match": one, "equipment": kinds.get(one.place_id or 0) == PlaceKind.EQUIPMENT} for one in found
    ]
    return render(request, "cases/register_who.html", {"lines": lines, "text": text})


def _subject(actor: Actor, query: QueryDict) -> tuple[Household | None, Place | None, Customer | None]:
    household = place = customer = None
    if key := uuid_from(query.get("household")):
        household = household_for(actor, key)
    if key := uuid_from(query.get("equipment") or query.get("place")):
        place = place_for(actor, key)
    if key := uuid_from(query.get("customer")):
        customer = customer_for(actor, key)
    return household, place, customer


@login_required
@require_GET
def person(request: HttpRequest) -> HttpResponse:
    """Whom and what was picked: the place, and the people of the household to choose the customer from."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    household, place, customer = _subject(actor, request.GET)
    people = residents_of([household.pk]).get(household.pk, []) if household else []
    chosen = str(customer.uuid) if customer else str(people[0].customer_uuid) if people else ""
    context = {
        "household": household,
        "place": place or (household.room if household else None),
        "equipment": place if place is not None and place.kind == PlaceKind.EQUIPMENT else None,
        "people": people,
        "customer": customer,
        "chosen": chosen,
        "reporter": request.GET.get("reporter", ""),
    }
    return render(request, "cases/register_person.html", context)


@login_required
@require_POST
def promise(request: HttpRequest) -> HttpResponse:
    """The promise as it would be read aloud, of what is on the form now. Nothing is stored."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    problem, told = "", None
    try:
        facts = facts_from(request.POST, current_rules(actor))
        told = preview_promise(actor, facts, at=at_from(request.POST))
    except InvalidInput as error:
        problem = next(iter(error.fields.values()), "") or error.message
    return render(request, "cases/register_promise.html", {"told": told, "problem": problem})


@login_required
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """Open cases that may be the same matter."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    household, place, customer = _subject(actor, request.POST)
    found = similar_cases(
        actor,
        household=household,
        place=place,
        customer=customer,
        text=request.POST.get("text", "")[:2000],
        category=request.POST.get("category", ""),
    )
    shown = [{"row": row_of(one.case), "own": one.same_household, "words": one.words} for one in found]
    return render(request, "cases/register_similar.html", {"similar": shown})


@login_required
@require_POST
def chase(request: HttpRequest, number: str) -> HttpResponse:
    """The customer asks again: one key on the card, with the words as far as there are any."""
    actor = actor_of(request)
    case = get_case(actor, number)
    words = request.POST.get("text", "").strip()
    done = chase_case(actor=actor, case=case, text=words, uuid=uuid_from(request.POST.get("chase_uuid")))
    if typed_in := uuid_from(request.POST.get("uuid")):
        drafts.discard_draft(actor=actor, uuid=typed_in)
    context = {"row": row_of(get_case(actor, number)), "told": promise_of(done.case), "words": words}
    response = render(request, "cases/register_chased.html", context)
    response["HX-Trigger"] = "chased"
    return response


@login_required
@require_POST
def paste(request: HttpRequest) -> JsonResponse:
    """What a pasted group message says: who, where, what. The page decides what to fill in."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    found = parse_message(request.POST.get("message", ""))
    if found is None:
        return JsonResponse({"message": False})
    home = actor.held[0].unit_id if actor.held else None
    matches = lookup(actor, found.room, unit_id=home) if found.room else []
    exact = [one for one in matches if one.exact and one.household_uuid]
    sure = exact[0] if len(exact) == 1 else None
    return JsonResponse(
        {
            "message": True,
            "room": found.room,
            "name": found.name,
            "text": found.text,
            "household": str(sure.household_uuid) if sure else "",
            "place": str(sure.place_uuid) if sure else "",
            "title": sure.title if sure else "",
        }
    )


urlpatterns = [
    path("register/who/", who, name="register-who"),
    path("register/person/", person, name="register-person"),
    path("register/promise/", promise, name="register-promise"),
    path("register/similar/", similar, name="register-similar"),
    path("register/paste/", paste, name="register-paste"),
    path("register/chase/<str:number>/", chase, name="register-chase"),
]
