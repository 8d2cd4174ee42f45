"""The tree of units, and one unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.core import clock
from huiyin.organization.administration import unit_of, units_of
from huiyin.organization.forms import MoveUnitForm, NewUnitForm, UnitForm
from huiyin.organization.models import Holding, Unit
from huiyin.organization.selectors import current_holdings
from huiyin.organization.services import (
    create_unit,
    deactivate_unit,
    edit_unit,
    move_unit,
    reactivate_unit,
)
from huiyin.organization.services.units import open_matters
from huiyin.organization.views.shared import act, actor_of, page_for, posted, saved, status_of, tried


@require_safe
@page_for()
def units(request: HttpRequest) -> HttpResponse:
    return render(request, "organization/units.html", {"units": units_of(actor_of(request), closed=True)})


@page_for()
def unit_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = NewUnitForm(posted(request), actor=actor, initial={"parent": request.GET.get("parent")})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: create_unit(actor=actor, **form.cleaned_data))
        if made is not None:
            messages.success(
                request,
                _("已在%(parent)s下新建%(name)s。") % {"parent": made.parent.name, "name": made.name},
            )
            return redirect("organization:units")
    context = {"form": form, "heading": _("新建部门"), "back": "organization:units"}
    return render(request, "organization/form.html", context, status=status_of(form))


@page_for()
def unit(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    shown = unit_of(actor, code)
    initial = {"name": shown.name, "kind": shown.kind, "position": shown.position}
    form = UnitForm(posted(request), initial=initial)
    if saved(request, form, lambda: edit_unit(actor=actor, unit=shown, **form.cleaned_data)):
        messages.success(request, _("已保存%(name)s。") % {"name": shown.name})
        return redirect("organization:units")
    movable = shown.parent is not None and actor.may("admin", shown.parent.pk)
    context = {
        "unit": shown,
        "form": form,
        "move": MoveUnitForm(actor=actor, initial={"parent": shown.parent.code})
        if movable and shown.parent is not None
        else None,
        "holdings": _current(shown),
        "waiting": open_matters(shown) if movable and shown.active else [],
    }
    return render(request, "organization/unit.html", context, status=status_of(form))


@require_POST
@page_for()
def unit_move(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    shown = unit_of(actor, code)
    form = MoveUnitForm(request.POST, actor=actor)
    if not form.is_valid():
        messages.error(request, _("请选择要移到哪里。"))
        return redirect("organization:unit", code)
    parent = form.cleaned_data["parent"]
    done = _("已把%(name)s移到%(parent)s之下。") % {"name": shown.name, "parent": parent.name}
    return act(
        request, lambda: move_unit(actor=actor, unit=shown, parent=parent), done, "organization:unit", code
    )


@require_POST
@page_for()
def unit_active(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    shown = unit_of(actor, code)
    name = {"name": shown.name}
    if shown.active:
        done = _("已停用%(name)s。") % name
        return act(request, lambda: deactivate_unit(actor=actor, unit=shown), done, "organization:unit", code)
    done = _("已重新启用%(name)s。") % name
    return act(request, lambda: reactivate_unit(actor=actor, unit=shown), done, "organization:unit", code)


def _current(unit: Unit) -> list[Holding]:
    found = current_holdings(clock.today()).filter(unit=unit, person__is_active=True)
    return list(found.select_related("person", "post").order_by("post__position", "person__name"))
