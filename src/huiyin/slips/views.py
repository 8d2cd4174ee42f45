"""The pages of slips: the list, one slip, issuing."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.cases import labels
from huiyin.cases.attachments import receive_signature
from huiyin.cases.models import Case
from huiyin.cases.selectors import get_case
from huiyin.cases.views.case import show as show_case
from huiyin.core.errors import Conflict, HuiyinError, InvalidInput, NotFound, Refused
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.slips import services
from huiyin.slips.forms import FORMS, IssueForm, SlipForm
from huiyin.slips.issuing import slip_forms_for, units_for
from huiyin.slips.models import Slip
from huiyin.slips.pages import list_page, slip_page
from huiyin.slips.selectors import BOXES, get_slip
from huiyin.slips.steps import slip_steps


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """联络单: to my unit, from me, late, done."""
    actor = actor_of(request)
    actor.require(Capability.VIEW)
    chosen = request.GET.get("box", "in")
    name = chosen if chosen in BOXES else "in"
    page = list_page(actor, name, request.GET.get("after", ""))
    return render(request, "slips/list.html", {"page": page, "box": name})


@login_required
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    actor = actor_of(request)
    return _show(request, actor, get_slip(actor, number))


def _show(
    request: HttpRequest, actor: Actor, slip: Slip, *, status: int = 200, **context: Any
) -> HttpResponse:
    found = {"page": slip_page(actor, slip), **context}
    return render(request, "slips/slip.html", found, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str, event: str) -> HttpResponse:
    """Sign for it, answer it, finish it, evaluate it."""
    actor = actor_of(request)
    slip = get_slip(actor, number)
    found = next((one for one in slip_steps(actor, slip) if one.event == event), None)
    if found is None:
        raise NotFound(_("这张联络单现在没有这一步。"))
    initial = {"signed_by": actor.name} if event == "slip_received" else {}
    form = FORMS[event](request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _take(actor, slip, event, form)
        except (Refused, InvalidInput) as error:
            _put_into(form, error)
        except Conflict as error:
            if error.code != "already_recorded":
                raise
            return redirect("slips:detail", number=number)
        else:
            happened = labels.label(labels.HAPPENED, event)
            messages.success(request, _("%(number)s：%(what)s。") % {"number": number, "what": happened})
            return redirect("slips:detail", number=number)
    status = 422 if form.is_bound else 200
    return _show(request, actor, slip, status=status, form=form, step=found)


def _take(actor: Actor, slip: Slip, event: str, form: SlipForm) -> None:
    data = form.cleaned_data
    if event == "slip_received":
        signature = receive_signature(data["signature"])
        signed_by = data["signed_by"] or actor.name
        services.receive_slip(actor=actor, slip=slip, signed_by=signed_by, uuid=data["uuid"])
        services.keep_signature(actor=actor, slip=slip, arrived=signature)
    elif event == "slip_answered":
        services.answer_slip(
            actor=actor, slip=slip, text=data["text"], finish_by=data["finish_by"], uuid=data["uuid"]
        )
    elif event == "slip_finished":
        services.finish_slip(actor=actor, slip=slip, result=data["result"], uuid=data["uuid"])
    else:
        services.evaluate_slip(
            actor=actor, slip=slip, satisfied=data["satisfied"] == "yes", text=data["text"], uuid=data["uuid"]
        )


def _put_into(form: django_forms.Form, error: HuiyinError) -> None:
    """The error where it belongs on the form, and its sentence above."""
    fields = error.fields if isinstance(error, InvalidInput) else {}
    for name, words in fields.items():
        form.add_error(name if name in form.fields else None, words)
    form.add_error(None, error.message)


@login_required
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """A slip about a case: the form opens in place on the case's page."""
    actor = actor_of(request)
    case = get_case(actor, number)
    slip_forms = slip_forms_for(actor, case)
    if not slip_forms:
        raise NotFound(_("您的岗位不能就这张工单开联络单。"))
    data = request.POST.copy() if request.method == "POST" else None
    form = IssueForm(
        data,
        slip_forms=slip_forms,
        units=units_for(actor, case),
        initial={"expected_version": case.version},
    )
    if data is not None and form.is_valid():
        try:
            slip = _issue(actor, case, form)
        except Conflict as error:
            if error.code == "already_recorded":
                return _after_issue(request, actor, case)
            form.add_error(None, error.message)
            # the next try has seen what happened meanwhile
            data["expected_version"] = str(get_case(actor, number).version)
        except (Refused, InvalidInput) as error:
            _put_into(form, error)
        else:
            words = _("已开出%(form)s %(number)s，发给%(unit)s。") % {
                "form": dict(slip_forms)[slip.form],
                "number": slip.number,
                "unit": slip.to_unit.name if slip.to_unit else "",
            }
            messages.success(request, words)
            return _after_issue(request, actor, case)
    context = {"form": form, "case": case, "url": request.path, "page_url": _case_url(case)}
    status = 422 if form.is_bound else 200
    if getattr(request, "htmx", False):
        return render(request, "slips/issue_form.html", context, status=status)
    return render(request, "slips/issue.html", context, status=status)


def _issue(actor: Actor, case: Case, form: IssueForm) -> Slip:
    data = form.cleaned_data
    return services.issue_slip(
        actor=actor,
        case=case,
        form=data["slip_form"],
        to_unit=data["to_unit"],
        text=data["text"],
        reply_by=data["reply_by"],
        finish_by=data["finish_by"],
        uuid=data["uuid"],
        expected_version=data["expected_version"],
    )


def _after_issue(request: HttpRequest, actor: Actor, case: Case) -> HttpResponse:
    if getattr(request, "htmx", False):
        return show_case(request, actor, get_case(actor, case.number))
    return redirect("cases:detail", number=case.number)


def _case_url(case: Case) -> str:
    return reverse("cases:detail", args=[case.number])
