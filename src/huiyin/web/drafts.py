"""Drafts live in the browser (`data-draft-key`). The server only says when one has served its purpose."""

from __future__ import annotations

from django.http import HttpRequest

SESSION_KEY = "drafts_to_clear"


def clear_draft(request: HttpRequest, key: str) -> None:
    """After a form with `data-draft-key` was stored: the next page tells the browser to forget the draft."""
    waiting = request.session.get(SESSION_KEY, [])
    if key not in waiting:
        request.session[SESSION_KEY] = [*waiting, key]


def drafts_to_clear(request: HttpRequest) -> list[str]:
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session:
        return []
    found: list[str] = session.pop(SESSION_KEY)
    return found
