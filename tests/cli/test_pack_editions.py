"""`huiyin pack submit|editions|diff` over a company's editions."""

from __future__ import annotations

import json

import pytest
from tests.factories.organization import SmallCompany
from tests.procedures.conftest import MakePack, make_pack, small  # noqa: F401

from huiyin.cli.main import main

pytestmark = pytest.mark.django_db
SLOWER = ('limit = ["asked", "2wd"]', 'limit = ["asked", "3wd"]')


def test_an_edition_is_put_forward_and_listed(
    small: SmallCompany,  # noqa: F811
    make_pack: MakePack,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["pack", "submit", str(make_pack("A/1", SLOWER)), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["state"], found["waiting_for"]) == ("draft", ["deputy_general_manager", "general_manager"])
    assert main(["pack", "editions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("PM1\tA/0\teffective\t2026-01-01")
    assert lines[1].endswith("waits for deputy_general_manager, general_manager")


def test_what_a_pack_changes(
    make_pack: MakePack,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    new = str(make_pack("A/1", SLOWER))
    assert main(["pack", "diff", "PM1", "PM1"]) == 0
    assert main(["pack", "diff", "PM1", new]) == 1
    text = capsys.readouterr().out
    assert "7.2.3" in text
    assert "+ 时限: " in text
    assert "3 个工作日" in text
    assert main(["pack", "diff", "PM1", new, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["changes"][0]["what"] == "changed"
