"""Fixtures of the packs' tests: a pack, and the same pack with rules taken out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.engine.bench import Bench, Line, moment, only
from tests.packs.surveybench import SurveyBench

from huiyin.engine import Pack
from huiyin.procedures.packfiles import find_pack, load_pack


@pytest.fixture
def find() -> Callable[..., list[Line]]:
    return only


@pytest.fixture
def at() -> Callable[[str], datetime]:
    return moment


@pytest.fixture
def iso() -> Callable[[str], str]:
    return lambda text: moment(text).isoformat()


@pytest.fixture(scope="session")
def pm1() -> Bench:
    return Bench(load_pack("PM1"))


@pytest.fixture(scope="session")
def pm1_data() -> dict[str, Any]:
    return tomllib.loads((find_pack("PM1") / "procedure.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def plain_pack() -> Callable[[dict[str, Any]], Pack]:
    return Pack.model_validate


@pytest.fixture
def surveys(request: pytest.FixtureRequest, tmp_path: Path) -> SurveyBench:
    """The surveys of the pack whose code the test's file is named after: test_pm1_surveys.py."""
    return SurveyBench(request.path.stem.split("_")[1].upper(), tmp_path)
