"""Counting what one caller asks for, in the cache, in windows of a minute."""

from __future__ import annotations

from django.core.cache import cache

from huiyin.core import clock

WINDOW = 60


def count(name: str) -> int:
    """The how-manieth of this name in the present minute."""
    key = f"api:{name}:{int(clock.now().timestamp()) // WINDOW}"
    cache.add(key, 0, WINDOW * 2)
    try:
        return int(cache.incr(key))
    except ValueError:  # it went out of the cache in between
        return 1


def seconds_left() -> int:
    return WINDOW - int(clock.now().timestamp()) % WINDOW
