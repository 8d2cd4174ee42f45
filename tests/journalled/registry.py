"""Which services there are, and how a test performs each.

A service is a public function with a keyword-only `actor`. A room's performances stand in
`tests/journalled/rooms/<room>.py`:

    PERFORM = {
        "create_customer": lambda small: create_customer(actor=small.actor("duty"), …),
    }
    READS = {"preview_hand_over": "shows what would move"}    # services that write nothing, with the reason

A performance gets the small company of `tests.factories.organization` and may prepare what it needs; it
passes where the service was called and an entry stands in the journal that was not there before the call.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module, util
from pathlib import Path
from pkgutil import walk_packages
from types import FunctionType, ModuleType

from tests.factories.organization import SmallCompany

from huiyin.config.settings import ROOMS

Perform = Callable[[SmallCompany], object]

# what only shows or arranges what the services do
_NOT_SERVICES = {"migrations", "views", "forms", "templatetags", "management"}


def _modules(room: str) -> Iterator[ModuleType]:
    if util.find_spec(room) is None:
        return
    package = import_module(room)
    for found in walk_packages(package.__path__, f"{room}."):
        if not _NOT_SERVICES & set(found.name.split(".")):
            yield import_module(found.name)


def services(room: str) -> dict[str, FunctionType]:
    """Public functions of a room that somebody does: name -> function."""
    found: dict[str, FunctionType] = {}
    for module in _modules(room):
        for name, member in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(member) or member.__module__ != module.__name__:
                continue
            actor = inspect.signature(member).parameters.get("actor")
            if actor is not None and actor.kind is inspect.Parameter.KEYWORD_ONLY:
                found[name] = member
    return found


def _listed(room: str, what: str) -> dict[str, object]:
    name = room.rsplit(".", 1)[1]
    if not (Path(__file__).parent / "rooms" / f"{name}.py").exists():
        return {}
    return dict(getattr(import_module(f"tests.journalled.rooms.{name}"), what, {}))


SERVICES = {room: services(room) for room in ROOMS}
PERFORM: dict[str, dict[str, Perform]] = {room: _listed(room, "PERFORM") for room in ROOMS}  # type: ignore[misc]
READS: dict[str, dict[str, object]] = {room: _listed(room, "READS") for room in ROOMS}
