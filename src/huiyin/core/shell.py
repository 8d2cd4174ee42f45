"""What a room gives to the shell of the pages: places in the navigation and providers of search results.

A room registers in its `AppConfig.ready()`; `huiyin.web` shows what the actor may use. It stands here, on the
ground, so that rooms need not import the shell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place of the navigation. `capability` is one the actor needs, or several of which one is enough.

    `key` is the keyboard way there: `"n"` or a sequence `"g d"`. `prefix` names further URL namespaces or
    names (their beginning) under which the item is shown as the current one. `firms_label` is its name where
    the customers are firms.
    """

    url_name: str
    label: Text
    icon: str
    capability: str | tuple[str, ...] = ()
    position: int = 100
    key: str = ""
    prefix: tuple[str, ...] = ()
    firms_label: Text = ""

    @property
    def capabilities(self) -> tuple[str, ...]:
        return (self.capability,) if isinstance(self.capability, str) else self.capability


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result. `group` is the heading it stands under: 工单, 业主, 房间."""

    url: str
    title: Text
    group: Text
    detail: Text = ""
    icon: str = "search"
    mark: Text = ""


# (actor, text, limit) -> hits; the first argument is a `huiyin.organization.actors.Actor`
SearchProvider = Callable[[Any, str, int], Iterable[SearchHit]]

_items: dict[str, NavItem] = {}
_providers: list[tuple[int, SearchProvider]] = []


def register_nav(item: NavItem) -> None:
    """Put a place into the navigation. Registering the same URL name again replaces it."""
    _items[item.url_name] = item


def register_search(provider: SearchProvider, *, position: int = 100) -> None:
    """Let a room answer the search field. Lower positions stand first."""
    if all(known is not provider for _, known in _providers):
        _providers.append((position, provider))
        _providers.sort(key=lambda one: one[0])


def nav_items() -> list[NavItem]:
    return sorted(_items.values(), key=lambda item: item.position)


def search_providers() -> list[SearchProvider]:
    return [provider for _, provider in _providers]
