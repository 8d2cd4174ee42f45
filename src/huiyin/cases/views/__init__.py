"""The pages of cases. Thin: they read the request, call a selector or service, and show the answer."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from huiyin.organization.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; the middleware has put it there."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]
