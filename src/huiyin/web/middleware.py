"""Puts the actor on every request, turns domain errors into answers, and speaks to HTMX in its own way."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render, resolve_url
from django.template.loader import get_template
from django.utils.functional import SimpleLazyObject

from huiyin.core.errors import HuiyinError
from huiyin.core.faults import RETRY_AFTER, passes
from huiyin.organization.actors import Actor
from huiyin.organization.models import Person
from huiyin.organization.selectors import actor_for
from huiyin.web.http import is_fragment, trigger
from huiyin.web.problems import problem_of

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

# left without words by Django; a page says what is wrong
_BARE = frozenset({400, 403, 404, 405, 413, 429})


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


def problem_response(request: HttpRequest, status: int, error: HuiyinError | None = None) -> HttpResponse:
    """An error page; for HTMX a notice that leaves the page, and what was typed in it, as it is."""
    context = {"problem": problem_of(status), "error": error, "login_url": resolve_url(settings.LOGIN_URL)}
    if not is_fragment(request):
        return render(request, "web/error.html", context, status=status)
    response = render(request, "web/error_fragment.html", context, status=status)
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "beforeend"
    return response


def out_of_service(request: HttpRequest, error: BaseException) -> HttpResponse:
    """A fault that passes: nothing was saved, and the same may be tried again."""
    log.error("out of service: %s", error, exc_info=error)
    response = problem_response(request, 503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: also where a fault came before any view, such as while reading the session.

    Without the request in the template: whoever is signed in may be what could not be read.
    """
    error = sys.exc_info()[1]
    status = 503 if passes(error) else 500
    response = HttpResponse(get_template("500.html").render({"status": status}), status=status)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


class DomainErrorMiddleware:
    """The one place where a domain error becomes a page. The API has its own, in `huiyin.api`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in _BARE and _is_bare(response) and not request.path.startswith("/api/"):
            return _with_headers(response, problem_response(request, response.status_code))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if passes(exception) and not request.path.startswith("/api/"):
            return out_of_service(request, exception)
        if not isinstance(exception, HuiyinError):
            return None
        return problem_response(request, exception.status, exception)


def _is_bare(response: HttpResponse) -> bool:
    return not response.streaming and not response.content


def _with_headers(old: HttpResponse, new: HttpResponse) -> HttpResponse:
    for name, value in old.headers.items():
        if name not in ("Content-Type", "Content-Length"):
            new[name] = value
    return new


class HtmxMiddleware:
    """Answers to HTMX: a redirect opens the page, an error page becomes a notice, messages come along."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_fragment(request) or response.streaming:
            return response
        if isinstance(response, HttpResponseRedirectBase):
            return self._redirect(request, response)
        if response.status_code >= 400 and _is_page(response):
            return problem_response(request, response.status_code)
        if "HX-Redirect" in response or "HX-Refresh" in response:
            return response
        words = [{"text": str(one), "level": one.level_tag} for one in get_messages(request)]
        return trigger(response, "notice", words) if words else response

    def _redirect(self, request: HttpRequest, response: HttpResponseRedirectBase) -> HttpResponse:
        # one that leads to signing in would lose what stands on the page
        if response.url.split("?")[0] == resolve_url(settings.LOGIN_URL):
            return problem_response(request, 401)
        answer = _with_headers(response, HttpResponse(status=200))
        answer.cookies = response.cookies
        del answer["Location"]
        answer["HX-Redirect"] = response.url
        return answer


def _is_page(response: HttpResponse) -> bool:
    """A whole page, which must not be put into a piece of another."""
    return response.content[:200].lstrip()[:9].lower() == b"<!doctype" or not response.content
