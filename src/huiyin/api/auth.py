"""Who calls: a program with a token that is scoped to a unit."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.errors import Throttled
from ninja.security import HttpBearer

from huiyin.api.counting import count, seconds_left
from huiyin.organization.actors import Actor
from huiyin.organization.services import actor_for_token

# Wrong tokens from one address in a minute: far more than a mistyped setting, far fewer than guessing needs.
WRONG = 60


class Token(HttpBearer):
    """`Authorization: Bearer …`; the token is made on the settings page and shown once."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actor_for_token(token)
        if actor is None and count(f"wrong:{request.META.get('REMOTE_ADDR', '')}") > WRONG:
            raise Throttled(wait=seconds_left())
        return actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor that `Token` found for this request."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
