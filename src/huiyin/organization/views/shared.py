"""What the administrator's views share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from huiyin.core.errors import Conflict, Forbidden, InvalidInput
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def page_for(*capabilities: str) -> Callable[[View[P]], View[P]]:
    """A page for people with one of these capabilities somewhere; without any named, for administrators."""
    wanted = capabilities or (Capability.ADMIN,)

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = actor_of(request)
            if not any(actor.may(one) for one in wanted):
                actor.require(wanted[0])
            return view(request, *args, **kwargs)

        return cast("View[P]", login_required(wrapped))

    return decorate


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty one that was sent is bound too, and says what is missing."""
    return request.POST if request.method == "POST" else None


def tried(form: forms.Form, action: Callable[[], T]) -> T | None:
    """Run a service for a form; what it refuses stands on the form, with everything typed kept."""
    try:
        return action()
    except InvalidInput as error:
        for name, message in (error.fields or {"": error.message}).items():
            form.add_error(name if name in form.fields else None, message)
    except (Conflict, Forbidden) as error:
        form.add_error(None, error.message)
    return None


def saved(request: HttpRequest, form: forms.Form, action: Callable[[], None]) -> bool:
    """Whether the form was sent, is well formed, and the service took it."""
    if request.method != "POST" or not form.is_valid():
        return False

    def run() -> bool:
        action()
        return True

    return tried(form, run) is not None


def act(request: HttpRequest, action: Callable[[], object], done: str, to: str, *args: Any) -> HttpResponse:
    """For a single button: run the service, say what happened, go back to the page."""
    try:
        action()
    except (InvalidInput, Conflict) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect(to, *args)


def shown_once(request: HttpRequest, **context: Any) -> HttpResponse:
    """A secret on a page that no cache and no history keeps."""
    response = render(request, "organization/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def status_of(form: forms.Form) -> int:
    """A form that was refused answers 422, so that programs and tests see it too."""
    return 422 if form.is_bound and form.errors else 200
