"""The desk: what this person has to do next, and what those who answer for others look for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.views.decorators.http import require_GET

from huiyin.cases import desk, drafts, labels
from huiyin.cases.names import Names
from huiyin.cases.rows import rows_of
from huiyin.core.errors import NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.procedures.selectors import Rules, current_rules

# A place of this system for people who have no cases: the first that exists and that they may use.
ELSEWHERE = (
    (Capability.AUDIT, "procedures:index"),
    (Capability.PROCEDURES, "procedures:index"),
    (Capability.ADMIN, "organization:index"),
    (Capability.CUSTOMERS, "customers:index"),
)
# list on the supervisor's desk -> mark of its cases
SUPERVISED = {
    "late": "late",
    "unassigned": "unassigned",
    "soon_late": "today",
    "dissatisfied": "dissatisfied",
}
MARKS = ("mine", "late", "today", "unassigned", "dissatisfied", "follow_up")


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.may(Capability.VIEW):
        return _elsewhere(actor)
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "cases/desk_body.html" if fragment else "cases/desk.html"
    return render(request, template, _context(actor))


def _elsewhere(actor: Actor) -> HttpResponse:
    for capability, name in ELSEWHERE:
        if actor.may(capability):
            try:
                return HttpResponseRedirect(reverse(name))
            except NoReverseMatch:
                continue
    actor.require(Capability.VIEW)
    raise AssertionError


def _rules(actor: Actor) -> Rules | None:
    try:
        return current_rules(actor)
    except NotFound:
        return None


def _context(actor: Actor) -> dict[str, Any]:
    rules = _rules(actor)
    roles = desk.roles(actor)
    context: dict[str, Any] = {
        "roles": roles,
        "counts": desk.worded(desk.counts(actor, MARKS)),
        "no_rules": rules is None,
        "may_register": actor.may(Capability.REGISTER),
    }
    lists = {"approvals": (desk.waiting_for_approval(actor), desk.FEW)}
    if "handler" in roles:
        # who answers for others sees fewer of his own, so that the rest is on the same screen
        lists["mine"] = (desk.my_cases(actor), desk.FEW if "supervisor" in roles else desk.ROWS)
        lists["followed"] = (desk.followed_through(actor), desk.FEW)
        context |= _own(actor, rules)
    if "supervisor" in roles:
        lists |= {name: (desk.marked(actor, mark), desk.FEW) for name, mark in SUPERVISED.items()}
        context["loads"] = desk.loads(actor)
    if "manager" in roles:
        lists["came_up"] = (desk.came_up(actor), desk.FEW)
        context |= _manager(actor, rules)
    return context | {name: rows_of(cases) for name, cases in desk.first_rows(lists).items()}


def _own(actor: Actor, rules: Rules | None) -> dict[str, Any]:
    names = Names(actor.company_id, rules) if rules else None
    promised = desk.promises_today(actor)
    lines = rows_of(one.case for one in promised)
    promises = [
        {"row": row, "by": one.by, "what": names.promised(one.what) if names else one.what}
        for one, row in zip(promised, lines, strict=True)
    ]
    return {
        "promises": promises,
        "unfinished": drafts.unfinished(actor) if actor.may(Capability.REGISTER) else [],
    }


def _manager(actor: Actor, rules: Rules | None) -> dict[str, Any]:
    kind = rules.pack.kind[0].code if rules else "complaint"
    months = desk.trend_lately(actor, kind=kind)
    return {
        "months": months,
        "spark": _spark([one.received for one in months]),
        "spark_late": _spark([one.breached for one in months], max(one.received for one in months)),
        "trend_kind": labels.kind_label(rules, kind) if rules else "",
        "before": sum(one.received for one in months[-4:-1]),
        "earlier": sum(one.received for one in months[-7:-4]),
        "reports_url": _url("reports:index"),
    }


def _spark(numbers: Sequence[int], most: int = 0) -> str:
    """Points of a polyline in a box of 240 by 48."""
    top = max(most, *numbers, 1)
    width = 240 / (len(numbers) - 1)
    return " ".join(
        f"{index * width:.1f},{46 - number / top * 42:.1f}" for index, number in enumerate(numbers)
    )


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


urlpatterns = [path("", page, name="desk")]
