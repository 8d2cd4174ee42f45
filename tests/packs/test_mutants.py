"""The tool that disturbs packs: every rule is taken out once, and what no test notices is named."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from huiyin.procedures import packfiles

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutate_packs", ROOT / "tools" / "mutate_packs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutate_packs"] = module
    spec.loader.exec_module(module)
    return module


def test_every_rule_is_taken_out_once(tool: ModuleType) -> None:
    text = (packfiles.find_pack("PM5") / packfiles.FILE).read_text(encoding="utf-8")
    data = tomllib.loads(text)
    rules = sum(len(data[table]) for table in data if table not in tool.FRAME | tool.ELSEWHERE)
    found = list(tool.mutants(data))
    whole = [one for one in found if one.whole]
    assert len(whole) == rules == 7
    assert all(one.data != data for one in found)
    assert data == tomllib.loads(text)


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        ("2wd", "3wd"),
        (["asked", "2h"], ["asked", "3h"]),
        (0.1, 0.05),
        (300, 301),
        ({"day": 5}, {"day": 4}),
        ({}, {"in": "next"}),
        ("TS-{year}-{serial:04}", "XTS-{year}-{serial:04}"),
        ("day", "month"),
    ],
)
def test_figures_are_changed(tool: ModuleType, value: object, changed: object) -> None:
    assert tool.other(value) == changed


def test_a_mutated_pack_is_read_instead_and_only_while_it_lasts(tool: ModuleType) -> None:
    data = tomllib.loads((packfiles.find_pack("PM5") / packfiles.FILE).read_text(encoding="utf-8"))
    before = packfiles.load_pack("PM5")
    with tool.mutated("PM5", {**data, "escalation": []}):
        assert packfiles.load_pack("PM5").escalation == []
        assert packfiles.load_pack("PM6").escalation
    assert packfiles.load_pack("PM5") == before
