"""The page of one case."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from huiyin.cases import contact
from huiyin.cases.casepage import case_page
from huiyin.cases.models import Case
from huiyin.cases.names import Names
from huiyin.cases.selectors import get_case
from huiyin.cases.timeline import story
from huiyin.organization.actors import Actor
from huiyin.organization.requests import actor_of
from huiyin.procedures.selectors import rules_of


@login_required
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case, and what can be done next."""
    actor = actor_of(request)
    return show(request, actor, get_case(actor, number))


def show(
    request: HttpRequest, actor: Actor, case: Case, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page, or for HTMX its body alone, put in place of the one that is there."""
    found = {"page": case_page(actor, case), **context}
    if not getattr(request, "htmx", False):
        return render(request, "cases/case.html", found, status=status)
    response = render(request, "cases/case_body.html", found, status=status)
    response["HX-Retarget"] = "#case"
    response["HX-Reswap"] = "outerHTML"
    return response


@login_required
@require_GET
def older(request: HttpRequest, number: str) -> HttpResponse:
    """What happened before what the page shows."""
    actor = actor_of(request)
    case = get_case(actor, number)
    before = request.GET.get("before", "")
    names = Names(case.company_id, rules_of(case.edition))
    moments, more = story(actor, case, names, before=int(before) if before.isdecimal() else None)
    url = f"{request.path}?before={more}" if more else ""
    return render(request, "cases/case_older.html", {"moments": moments, "more": url, "case": case})


@login_required
@require_POST
def reveal(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """A number in full; looking is on record."""
    actor = actor_of(request)
    phone = contact.reveal(actor=actor, case=get_case(actor, number), key=key)
    return render(request, "cases/case_phone.html", {"phone": phone})


urlpatterns = [
    path("cases/<str:number>/", detail, name="detail"),
    path("cases/<str:number>/story/", older, name="story"),
    path("cases/<str:number>/phones/<str:key>/", reveal, name="reveal"),
]
