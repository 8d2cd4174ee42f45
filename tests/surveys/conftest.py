"""Small plans and files, made where a test needs them."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from huiyin.surveys.core import Plan, Table

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

SCALE = """
[[scale]]
code = "five"
not_counted = ["NA", "?"]
grade = [
  { code = "5", score = 100, counts = "satisfied" }, { code = "4", score = 80, counts = "satisfied" },
  { code = "3", score = 60, counts = "satisfied" }, { code = "2", score = 30, counts = "dissatisfied" },
  { code = "1", score = 0, counts = "dissatisfied", serious = true },
]
"""
HEAD = '[survey]\ncode = "t"\ntitle = "t"\nclause = "1"\n'


def plan_of(body: str = "", *, items: Sequence[str] = ("a",), head: str = HEAD) -> Plan:
    """A plan with graded items on five grades; `body` adds or replaces nothing else."""
    asked = "".join(f'[[item]]\nkey = "{key}"\nscale = "five"\n' for key in items)
    return Plan.model_validate(tomllib.loads(head + body + SCALE + asked))


def table_of(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    return Table("frame.csv", tuple(columns), [[str(value) for value in row] for row in rows], "0" * 64)


@pytest.fixture
def make_plan() -> Callable[..., Plan]:
    return plan_of


@pytest.fixture
def make_table() -> Callable[..., Table]:
    return table_of


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(rows)
        return path

    return write


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that nobody here wrote; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the data that tests are held against is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def keys(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "statistics" / "keys.json").read_text(encoding="utf-8"))
    return found
