"""The form of a step, in place or on its own page, and taking the step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.cases import labels
from huiyin.cases.acting import Done, opens, take_step
from huiyin.cases.attachments import Arrived, receive, receive_signature
from huiyin.cases.models import Case
from huiyin.cases.scene import Scene
from huiyin.cases.search import matching
from huiyin.cases.selectors import get_case, visible_cases
from huiyin.cases.stepforms import THEN, StepForm, form_for
from huiyin.cases.steps import StepView, steps_for
from huiyin.cases.stepviews import step_icon, step_url
from huiyin.cases.timeline import Moment, since_version
from huiyin.cases.views.case import show
from huiyin.core.errors import Conflict, HuiyinError, InvalidInput, NotFound, Refused
from huiyin.core.ids import new_uuid
from huiyin.core.phrases import side_by_side
from huiyin.organization.actors import Actor
from huiyin.organization.requests import actor_of

HITS = 8


@dataclass(slots=True)
class Problem:
    """Why a step was not taken; what was written stays in the form."""

    text: str
    level: str = "error"
    icon: str = "alert-circle"
    clause: str = ""
    lines: list[str] = field(default_factory=list)
    changes: list[Moment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownField:
    bound: forms.BoundField
    template: str
    hint: str
    search_url: str = ""


@dataclass(frozen=True, slots=True)
class Also:
    event: str
    label: str


@dataclass(slots=True)
class ShownForm:
    """What the template of a step's form needs."""

    form: StepForm
    url: str
    label: str
    button: str
    icon: str
    clause: str
    draft_key: str
    fields: list[ShownField]
    at: forms.BoundField
    also: list[Also]
    hint: str = ""
    problem: Problem | None = None


@login_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: str, event: str) -> HttpResponse:
    """A step's form; posted, the step is taken and the case shown as it then stands."""
    actor = actor_of(request)
    case = get_case(actor, number)
    scene = Scene.of(actor, case, _view(actor, case, event))
    if request.method != "POST":
        return _answer(request, scene, form_for(event)(scene=scene))
    form = form_for(event)(request.POST, request.FILES, scene=scene)
    if not form.is_valid():
        return _answer(request, scene, form, status=422)
    try:
        done = _take(request, scene, form)
    except (Refused, Conflict, InvalidInput) as error:
        return _failed(request, actor, number, event, error)
    _say(request, scene, done)
    if not getattr(request, "htmx", False):
        return redirect("cases:detail", number=case.number)
    response = show(request, actor, get_case(actor, case.number))
    response["HX-Trigger"] = f'{{"draft-done": {{"key": "{_draft_key(case, event)}"}}}}'
    return response


def _view(actor: Actor, case: Case, event: str) -> StepView:
    """The step as this actor has it. One that is out of reach does not exist for him."""
    found = next((one for one in steps_for(actor, case) if one.event == event), None)
    if found is None or event.startswith("slip_"):
        raise NotFound(_("没有这一步。"))
    return found


def _take(request: HttpRequest, scene: Scene, form: StepForm) -> Done:
    arrived: list[Arrived] = []
    if form.takes_files:
        arrived += receive(
            (one.name or _("照片"), one.file) for one in request.FILES.getlist("photos") if one.file
        )
        arrived += receive_signature(str(form.cleaned_data.get("signature") or ""))
    then = request.POST.get("then", "")
    return take_step(
        actor=scene.actor,
        case=scene.case,
        event=scene.step.event,
        facts=form.facts(),
        uuid=form.cleaned_data["uuid"],
        at=form.cleaned_data["at"],
        expected_version=form.cleaned_data["expected_version"],
        arrived=arrived,
        then=then if then in THEN.get(scene.step.event, ()) else "",
    )


def _failed(request: HttpRequest, actor: Actor, number: str, event: str, error: HuiyinError) -> HttpResponse:
    """The same form with what was written, on the case as it is now."""
    case = get_case(actor, number)
    scene = Scene.of(actor, case, _view(actor, case, event))
    form = form_for(event)(_renewed(request, case, error), request.FILES, scene=scene)
    form.is_valid()
    problem = Problem(error.message)
    if isinstance(error, Refused):
        problem.icon, problem.level, problem.clause = "shield-x", "warning", error.clause or ""
    elif isinstance(error, Conflict):
        problem.icon, problem.level = "users", "warning"
        seen = request.POST.get("expected_version", "")
        if seen.isdecimal():
            problem.changes = since_version(case, scene.names, int(seen))
    elif isinstance(error, InvalidInput):
        for name, words in error.fields.items():
            if name in form.fields:
                form.add_error(name, words)
            else:
                problem.lines.append(words)
    return _answer(request, scene, form, problem=problem, status=error.status)


