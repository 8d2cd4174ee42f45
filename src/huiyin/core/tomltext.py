"""TOML that somebody typed or sent, read within bounds. Without Django.

The standard reader takes time by the square of the parts of a dotted key: 40 KB of `a.a.a…` take a minute.
It also lets errors out that it does not call its own.
"""

from __future__ import annotations

import tomllib
from typing import Any

MOST = 1024 * 1024
MOST_DOTS = 200  # in one line; keys end with their line, and no text of a pack has a tenth of it


def read_toml(text: str) -> dict[str, Any]:
    """Raises tomllib.TOMLDecodeError for whatever is no TOML, or too much of it."""
    if len(text) > MOST:
        raise tomllib.TOMLDecodeError(f"more than {MOST >> 20} MB")
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise tomllib.TOMLDecodeError(f"more than {MOST_DOTS} dots in one line (at line {number})")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        # nested without end, numbers without end
        raise tomllib.TOMLDecodeError("nested too deep, or a number too long") from error
