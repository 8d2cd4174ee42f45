"""The permission table: the rows of all rooms. A room adds a file to `rooms/`; see `model.py`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.permissions.model import Row, World


def _rooms() -> list[ModuleType]:
    folder = Path(__file__).parent / "rooms"
    names = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    return [import_module(f"tests.permissions.rooms.{name}") for name in names]


ROOMS = _rooms()
ROWS: list[Row] = [row for room in ROOMS for row in room.ROWS]


def build(world: World) -> None:
    for room in ROOMS:
        if hasattr(room, "build"):
            room.build(world)
