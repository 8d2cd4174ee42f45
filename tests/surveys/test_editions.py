"""An installed edition carries its survey plans, so that a survey keeps the rules it was made under."""

from __future__ import annotations

import pytest

from huiyin.core.errors import NotFound
from huiyin.procedures.packfiles import load_pack
from huiyin.procedures.services import content_of
from huiyin.surveys.packplans import plan_of, plan_of_edition


def test_an_edition_keeps_the_plans_of_its_pack():
    content = content_of("PM1")
    pack = load_pack("PM1")
    for code in ("monthly", "yearly", "special"):
        assert plan_of_edition(pack, content.forms, code) == plan_of("PM1", code)[1]
    with pytest.raises(NotFound):
        plan_of_edition(pack, content.forms, "half_yearly")


def test_a_changed_plan_is_another_edition():
    content = content_of("PM1")
    before = content.digest
    content.forms["surveys/yearly.toml"] = "eA=="
    assert content.digest != before
