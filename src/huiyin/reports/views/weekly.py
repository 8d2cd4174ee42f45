"""The weekly review of a department's records and slips."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.core.errors import NotFound
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.reports.duties import holds, review_duty
from huiyin.reports.models import WeeklyReview
from huiyin.reports.names import Names
from huiyin.reports.reviews import sign_review, week_cases, week_slips, weeks_of
from huiyin.reports.selectors import report_units, unit_for

# what a page shows of a week; the signature covers all of them
SHOWN = 300


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The weeks of a department, and which of them nobody has signed."""
    actor = actor_of(request)
    actor.require(Capability.REPORT)
    unit = unit_for(actor, request.GET.get("unit", ""))
    weeks = weeks_of(unit)
    context = {
        "unit": unit,
        "units": report_units(actor),
        "weeks": weeks,
        "missing": sum(one.missing for one in weeks),
        "duty": review_duty(Names(actor).rules),
    }
    return render(request, "reports/weekly.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, unit: str, day: str) -> HttpResponse:
    """One week: its cases and slips, and the signature."""
    actor = actor_of(request)
    actor.require(Capability.REPORT)
    found = unit_for(actor, unit)
    try:
        monday = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound(_("没有这一周。")) from error
    if monday.weekday() != 0:
        raise NotFound(_("没有这一周。"))
    if request.method == "POST":
        sign_review(actor=actor, unit=found, week=monday, remark=request.POST.get("remark", ""))
        messages.success(request, _("已审阅，签名已记录"))
        return redirect("reports:weekly")
    duty = review_duty(Names(actor).rules)
    cases = week_cases(found, monday)
    review = WeeklyReview.objects.filter(unit=found, week=monday).first()
    context = {
        "unit": found,
        "monday": monday,
        "cases": cases.select_related("place", "handler")[:SHOWN],
        "total": cases.count(),
        "slips": week_slips(found, monday)[:SHOWN],
        "review": review,
        "duty": duty,
        "may_sign": review is None and (duty is None or holds(actor, duty.owner, found.pk)),
    }
    return render(request, "reports/week.html", context)
