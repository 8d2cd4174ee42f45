"""Who calls: a program with a token that is scoped to a unit."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from huiyin.organization.actors import Actor
from huiyin.organization.services import actor_for_token


class Token(HttpBearer):
    """`Authorization: Bearer …`; the token is made on the settings page and shown once."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_for_token(token)


def actor_of(request: HttpRequest) -> Actor:
    """The actor that `Token` found for this request."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
