"""Every draw that was made, in order, each line bound to the one before: nobody shops for a seed unseen."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from huiyin.core.errors import Conflict, InvalidInput

try:
    import fcntl
except ImportError:  # pragma: no cover  Windows has no such lock; its appends are whole lines all the same
    fcntl = None  # type: ignore[assignment]

NAME = "draws.jsonl"
START = "0" * 64


def record_draw(path: Path, *, at: datetime, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Append one draw. Returns its line, with `number` and `earlier`, the draws of the same plan before it.

    Raises InvalidInput where the log cannot be written (then there is no draw either), Conflict where it was
    altered.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+", encoding="utf-8") as stream:
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX)
            stream.seek(0)
            before = _lines(stream.read(), path)
            line = {"number": len(before) + 1, "at": at.isoformat(), **entry}
            line["previous"] = before[-1]["digest"] if before else START
            line["digest"] = _digest(line)
            stream.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise InvalidInput(
            f"the draw cannot be logged, so it is not made: {path}: {error.strerror}"
        ) from None
    earlier = [one for one in before if one.get("plan") == line.get("plan")]
    return {**line, "earlier": earlier}


def read_draws(path: Path) -> list[dict[str, Any]]:
    """All draws, oldest first. Raises Conflict where a line was altered, taken out or put in."""
    with suppress(FileNotFoundError):
        return _lines(path.read_text(encoding="utf-8"), path)
    return []


def _lines(text: str, path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    previous = START
    for number, raw in enumerate(text.splitlines(), 1):
        try:
            line = json.loads(raw)
            sound = line["previous"] == previous and line["digest"] == _digest(line)
        except (ValueError, KeyError, TypeError):
            sound, line = False, {}
        if not sound:
            raise Conflict(f"{path} line {number}: the log of draws was altered", code="draw_log")
        previous = line["digest"]
        found.append(line)
    return found


def _digest(line: Mapping[str, Any]) -> str:
    content = {name: value for name, value in line.items() if name != "digest"}
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
