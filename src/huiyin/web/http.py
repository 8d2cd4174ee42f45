"""Small helpers of views: the actor, a safe way back, words to the person."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from huiyin.organization.requests import actor_of

__all__ = ["actor_of", "is_fragment", "safe_next", "trigger"]


def is_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """The address in `next`, when it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if allowed and wanted.startswith("/") else default


def trigger(response: HttpResponse, name: str, detail: Any = True) -> HttpResponse:
    """Add a client event to an HTMX response, keeping those that are there."""
    events = json.loads(response.get("HX-Trigger", "{}"))
    if isinstance(events.get(name), list) and isinstance(detail, list):
        detail = [*events[name], *detail]
    events[name] = detail
    response["HX-Trigger"] = json.dumps(events)
    return response
