"""What is decided before and after the API's own code, so that every answer under /api/ is one of ours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from huiyin.api.problems import problem

log = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
# ninja answers every method here
ONLY_READ = ("openapi-json", "api-root")

View = Callable[..., HttpResponse]


def guarded(patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern]:
    """The same routes, behind the checks of this module."""
    found = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    for pattern in found:
        view = require_safe(pattern.callback) if pattern.name in ONLY_READ else pattern.callback
        pattern.callback = csrf_exempt(_guard(view))
    return found


def _guard(view: View) -> View:
    @wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (early := _too_large(request)) is not None:
            return early
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return nowhere(request)
        except Exception:
            log.exception("the API failed at %s", request.path)
            return problem(500, "fault", "The fault is ours; it is in the server's log.")
        if response.status_code == 405:
            return _not_allowed(response["Allow"])
        return response

    return guard


def _too_large(request: HttpRequest) -> HttpResponse | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) <= BODY_LIMIT:
        return None
    return problem(413, "too_large", f"A body has at most {BODY_LIMIT // 1024} KiB.")


def _not_allowed(allowed: str) -> HttpResponse:
    response = problem(405, "method_not_allowed", f"Allowed here: {allowed}.")
    response["Allow"] = allowed
    return response


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address that does not exist."""
    return problem(404, "not_found", "There is nothing here.")
