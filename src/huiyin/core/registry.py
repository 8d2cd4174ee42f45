"""Finding what the rooms register: their module `tasks` holds recurring functions and outbox handlers."""

from __future__ import annotations

from functools import cache

from django.utils.module_loading import autodiscover_modules


@cache
def load_tasks() -> None:
    """Import `tasks` of every room, once."""
    autodiscover_modules("tasks")
