"""Reports as they are now."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.core import clock
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.reports.duties import holds, report_duty
from huiyin.reports.exports.documents import heading_of, report_file
from huiyin.reports.names import Names
from huiyin.reports.objectives import objectives_for
from huiyin.reports.periods import parse_period, period_of
from huiyin.reports.present import live_link, shown
from huiyin.reports.selectors import issued_reports, live_report, report_units, unit_for
from huiyin.reports.views.common import cutoff_of, download

PERIODS = (("month", 6), ("quarter", 4), ("year", 2))


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Periods, units, and the reports that were issued."""
    actor = actor_of(request)
    actor.require(Capability.REPORT)
    units = report_units(actor)
    unit = unit_for(actor, request.GET.get("unit", ""), among=units)
    today = clock.today()
    periods = [[period_of(kind, today).shifted(-back) for back in range(count)] for kind, count in PERIODS]
    after = request.GET.get("after", "")
    issued, following = issued_reports(actor, unit, after=after)
    context = {
        "unit": unit,
        "units": units,
        "periods": periods,
        "issued": issued,
        "next": following,
        "objectives": objectives_for(actor.company_id, period_of("month", today).last),
        "may_publish": actor.may(Capability.PUBLISH),
    }
    return render(request, "reports/index.html", context)


@login_required
@require_safe
def page(request: HttpRequest, period: str) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.REPORT)
    units = report_units(actor)
    unit, chosen = unit_for(actor, request.GET.get("unit", ""), among=units), parse_period(period)
    data = live_report(actor, period=chosen, unit=unit, cutoff=cutoff_of(request))
    duty = report_duty(Names(actor).rules, chosen.kind)
    own = duty is not None and holds(actor, duty.owner, unit.pk)
    context = {
        "data": data,
        "heading": heading_of(data, actor.company_id),
        "sections": shown(data, live_link(data)),
        "unit": unit,
        "units": units,
        "period": chosen,
        "before": chosen.shifted(-1),
        "after": chosen.shifted(1) if chosen.end <= clock.now() else None,
        "duty": duty,
        "may_issue": (own or actor.may(Capability.PUBLISH, unit.pk)) and chosen.start <= clock.now(),
        "suffix": f"?{urlencode({'unit': unit.code, 'cutoff': data['cutoff']})}",
        "running": chosen.end > clock.now(),
    }
    return render(request, "reports/page.html", context)


@login_required
@require_safe
def file(request: HttpRequest, period: str, form: str) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.REPORT)
    unit, chosen = unit_for(actor, request.GET.get("unit", "")), parse_period(period)
    data = live_report(actor, period=chosen, unit=unit, cutoff=cutoff_of(request))
    heading = heading_of(data, actor.company_id)
    return download(report_file(data, form=form, heading=heading, company_id=actor.company_id))
