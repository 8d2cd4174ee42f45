"""Giving and ending posts, and stand-ins: parts of a person's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.organization.administration import holding_of, people_of, person_of, stand_in_of
from huiyin.organization.forms import EndHoldingForm, HoldingForm, PersonForm, StandInForm
from huiyin.organization.services import add_stand_in, end_holding, end_stand_in, give_post
from huiyin.organization.views.people import person_page
from huiyin.organization.views.shared import act, actor_of, page_for, tried


@require_POST
@page_for()
def holding_new(request: HttpRequest, username: str) -> HttpResponse:
    actor = actor_of(request)
    person = person_of(actor, username)
    form = HoldingForm(request.POST, actor=actor, prefix="holding")
    if form.is_valid():
        made = tried(form, lambda: give_post(actor=actor, person=person, **form.cleaned_data))
        if made is not None:
            said = {"name": person.name, "unit": made.unit.name, "post": made.post.name}
            messages.success(request, _("%(name)s现在担任%(unit)s的%(post)s。") % said)
            return redirect("organization:person", username)
    details = PersonForm(
        actor=actor,
        initial={
            "name": person.name,
            "phone": person.phone,
            "email": person.email,
            "unit": person.unit.code if person.unit else None,
        },
    )
    page = person_page(actor, person, details, form)
    return render(request, "organization/person.html", page, status=422)


@require_POST
@page_for()
def holding_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    holding = holding_of(actor, uuid)
    username = holding.person.username
    form = EndHoldingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写最后一天。"))
        return redirect("organization:person", username)
    last_day = form.cleaned_data["last_day"]
    done = _("%(name)s的%(post)s任职已改。") % {"name": holding.person.name, "post": holding.post.name}
    return act(
        request,
        lambda: end_holding(actor=actor, holding=holding, last_day=last_day),
        done,
        "organization:person",
        username,
    )


@require_POST
@page_for()
def stand_in_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    holding = holding_of(actor, uuid)
    username = holding.person.username
    form = StandInForm(request.POST, people=people_of(actor, state="active"))
    if not form.is_valid():
        messages.error(request, _("请选择代理人，填写从哪天到哪天。"))
        return redirect("organization:person", username)
    said = {"person": form.cleaned_data["person"].name, "name": holding.person.name}
    done = _("这段时间由%(person)s代理%(name)s。") % said
    return act(
        request,
        lambda: add_stand_in(actor=actor, holding=holding, **form.cleaned_data),
        done,
        "organization:person",
        username,
    )


@require_POST
@page_for()
def stand_in_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    actor = actor_of(request)
    stand_in = stand_in_of(actor, uuid)
    done = _("%(name)s的代理已结束。") % {"name": stand_in.person.name}
    return act(
        request,
        lambda: end_stand_in(actor=actor, stand_in=stand_in),
        done,
        "organization:person",
        stand_in.holding.person.username,
    )
