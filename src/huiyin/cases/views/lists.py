"""The list of cases: filters as chips, saved views, export, giving several to somebody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.cases import bulk, chips, views_saved
from huiyin.cases.export import export_cases
from huiyin.cases.filters import Filters, chosen_cases
from huiyin.cases.listing import count_capped, page_of
from huiyin.cases.rows import rows_of
from huiyin.core import clock
from huiyin.core.errors import HuiyinError, NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.procedures.selectors import Rules, current_rules

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _rules(actor: Actor) -> Rules | None:
    try:
        return current_rules(actor)
    except NotFound:
        return None


@login_required
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The list, a further page of it (`after`), or what changes with the filters (HTMX)."""
    actor = actor_of(request)
    actor.require(Capability.VIEW)
    filters, rules = Filters.from_query(request.GET), _rules(actor)
    cases = chosen_cases(actor, filters, rules)
    page = page_of(cases, sort=filters.sort, after=request.GET.get("after", ""))
    context: dict[str, Any] = {
        "rows": rows_of(page.cases),
        "next": page.next,
        "filters": filters,
        "query": filters.query().urlencode(),
        "may_assign": actor.may(Capability.ASSIGN),
    }
    if request.GET.get("after") and request.headers.get("HX-Request"):
        return render(request, "cases/list_rows.html", context)
    return render(request, "cases/list.html", context | _around(actor, filters, rules, cases))


def _around(actor: Actor, filters: Filters, rules: Rules | None, cases: Any) -> dict[str, Any]:
    words = chips.Wording(actor, rules)
    other = "newest" if filters.sort == "next" else "next"
    turned = Filters(filters.chosen, filters.text, filters.since, filters.until, other)
    return {
        "total": count_capped(cases),
        "quick": chips.quick_chips(actor, filters, rules),
        "states": chips.state_chips(filters),
        "chosen": chips.chosen_chips(filters, words),
        "saved": views_saved.saved_views(actor),
        "turned": turned.query().urlencode(),
    }


@login_required
@require_GET
def filter_panel(request: HttpRequest) -> HttpResponse:
    """All further filters, counted when somebody opens them."""
    actor = actor_of(request)
    actor.require(Capability.VIEW)
    filters, rules = Filters.from_query(request.GET), _rules(actor)
    words = chips.Wording(actor, rules)
    undated = Filters(filters.chosen, filters.text, None, None, filters.sort).query()
    context = {
        "facets": chips.facets(actor, filters, rules, words),
        "filters": filters,
        "kept": [(name, value) for name, values in undated.lists() for value in values],
    }
    return render(request, "cases/list_filters.html", context)


@login_required
@require_GET
def export(request: HttpRequest) -> FileResponse:
    actor = actor_of(request)
    actor.require(Capability.VIEW)
    filters = Filters.from_query(request.GET)
    stream, _count = export_cases(actor=actor, filters=filters, rules=_rules(actor))
    name = _("工单-%(moment)s.xlsx") % {"moment": timezone.localtime(clock.now()).strftime("%Y%m%d-%H%M")}
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)


@login_required
@require_GET
def assign_to(request: HttpRequest) -> HttpResponse:
    """To whom cases can be given, asked for when the first is ticked."""
    actor = actor_of(request)
    actor.require(Capability.ASSIGN)
    found = {"people": bulk.assignable_people(actor), "units": bulk.assignable_units(actor)}
    return render(request, "cases/list_bulk_to.html", found)


@login_required
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked cases to a person or a unit, and say what became of each."""
    actor = actor_of(request)
    back = _back(request.POST.get("query", ""))
    to = request.POST.get("to", "")
    kind, _colon, code = to.partition(":")
    try:
        done = bulk.assign_many(
            actor=actor,
            uuids=request.POST.getlist("case"),
            person=code if kind == "person" else "",
            unit=code if kind == "unit" else "",
        )
    except HuiyinError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(back)
    if done.done:
        messages.success(request, _("已派出 %(count)d 张工单。") % {"count": len(done.done)})
    for number, why in done.refused[:5]:
        messages.warning(request, _("%(number)s 没有派出：%(why)s") % {"number": number, "why": why})
    if len(done.refused) > 5:
        messages.warning(request, _("另有 %(count)d 张没有派出。") % {"count": len(done.refused) - 5})
    return HttpResponseRedirect(back)


def _back(query: str) -> str:
    """The list with the same choice; whatever else stood in the address is dropped."""
    return f"{reverse('cases:list')}?{Filters.from_query(QueryDict(query)).query().urlencode()}"


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    query = request.POST.get("query", "")
    try:
        view = views_saved.save_view(actor=actor_of(request), name=request.POST.get("name", ""), query=query)
    except HuiyinError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已保存视图「%(name)s」。") % {"name": view.name})
    return HttpResponseRedirect(_back(query))


@login_required
@require_POST
def delete_view(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    views_saved.delete_view(actor=actor_of(request), name=name)
    messages.success(request, _("已删除视图「%(name)s」。") % {"name": name})
    return HttpResponseRedirect(_back(request.POST.get("query", "")))


urlpatterns = [
    path("cases/", list_page, name="list"),
    path("cases/filters/", filter_panel, name="filters"),
    path("cases/export/", export, name="export"),
    path("cases/assign/", assign, name="assign"),
    path("cases/assign/to/", assign_to, name="assign-to"),
    path("cases/views/save/", save_view, name="save-view"),
    path("cases/views/delete/", delete_view, name="delete-view"),
]