def _renewed(request: HttpRequest, case: Case, error: HuiyinError) -> Any:
    """What was posted, looking at the new version. A refused try is over: the next one is another."""
    data = request.POST.copy()
    data["expected_version"] = str(case.version)
    if isinstance(error, Refused):
        data["uuid"] = str(new_uuid())
    return data


def _answer(
    request: HttpRequest, scene: Scene, form: StepForm, *, problem: Problem | None = None, status: int = 200
) -> HttpResponse:
    shown = _shown(scene, form, problem)
    if getattr(request, "htmx", False):
        context = {"step_form": shown, "case": scene.case, "page_url": _case_url(scene.case)}
        return render(request, "cases/step_form.html", context, status=status)
    return show(
        request, scene.actor, scene.case, status=status, step_form=shown, page_url=_case_url(scene.case)
    )


def _case_url(case: Case) -> str:
    return reverse("cases:detail", args=[case.number])


def _shown(scene: Scene, form: StepForm, problem: Problem | None) -> ShownForm:
    view = scene.step
    if problem is None and not view.allowed:
        problem = Problem(_blocked(view), "warning", "lock", view.clause)
    also = [
        Also(then, _("%(step)s并%(then)s") % {"step": view.label, "then": labels.event_label(then)})
        for then in THEN.get(view.event, ())
        if view.allowed and opens(scene, then)
    ]
    return ShownForm(
        form=form,
        url=step_url(scene.case, view.event),
        label=view.label,
        button=view.label,
        icon=step_icon(view.event),
        clause=view.clause,
        draft_key=_draft_key(scene.case, view.event),
        fields=[_field(scene, one) for one in form.shown()] + _hidden_inputs(form),
        at=form["at"],
        also=also,
        hint=str(form.hint),
        problem=problem,
    )


def _blocked(view: StepView) -> str:
    if view.missing:
        return _("现在还不能%(step)s：%(missing)s。") % {
            "step": view.label,
            "missing": side_by_side(view.missing),
        }
    return view.reason or _("现在还不能%(step)s。") % {"step": view.label}


def _field(scene: Scene, bound: forms.BoundField) -> ShownField:
    template, search = "cases/step_field.html", ""
    if isinstance(bound.field.widget, forms.RadioSelect):
        template = "cases/step_field_choice.html"
    elif bound.name == "photos":
        template = "cases/step_field_files.html"
    elif bound.name == "to" and scene.step.event == "linked":
        template = "cases/step_field_case.html"
        search = reverse("cases:link-search", args=[scene.case.number])
    return ShownField(bound, template, str(bound.help_text), search)


def _hidden_inputs(form: StepForm) -> list[ShownField]:
    """The signature pad brings its own hidden field."""
    if "signature" not in form.fields:
        return []
    return [ShownField(form["signature"], "cases/step_field_signature.html", "")]


def _draft_key(case: Case, event: str) -> str:
    return f"step-{case.number}-{event}"


def _say(request: HttpRequest, scene: Scene, done: Done) -> None:
    """What happened, in a sentence; and what did not."""
    happened = labels.label(labels.HAPPENED, scene.step.event)
    if done.then and done.then_refused is None:
        happened = _("%(first)s，并%(then)s") % {
            "first": happened,
            "then": labels.label(labels.HAPPENED, done.then),
        }
    messages.success(request, _("%(number)s：%(what)s。") % {"number": scene.case.number, "what": happened})
    if done.then_refused is not None:
        messages.warning(request, done.then_refused.message)


@login_required
@require_GET
def link_search(request: HttpRequest, number: str) -> HttpResponse:
    """Cases to link with: by number, otherwise by the words."""
    actor = actor_of(request)
    case = get_case(actor, number)
    text = request.GET.get("to", "").strip()[:60]
    seen = visible_cases(actor).exclude(pk=case.pk).select_related("place")
    rows = list(seen.filter(number__icontains=text).order_by("-id")[:HITS]) if len(text) >= 3 else []
    if len(rows) < HITS and len(text) >= 2:
        known = [row.pk for row in rows]
        more = matching(seen.exclude(pk__in=known), company_id=actor.company_id, text=text)
        rows += list(more.order_by("-id")[: HITS - len(rows)])
    options = ((row.number, f"{row.place or ''} {row.text[:40]}".strip()) for row in rows)
    return HttpResponse(format_html_join("", '<option value="{}">{}</option>', options))


urlpatterns = [
    path("cases/<str:number>/link-search/", link_search, name="link-search"),
    path("cases/<str:number>/steps/<str:event>/", step, name="step"),
]
