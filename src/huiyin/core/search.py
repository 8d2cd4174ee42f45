"""Search text: Chinese by overlapping pairs of characters, everything else by words.

SQLite's trigram index finds nothing for two-character words, and dictionary segmentation loses matches.
"""

from __future__ import annotations

import re
import unicodedata

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9]+")


def fold(text: str) -> str:
    """Full-width to half-width, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[str]:
    """The index terms of a text: "电梯停了" gives 电梯 梯停 停了 电 梯 停 了; each character stands too,
    so that a search for one character finds it."""
    found: list[str] = []
    for run in _RUNS.findall(fold(text)):
        if run[0] > "\u33ff":
            found += [run[i : i + 2] for i in range(len(run) - 1)]
            found += list(run)
        else:
            found.append(run)
    return found


def query_tokens(text: str) -> list[str]:
    """The terms that must all be there: pairs where a Chinese run has two or more characters."""
    found: list[str] = []
    for run in _RUNS.findall(fold(text)):
        if run[0] > "\u33ff" and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run)
    return found
