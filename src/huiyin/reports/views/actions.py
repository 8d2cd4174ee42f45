"""Issuing a report, and what is done with an issued one."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.core.errors import InvalidInput, NotFound
from huiyin.organization.requests import actor_of
from huiyin.reports.issuing import (
    approve_report,
    decide_on_report,
    decline_report,
    issue_report,
    publish_report,
)
from huiyin.reports.objectives import set_objective
from huiyin.reports.periods import parse_period
from huiyin.reports.selectors import issued_report, unit_for
from huiyin.reports.views.common import cutoff_of


@login_required
@require_POST
def issue(request: HttpRequest, period: str) -> HttpResponse:
    actor = actor_of(request)
    unit = unit_for(actor, request.POST.get("unit", ""))
    report = issue_report(
        actor=actor,
        unit=unit,
        period=parse_period(period),
        cutoff=cutoff_of(request),
        remark=request.POST.get("remark", ""),
    )
    text = _("已签发，编号 {number}，已送审批") if report.approver_post else _("已签发，编号 {number}")
    messages.success(request, text.format(number=report.number))
    return redirect("reports:issued", uuid=report.uuid)


@login_required
@require_POST
def act(request: HttpRequest, uuid: Any, verb: str) -> HttpResponse:
    actor = actor_of(request)
    report = issued_report(actor, uuid)
    text = request.POST.get("text", "")
    if verb == "approve":
        approve_report(actor=actor, report=report, text=text)
        said = _("已批准 {number}")
    elif verb == "decline":
        decline_report(actor=actor, report=report, text=text)
        said = _("已退回 {number}，请签发人重做")
    elif verb == "publish":
        publish_report(actor=actor, report=report, text=text)
        said = _("已向各部门公布 {number}")
    elif verb == "decide":
        decide_on_report(actor=actor, report=report, decision=request.POST.get("decision", ""), reason=text)
        said = _("已记录对 {number} 的决定")
    else:
        raise NotFound(_("没有这一步。"))
    messages.success(request, said.format(number=report.number))
    return redirect("reports:issued", uuid=report.uuid)


@login_required
@require_POST
def objective(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    try:
        percent = Decimal(request.POST.get("percent", ""))
    except InvalidOperation as error:
        raise InvalidInput(_("请填一个数。"), fields={"percent": _("请填一个数")}) from error
    since = parse_period(request.POST.get("since", "")).first
    set_objective(actor=actor, rate=request.POST.get("rate", ""), since=since, percent=percent)
    messages.success(request, _("目标已改为 {percent}%").format(percent=f"{percent.normalize():f}"))
    return redirect("reports:index")
