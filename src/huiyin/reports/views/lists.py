"""The cases behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.core.phrases import in_turn
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.reports.exports.documents import MEDIA_TYPES, File
from huiyin.reports.exports.workbook import cases_workbook
from huiyin.reports.listing import EXPORT_LIMIT, PAGE, CasePage, bucket_from, frozen_page, live_page
from huiyin.reports.names import Names
from huiyin.reports.periods import parse_period
from huiyin.reports.present import figure_title
from huiyin.reports.selection import selection
from huiyin.reports.selectors import frame_for, issued_report, unit_for
from huiyin.reports.views.common import cutoff_of, download


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases of a figure as known at the cut-off that the address names."""
    actor = actor_of(request)
    actor.require(Capability.REPORT)
    figure = request.GET.get("figure", "received")
    unit, period = unit_for(actor, request.GET.get("unit", "")), parse_period(request.GET.get("period", ""))
    bucket = bucket_from(request.GET, actor.company_id)
    chosen = selection(figure, frame_for(actor, unit, period, cutoff_of(request)), bucket)
    export = request.GET.get("form") == "xlsx"
    after = "" if export else request.GET.get("after", "")
    found = live_page(actor, chosen, after, EXPORT_LIMIT if export else PAGE)
    title = _title(actor, figure, [unit.name, period.title], bucket)
    return _answer(request, actor, found, title, unit.name)


@login_required
@require_safe
def issued_cases(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The cases of a figure as they were frozen."""
    actor = actor_of(request)
    actor.require(Capability.REPORT)
    report = issued_report(actor, uuid)
    figure = request.GET.get("figure", "received")
    bucket = bucket_from(request.GET, actor.company_id)
    export = request.GET.get("form") == "xlsx"
    after = "" if export else request.GET.get("after", "")
    found = frozen_page(actor, report, figure, bucket, after, EXPORT_LIMIT if export else PAGE)
    title = _title(actor, figure, [report.number, report.figures["title"]], bucket)
    return _answer(request, actor, found, title, report.unit.name)


def _title(actor: Actor, figure: str, parts: Sequence[str], bucket: dict[str, Any]) -> str:
    names = Names(actor)
    words = [
        names.of(name, "" if value == "unjudged" else value)
        for name, value in bucket.items()
        if name != "site"
    ]
    return in_turn([*parts, figure_title(figure), *words])


def _answer(request: HttpRequest, actor: Actor, found: CasePage, title: str, unit: str) -> HttpResponse:
    if request.GET.get("form") == "xlsx":
        content = cases_workbook(title=title, rows=found.rows, names=Names(actor))
        return download(File("cases.xlsx", content, MEDIA_TYPES["xlsx"]))
    names = Names(actor)
    rows = [
        {
            "listed": row,
            "case": row.case,
            "kind": names.of("kind", row.case.kind),
            "category": names.of("category", row.case.category) if row.case.category else "",
        }
        for row in found.rows
    ]
    context = {
        "rows": rows,
        "total": found.total,
        "next": found.next,
        "title": title,
        "unit": unit,
        "limit": EXPORT_LIMIT,
    }
    context["countable"] = _("{count} 条").format(count=found.total)
    return render(request, "reports/cases.html", context)
