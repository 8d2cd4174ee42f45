"""The follow-up screen: one call after the other."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.cases import labels
from huiyin.cases.acting import take_step
from huiyin.cases.followups import call_of, line_of, queue
from huiyin.cases.models import Case
from huiyin.cases.scene import Scene
from huiyin.cases.selectors import get_case
from huiyin.cases.stepforms import FollowUpForm
from huiyin.cases.steps import StepView
from huiyin.core.errors import Conflict, InvalidInput, Refused
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of

# A case of which the step is not known stands before this one: the form is shown and the engine will say.
STEP = StepView(event="followed_up", label=labels.event_label("followed_up"), allowed=True, needed=True)


@login_required
@require_http_methods(["GET", "POST"])
def follow_ups(request: HttpRequest) -> HttpResponse:
    """The queue and the call in hand; after each outcome the next one opens."""
    actor = actor_of(request)
    actor.require(Capability.FOLLOW_UP)
    if request.method == "POST":
        return _record(request, actor)
    cases = queue(actor)
    wanted = request.GET.get("case", "")
    current = next((case for case in cases if case.number == wanted), cases[0] if cases else None)
    return _show(request, actor, cases, current)


def _show(
    request: HttpRequest,
    actor: Actor,
    cases: list[Case],
    current: Case | None,
    *,
    form: FollowUpForm | None = None,
    problem: str = "",
    clause: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"lines": [line_of(actor, case) for case in cases]}
    if current is not None:
        context |= {
            "call": call_of(actor, current),
            "form": form or FollowUpForm(scene=Scene.of(actor, current, STEP)),
            "next": _next(cases, current),
            "problem": problem,
            "clause": clause,
        }
    return render(request, "cases/followups.html", context, status=status)


def _next(cases: list[Case], current: Case) -> str:
    """The one after this in the queue; from the last one back to the first."""
    numbers = [case.number for case in cases]
    if current.number not in numbers or len(numbers) < 2:
        return ""
    return numbers[(numbers.index(current.number) + 1) % len(numbers)]


def _record(request: HttpRequest, actor: Actor) -> HttpResponse:
    case = get_case(actor, request.POST.get("case", ""))
    form = FollowUpForm(request.POST, scene=Scene.of(actor, case, STEP))
    if not form.is_valid():
        return _show(request, actor, _with(queue(actor), case), case, form=form, status=422)
    try:
        take_step(
            actor=actor,
            case=case,
            event="followed_up",
            facts=form.facts(),
            uuid=form.cleaned_data["uuid"],
            at=form.cleaned_data["at"],
            expected_version=form.cleaned_data["expected_version"],
        )
    except (Refused, Conflict, InvalidInput) as error:
        fresh = get_case(actor, case.number)
        data = request.POST.copy()
        data["expected_version"] = str(fresh.version)
        form = FollowUpForm(data, scene=Scene.of(actor, fresh, STEP))
        clause = error.clause or "" if isinstance(error, Refused) else ""
        return _show(
            request,
            actor,
            _with(queue(actor), fresh),
            fresh,
            form=form,
            problem=error.message,
            clause=clause,
            status=error.status,
        )
    outcome = labels.label(labels.OUTCOMES, form.cleaned_data["outcome"])
    messages.success(
        request, _("%(number)s 的回访记下了：%(outcome)s。") % {"number": case.number, "outcome": outcome}
    )
    following = request.POST.get("next", "")
    return redirect(reverse("cases:follow-ups") + (f"?case={quote(following)}" if following else ""))


def _with(cases: list[Case], current: Case) -> list[Case]:
    """The queue with the case in hand, even when somebody else has dealt with it meanwhile."""
    return cases if any(case.pk == current.pk for case in cases) else [current, *cases]


urlpatterns = [
    path("follow-ups/", follow_ups, name="follow-ups"),
]
