"""The actor of a request, typed. Views of every room begin with it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from huiyin.organization.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who asks. Without sign-in an actor without company, posts or scope."""
    return cast(Actor, getattr(request, "actor", None) or Actor(company_id=0, name=""))
