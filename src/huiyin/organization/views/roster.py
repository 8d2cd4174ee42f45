"""The roster by weeks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.core import clock
from huiyin.core.days import FIRST, LAST
from huiyin.core.errors import Conflict, InvalidInput
from huiyin.organization.actors import Actor
from huiyin.organization.administration import (
    posts_of,
    roster_week,
    rostered_people,
    shift_of,
    unit_of,
    units_of,
)
from huiyin.organization.authority import may_roster
from huiyin.organization.forms import RosterForm
from huiyin.organization.models import Capability, Post, Shift, Unit
from huiyin.organization.services import change_shift, copy_week, fill_roster, remove_shift
from huiyin.organization.views.shared import actor_of, page_for, status_of, tried

ROSTER = (Capability.ADMIN, Capability.ASSIGN)


@require_safe
@page_for(*ROSTER)
def roster(request: HttpRequest) -> HttpResponse:
    """Without a unit named: the one the person works in."""
    actor = actor_of(request)
    units = _units(actor)
    code = request.GET.get("unit") or _usual(actor, units).code
    unit = unit_of(actor, code, *ROSTER)
    monday = _monday(request.GET.get("week"))
    posts = _posts(actor, unit)
    form = RosterForm(unit=unit, posts=posts, initial={"first": monday, "last": monday + timedelta(days=6)})
    return render(request, "organization/roster.html", _page(actor, unit, monday, form))


@require_POST
@page_for(*ROSTER)
def roster_fill(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    unit = unit_of(actor, code, *ROSTER)
    form = RosterForm(request.POST, unit=unit, posts=_posts(actor, unit))
    if form.is_valid():
        added = tried(form, lambda: fill_roster(actor=actor, unit=unit, **form.cleaned_data))
        if added is not None:
            messages.success(request, _("已排 %(count)d 个班次。") % {"count": added})
            return _back(unit, _monday(str(form.cleaned_data["first"])))
    monday = _monday(request.POST.get("first"))
    return render(
        request, "organization/roster.html", _page(actor, unit, monday, form), status=status_of(form)
    )


@require_POST
@page_for(*ROSTER)
def roster_copy(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    unit = unit_of(actor, code, *ROSTER)
    monday = _monday(request.POST.get("week"))
    added = copy_week(actor=actor, unit=unit, monday=monday)
    if added:
        messages.success(request, _("已照上周排了 %(count)d 个班次。") % {"count": added})
    else:
        messages.info(request, _("上周没有可照排的班次，或本周已经排好。"))
    return _back(unit, monday)


@require_POST
@page_for(*ROSTER)
def shift(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Two buttons: another person, or away with it."""
    actor = actor_of(request)
    shown = shift_of(actor, uuid)
    unit, monday = shown.unit, _monday(shown.starts.date().isoformat())
    try:
        if "remove" in request.POST:
            remove_shift(actor=actor, shift=shown)
            messages.success(request, _("已取消%(name)s的班次。") % {"name": shown.person.name})
        else:
            person = rostered_people(unit).filter(username=request.POST.get("person", "")).first()
            if person is None:
                raise InvalidInput(_("请选择换成谁。"))
            change_shift(actor=actor, shift=shown, person=person)
            messages.success(request, _("这个班次换成%(name)s。") % {"name": person.name})
    except (InvalidInput, Conflict) as error:
        messages.error(request, error.message)
    return _back(unit, monday)


def _back(unit: Unit, monday: date) -> HttpResponse:
    return redirect(f"{reverse('organization:roster')}?unit={unit.code}&week={monday.isoformat()}")


def _page(actor: Actor, unit: Unit, monday: date, form: RosterForm) -> dict[str, Any]:
    return {
        "unit": unit,
        "units": _units(actor),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": (monday - timedelta(days=7)).isoformat(),
        "after": (monday + timedelta(days=7)).isoformat(),
        "this_week": _monday(None).isoformat(),
        "days": roster_week(unit, monday),
        "people": list(rostered_people(unit)),
        "form": form,
        "today": clock.today(),
    }


def _units(actor: Actor) -> list[Unit]:
    found = {unit.pk: unit for one in ROSTER for unit in units_of(actor, one)}
    return list(found.values())


def _usual(actor: Actor, units: list[Unit]) -> Unit:
    """The unit of the post worked in, where it keeps a roster; otherwise the first that does."""
    known = {unit.pk: unit for unit in units}
    own = [known[held.unit_id] for held in actor.held if held.unit_id in known]
    kept = set(Shift.objects.filter(unit__in=known).values_list("unit_id", flat=True).distinct())
    near = [*own, *units]
    return next((unit for unit in near if unit.pk in kept), near[0])


def _posts(actor: Actor, unit: Unit) -> list[Post]:
    return [post for post in posts_of(actor).filter(active=True) if may_roster(actor, post, unit)]


def _monday(text: str | None) -> date:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        day = clock.today()
    if not FIRST <= day <= LAST:
        day = clock.today()
    return day - timedelta(days=day.weekday())
