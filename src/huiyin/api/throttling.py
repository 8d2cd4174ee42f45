"""How much one token may ask for."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from huiyin.api.auth import actor_of
from huiyin.api.counting import count, seconds_left

PER_MINUTE = 1200


class TokenThrottle(BaseThrottle):
    """A limit for each token."""

    def allow_request(self, request: HttpRequest) -> bool:
        return count(f"token:{actor_of(request).token_id}") <= PER_MINUTE

    def wait(self) -> float:
        return float(seconds_left())
