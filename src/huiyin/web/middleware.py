"""Puts the actor on every request, and turns domain errors into answers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from huiyin.core.errors import HuiyinError
from huiyin.organization.actors import Actor
from huiyin.organization.models import Person
from huiyin.organization.selectors import actor_for

GetResponse = Callable[[HttpRequest], HttpResponse]


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, Person) or not user.is_authenticated:
        return Actor(company_id=0, name="")
    return actor_for(user, preferred=str(request.session.get("post", "")))


class ActorMiddleware:
    """`request.actor`, made when first asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class DomainErrorMiddleware:
    """The one place where a domain error becomes a page. The API has its own, in `huiyin.api`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, HuiyinError):
            return None
        fragment = getattr(request, "htmx", False)
        template = "web/error_fragment.html" if fragment else "web/error.html"
        return render(request, template, {"error": exception}, status=exception.status)
