"""What every page needs around it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from huiyin.organization.actors import Actor
from huiyin.procedures.selectors import serves_firms
from huiyin.web.drafts import drafts_to_clear
from huiyin.web.navigation import Place, navigation, safe_url
from huiyin.web.texts import script_texts

# The phone's bar: what a thumb needs. The rest is reached through 我的.
ON_PHONE = ("cases:desk", "cases:register")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Callables, so that pieces of a page, which show nothing of the shell, pay nothing for it."""
    actor: Actor | None = getattr(request, "actor", None)

    @cache
    def firms() -> bool:
        return actor is not None and serves_firms(actor.company_id)

    @cache
    def places() -> list[Place]:
        if actor is None or actor.person is None:
            return []
        return navigation(request, actor, firms=firms())

    return {
        "actor": actor,
        "serves_firms": firms,
        "shell_nav": places,
        "shell_phone_nav": lambda: [one for one in places() if one.url_name in ON_PHONE],
        "shell_texts": script_texts,
        "shell_notify_url": lambda: safe_url("notify:list"),
        "shell_notify_count_url": lambda: safe_url("notify:count"),
        "shell_drafts_to_clear": lambda: " ".join(drafts_to_clear(request)),
    }
