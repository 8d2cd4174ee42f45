"""Forms to print, and the keeper's page of retention."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from huiyin.cases.selectors import get_case
from huiyin.core.errors import NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.requests import actor_of
from huiyin.procedures.pages import get_edition
from huiyin.procedures.selectors import current_rules
from huiyin.records.copies import make_controlled_copy
from huiyin.records.forms import Paper, render_case_form, render_slip
from huiyin.records.models import ErasureRequest, ErasureState
from huiyin.records.selectors import erasure_requests, past_retention
from huiyin.records.services import ask_erasure, decide_erasure, may_ask
from huiyin.slips.selectors import get_slip


@login_required
@require_GET
def case_form(request: HttpRequest, number: str, format: str) -> HttpResponse:
    """《顾客投诉处理记录表》 of a case."""
    actor = actor_of(request)
    return _paper(request, render_case_form(actor=actor, case=get_case(actor, number), form=format))


@login_required
@require_GET
def slip_form(request: HttpRequest, number: str, format: str) -> HttpResponse:
    actor = actor_of(request)
    return _paper(request, render_slip(actor=actor, slip=get_slip(actor, number), form=format))


@login_required
@require_GET
def controlled_copy(request: HttpRequest, edition: int, format: str) -> HttpResponse:
    """A procedure as the controlled document that is handed out."""
    actor = actor_of(request)
    found = get_edition(actor, edition)
    return _paper(request, make_controlled_copy(actor=actor, edition=found, form=format))


def _paper(request: HttpRequest, paper: Paper) -> HttpResponse:
    """A PDF opens in the browser to be printed; Word is saved."""
    response = HttpResponse(paper.content, content_type=paper.media_type)
    shown = "inline" if paper.media_type == "application/pdf" else "attachment"
    response["Content-Disposition"] = f'{shown}; filename="{paper.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _units(actor: Actor) -> list[Unit]:
    ids = actor.unit_ids(Capability.APPROVE) | actor.unit_ids(Capability.REPORT)
    return list(Unit.objects.filter(company_id=actor.company_id, pk__in=ids, active=True).with_tree_fields())


def _unit(actor: Actor, code: str) -> Unit:
    for unit in _units(actor):
        if not code or unit.code == code:
            return unit
    raise NotFound(_("没有这个单位，或不在您的范围内。"))


@login_required
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """What is past its retention: a dry run, the requests, and who may approve them."""
    actor = actor_of(request)
    unit = _unit(actor, request.GET.get("unit", ""))
    requests = erasure_requests(actor, unit)
    context = {
        "unit": unit,
        "units": _units(actor),
        "past": [
            {"found": one, "may_ask": one.count and may_ask(actor, one.rule.keeper, unit.pk)}
            for one in past_retention(current_rules(actor), unit)
        ],
        "requests": [
            {
                "request": one,
                "may_decide": one.state == ErasureState.ASKED
                and actor.may(Capability.APPROVE, one.unit_id)
                and one.asked_by_id != actor.person_id,
            }
            for one in requests
        ],
    }
    return render(request, "records/retention.html", context)


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    unit = _unit(actor, request.POST.get("unit", ""))
    asked = ask_erasure(
        actor=actor, unit=unit, rule=request.POST.get("rule", ""), reason=request.POST.get("reason", "")
    )
    messages.success(
        request, _("已提出，{count} 件等待批准；批准前什么也不会删除").format(count=len(asked.cases))
    )
    return redirect("records:retention")


@login_required
@require_POST
def decide(request: HttpRequest, uuid: Any, verb: str) -> HttpResponse:
    actor = actor_of(request)
    ids = actor.unit_ids(Capability.APPROVE) | actor.unit_ids(Capability.REPORT)
    found = ErasureRequest.objects.filter(company_id=actor.company_id, unit_id__in=ids, uuid=uuid).first()
    if found is None or verb not in ("approve", "decline"):
        raise NotFound(_("没有这项申请。"))
    done = decide_erasure(
        actor=actor, request=found, approve=verb == "approve", reason=request.POST.get("reason", "")
    )
    if done.state == ErasureState.DONE:
        messages.success(request, _("已删除 {count} 段文字，编号、时间和判定仍在").format(count=done.texts))
    else:
        messages.success(request, _("没有批准，记录都还在"))
    return redirect("records:retention")
