"""Fixtures of the engine's tests."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime

import pytest
from tests import hypothesis_profile
from tests.engine.bench import PLAIN_PACK, Bench, Line, moment, only

from huiyin.engine import Pack
from huiyin.procedures.packfiles import load_pack

hypothesis_profile.load()  # also where this folder's tests run without the suite's own set-up


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
def make() -> Callable[..., Bench]:
    """A bench with the plain pack and these tables added."""
    return lambda extra="": Bench(Pack.model_validate(tomllib.loads(PLAIN_PACK + extra)))


@pytest.fixture(scope="session")
def pm1() -> Bench:
    return Bench(load_pack("PM1"))
