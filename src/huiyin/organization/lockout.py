"""Too many wrong passwords: which name an attempt counts against, and lifting the lockout."""

from __future__ import annotations

from collections.abc import Mapping

from axes.utils import reset
from django.http import HttpRequest


def attempted_username(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """As signing in reads it: Duty_A and duty_a are one account, so guesses at both count together."""
    given = (credentials or {}).get("username") or request.POST.get("login") or ""
    return given.strip().lower()


def lift(username: str) -> int:
    """Returns how many counts of wrong passwords were dropped."""
    return int(reset(username=username.strip().lower()))
