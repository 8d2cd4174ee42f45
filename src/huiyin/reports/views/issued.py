"""Reports that were issued."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.reports.duties import decision_duty, holds
from huiyin.reports.exports.documents import heading_of, report_file
from huiyin.reports.issuing import may_read, unchanged_lately
from huiyin.reports.models import ActKind, Decision
from huiyin.reports.names import Names
from huiyin.reports.present import issued_link, no_link, shown
from huiyin.reports.selectors import published_reports, readable_report
from huiyin.reports.views.common import download


@login_required
@require_safe
def page(request: HttpRequest, uuid: Any) -> HttpResponse:
    """An issued report and what happened to it since. Those it was published to see it without the lists."""
    actor = actor_of(request)
    report = readable_report(actor, uuid)
    own = actor.may(Capability.REPORT, report.unit_id)
    duty = decision_duty(Names(actor).rules)
    prefetch_related_objects([report], "acts")
    acts = list(report.acts.all())
    done = {act.kind for act in acts}
    decided = bool(done & {ActKind.APPROVED, ActKind.DECLINED})
    context = {
        "report": report,
        "data": report.figures,
        "heading": heading_of(report.figures, report.company_id, report),
        "sections": shown(report.figures, issued_link(report) if own else no_link),
        "acts": acts,
        "state": report.progress,
        "unchanged": unchanged_lately(report),
        "may_decide": not decided and bool(report.approver_post) and may_read(actor, report),
        "may_publish": actor.may(Capability.PUBLISH, report.unit_id)
        and not done & {ActKind.PUBLISHED, ActKind.DECLINED}
        and (not report.approver_post or ActKind.APPROVED in done),
        "may_rule": duty is not None and holds(actor, duty.owner, report.unit_id),
        "decisions": Decision.choices,
        "own": own,
    }
    return render(request, "reports/issued.html", context)


@login_required
@require_safe
def file(request: HttpRequest, uuid: Any, form: str) -> HttpResponse:
    actor = actor_of(request)
    report = readable_report(actor, uuid)
    heading = heading_of(report.figures, report.company_id, report)
    return download(report_file(report.figures, form=form, heading=heading, company_id=actor.company_id))


@login_required
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """What was published to the departments: for everybody who works with cases."""
    actor = actor_of(request)
    found, following = published_reports(actor, after=request.GET.get("after", ""))
    return render(request, "reports/published.html", {"reports": found, "next": following})
