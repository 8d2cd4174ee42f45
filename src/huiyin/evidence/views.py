"""The evidence of a procedure, and somebody's statement about one of its clauses."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases.evidence import FIGURES
from huiyin.core.errors import Forbidden, InvalidInput, NotFound
from huiyin.evidence.statements import state_clause
from huiyin.evidence.whole import whole_procedure
from huiyin.evidence.workbook import evidence_workbook
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.requests import actor_of
from huiyin.procedures import pages
from huiyin.procedures.forms import PeriodForm
from huiyin.procedures.models import Edition

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def procedure(request: HttpRequest, edition: int) -> HttpResponse:
    """Every clause: how often it applied, how it went, and what the evidence is."""
    actor = actor_of(request)
    found = pages.get_edition(actor, edition)
    if not (actor.may(Capability.AUDIT) or actor.may(Capability.REPORT)):
        raise Forbidden(_("您的岗位没有这项权限。"))
    since, until = PeriodForm(request.GET or None).period()
    unit, units = pages.chosen_units(actor, request.GET.get("unit", ""))
    whole = whole_procedure(actor, found, since, until, units)
    if request.GET.get("form") == "xlsx":
        title = f"{found} {since} – {until} {unit.name if unit else ''}"
        return _download(actor, found, evidence_workbook(title, whole))
    context = {
        "line": pages.line_of(found),
        "whole": whole,
        "figures": FIGURES,
        "form": PeriodForm(initial={"since": since, "until": until}),
        "since": since,
        "until": until,
        "unit": unit,
        "units": pages.evidence_units(actor),
    }
    return render(request, "evidence/procedure.html", context)


def _download(actor: Actor, edition: Edition, content: bytes) -> HttpResponse:
    with transaction.atomic():
        record_action(
            actor=actor,
            subject_kind="edition",
            subject_id=edition.pk,
            name="evidence_exported",
            data={"label": edition.label},
        )
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="evidence.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def state(request: HttpRequest, edition: int, clause: str) -> HttpResponse:
    """Put a statement on record and go back to the clause."""
    actor = actor_of(request)
    found = pages.get_edition(actor, edition)
    form = PeriodForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(_("日期不对。"))
    since, until = form.period()
    unit = Unit.objects.filter(company_id=actor.company_id, code=request.POST.get("unit", "")).first()
    if unit is None:
        raise NotFound(_("没有这个单位。"))
    state_clause(
        actor=actor,
        edition=found,
        clause=clause,
        unit=unit,
        since=since,
        until=until,
        text=request.POST.get("text", ""),
    )
    messages.success(request, _("说明已经记下。"))
    address = reverse("procedures:clause", args=[found.pk, clause])
    return redirect(f"{address}?since={since}&until={until}")
