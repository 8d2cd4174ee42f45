"""Every survey plan that ships can be read and agrees with the pack that names it."""

from __future__ import annotations

import shutil

import pytest

from huiyin.cli.main import main
from huiyin.core.errors import NotFound
from huiyin.procedures.packfiles import builtin_packs, find_pack, load_pack
from huiyin.surveys.core import item_weights
from huiyin.surveys.packplans import plan_of, plan_problems
from huiyin.surveys.plans import find_plan


@pytest.mark.parametrize("code", builtin_packs())
def test_the_plans_of_a_pack_agree_with_it(code):
    assert plan_problems(load_pack(code), builtin_packs()[code]) == []
    for row in load_pack(code).survey:
        if row.plan:
            assert sum(item_weights(plan_of(code, row.code)[1]).values()) == pytest.approx(1)


def test_what_does_not_agree_is_told(tmp_path):
    pack = load_pack("PM1")
    assert plan_problems(pack, tmp_path)[0] == "[survey] monthly：缺少文件 surveys/monthly.toml"
    (tmp_path / "surveys").mkdir()
    text = find_plan("PM1:yearly").read_text(encoding="utf-8")
    for name in ("monthly", "special", "yearly", "more"):
        (tmp_path / "surveys" / f"{name}.toml").write_text(text, encoding="utf-8")
    wrong = text.replace('clause = "7.3.7"', 'clause = "9.9"').replace("share = 0.5\n", "share = 0.4\n")
    wrong = wrong.replace("at_least = 0.5", "at_least = 0.3").replace('"general_manager"', '"nobody"')
    (tmp_path / "surveys" / "yearly.toml").write_text(wrong, encoding="utf-8")
    found = [text for text in plan_problems(pack, tmp_path) if "yearly" in text or "more" in text]
    assert found == [
        "surveys/yearly.toml：引用了条款 9.9，[[survey]] yearly 没有写",
        "surveys/yearly.toml：[[survey]] yearly 写了条款 7.3.7，计划里没有规则引用它",
        "surveys/yearly.toml：[[survey]] yearly 的 share 是 0.5，计划不是",
        "surveys/yearly.toml：[[survey]] yearly 的 response_rate 是 0.5，计划不是",
        "surveys/yearly.toml：没有岗位 nobody",
        "surveys/more.toml：没有 [[survey]] 用到它",
    ]


def test_it_is_told_where_a_pack_is_checked(tmp_path, capsys):
    shutil.copytree(find_pack("PM1"), tmp_path / "PM1")
    (tmp_path / "PM1" / "surveys" / "special.toml").unlink()
    assert main(["pack", "check", str(tmp_path / "PM1"), "--lang", "en"]) == 0
    assert "the file surveys/special.toml is missing" in capsys.readouterr().out
    assert main(["survey", "check", str(tmp_path / "PM1")]) == 1


def test_a_survey_that_is_not_there():
    with pytest.raises(NotFound):
        plan_of("PM1", "daily")
    with pytest.raises(NotFound):
        find_plan("PM1:half_yearly")
