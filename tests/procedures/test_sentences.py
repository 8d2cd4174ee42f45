"""Rules of PM1 in plain sentences, and what two editions differ in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation
from tests.procedures.conftest import MakePack

from huiyin.engine import Pack
from huiyin.procedures.difference import difference
from huiyin.procedures.packfiles import load_pack, read_pack
from huiyin.procedures.sentences import by_clause, sentences


@pytest.fixture(scope="module")
def pm1() -> Pack:
    return load_pack("PM1")


def _texts(pack: Pack, clause: str, table: str = "") -> list[str]:
    return [one.text for one in by_clause(pack)[clause] if table in ("", one.table)]


def test_an_urgent_complaint(pm1: Pack) -> None:
    first = _texts(pm1, "7.2.3", "clock")[0]
    for part in ("紧急的投诉", "从登记起", "顾客要求的时间", "2 小时内答复", "50%", "提醒责任岗位"):
        assert part in first
    assert "超时上报上级" in first
    assert "超时告知品质主管" in first


def test_the_return_visit_and_its_exception(pm1: Pack) -> None:
    gate = _texts(pm1, "7.2.10", "gate")[0]
    assert "要先回访（结果为满意或基本满意），有异议的要在异议之后，才能结案" in gate
    assert "经上级批准" in gate


def test_the_other_rules(pm1: Pack) -> None:
    assert "判定时要写明理由" in _texts(pm1, "4.1", "gate")[0]
    assert "由总经理或副总经理派单" in _texts(pm1, "7.2.2", "gate")[0]
    assert "转交给开发商" in _texts(pm1, "7.2.4", "requirement")[0]
    assert _texts(pm1, "8", "retention")[0].endswith("自结案起保存 2 年，由部门负责人（管理处主任）保管。")
    assert "TS-2026-0001" in _texts(pm1, "7.2.1", "number")[0]
    assert "当周周五前，遇休息日提前" in _texts(pm1, "7.2.12", "duty")[0]
    assert "向各部门公布" in _texts(pm1, "7.2.14", "duty")[0]


def test_no_code_is_left_in_a_sentence(pm1: Pack) -> None:
    """Everything is in Chinese; what remains of Latin letters are numbers of forms."""
    for one in sentences(pm1):
        rest = re.sub(r"[A-Z]{2}-2026-\d+", "", one.text)
        assert not re.search(r"[A-Za-z_]{2,}|%\(", rest), one


def test_every_running_clause_says_what_the_system_does(pm1: Pack) -> None:
    rules = by_clause(pm1)
    assert [clause.id for clause in pm1.clause if clause.running and not rules[clause.id]] == []


@pytest.mark.parametrize("pack", sorted(path.name for path in Path("packs").iterdir() if path.is_dir()))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_pack_can_be_read(pack: str, language: str) -> None:
    with translation.override(language):
        assert all(one.text and one.label for one in sentences(read_pack(pack)))


RICH = """
[procedure]
code = "T1"
title = "试验程序"
edition = "A/0"
[[clause]]
id = "1"
title = "一"
demands = "全都在这里"
[[post]]
code = "boss"
title = "经理"
clause = "1"
[[post]]
code = "desk"
title = "前台"
reports_to = "boss"
[[kind]]
clause = "1"
code = "complaint"
title = "投诉"
[[level]]
clause = "1"
code = "grave"
title = "重大"
kind = "complaint"
when = { amount = { above = 1000 }, safety = true }
owner = "boss"
[[level]]
clause = "1"
code = "light"
title = "轻微"
kind = ["complaint"]
when = { answer_by = { given = false }, category = { not = "x" } }
[repetition]
clause = "1"
window = "3mo"
[[clock]]
clause = "1"
name = "answer"
when = { level = "grave" }
from = ["registered", "appealed"]
until = { answered = { means = "phone", after = "judged" } }
limit = "5d"
roll = true
pause = true
on_breach = { escalate = ["boss"], owner = true, action = "corrective" }
[[gate]]
clause = "1"
step = "closed"
needs = { followed_up = { count = 2 } }
slips = "received"
other_than = ["judged"]
exception = { approved_by = ["boss"] }
[[authority]]
clause = "1"
post = "desk"
up_to = 100
above = "boss"
[[followup]]
clause = "1"
from = "closed"
within = "3d"
share = 0.3
other_than = "completed"
warn = "1h"
on_breach = { notify = ["boss"] }
[[escalation]]
clause = "1"
on = "chased"
when = { chased = { at_least = 3 }, repetition = { at_most = 5 }, region = "north" }
to = "boss"
action = "corrective"
[[trigger]]
clause = "1"
name = "rise"
kind = "rising"
action = "corrective"
notify = ["boss"]
[[trigger]]
clause = "1"
name = "many"
kind = "count"
at_least = 3
window = "1mo"
action = "corrective"
[[slip]]
clause = "1"
code = "slip"
title = "联络单"
receive = "1d"
reply = "2d"
finish = "3d"
on_breach = { notify = ["boss"] }
[[number]]
clause = "1"
name = "n"
of = ["complaint", "slip"]
pattern = "{unit}-{serial:03}"
per = "unit"
resets = "never"
[[duty]]
clause = "1"
code = "d"
title = "自查"
every = "half_year"
due = { in = "next", month = 7, day = 5 }
owner = "desk"
per = "site"
approval = ["boss"]
[[duty]]
clause = "1"
code = "e"
title = "巡查"
every = "day"
due = {}
owner = "desk"
[[notice]]
clause = "1"
code = "outage"
title = "停水通知"
before = "1d"
approval = ["boss"]
channels = ["notice_board"]
[[information_class]]
clause = "1"
code = "big"
title = "重大信息"
report_within = "2h"
report_to = ["boss"]
[[meeting]]
clause = "1"
code = "m"
title = "例会"
every = "month"
due = { day = 5 }
chair = "boss"
minutes_approval = ["boss"]
[[survey]]
clause = "1"
code = "s"
title = "满意度调查"
every = "year"
share = 0.5
response_above = 0.25
owner = "boss"
due = { month = 7, day = 5 }
approval = ["boss"]
[[meeting]]
clause = "1"
code = "f"
title = "恳谈会"
every = "as_needed"
notice_approval = ["boss"]
postponed_by = ["boss"]
publish_to = ["customers"]
followed_up = true
"""


def test_rules_of_every_kind_have_words(tmp_path: Path) -> None:
    """What only other packs use is told too; one part of each rule stands for the rest."""
    (tmp_path / "procedure.toml").write_text(RICH, encoding="utf-8")
    text = "\n".join(one.text for one in sentences(read_pack(tmp_path)))
    for part in (
        "金额超过 1000、涉及安全的投诉定为重大，由经理负责",
        "没有写明顾客要求的时间",
        "3 个月内住户、类别相同的，是同一问题再次发生",
        "最后一天休息的顺延到下一个工作日",
        "可以暂停计时",
        "并转由其负责",
        "判定之后再答复",
        "回访 2 次",
        "联络单都签收了，才能结案",
        "判定的人不能自己结案",
        "做不到的，经经理批准也可以",
        "前台可以决定 100 元以内的补偿，超过的由经理批准",
        "不少于 30%",
        "到期前 1 小时提醒",
        "催办次数不少于 3",
        "连续 3 个月上升",
        "1 个月内各类事项达到 3 件",
        "1 天内签收",
        "各单位分别编，连续编号，不重新编",
        "每半年由各管理处的前台完成：自查，下一期 7 月 5 日前",
        "提前 1 天通知",
        "2 小时内报送",
        "每月召开例会，当月第 5 天前，由经理主持",
        "覆盖不少于 50%，回收超过 25%，由经理组织，当年 7 月 5 日前，报告经经理批准",
        "需要时召开恳谈会，通知经经理批准，延期要事先经经理同意，向顾客公布，改进措施要跟踪",
    ):
        assert part in text, f"{part}\n\n{text}"


def test_a_changed_limit_is_told_as_one_change(pm1: Pack, make_pack: MakePack) -> None:
    new = load_pack(make_pack("A/1", ('limit = ["asked", "2wd"]', 'limit = ["asked", "3wd"]')))
    (clause,) = difference(pm1, new)
    (change,) = clause.changes
    assert (clause.clause, change.what) == ("7.2.3", "changed")
    assert "2 个工作日" in change.before
    assert "3 个工作日" in change.after


def test_added_and_removed(pm1: Pack, make_pack: MakePack) -> None:
    folder = make_pack(
        "A/1", ('working_days = ["09:00-12:00", "13:30-18:00"]', 'working_days = ["08:00-18:00"]')
    )
    file = folder / "procedure.toml"
    text = file.read_text(encoding="utf-8")
    gate = text[text.index('[[gate]]\nstep = "closed"\nclause = "7.2.7"') :]
    text = text.replace(gate[: gate.index("[[gate]]", 5)], "")
    text = text.replace(
        "# ---------------------------------------------------------------- 关口",
        '[[clause]]\nid = "7.2.17"\ntitle = "专人"\ndemands = "重大的由专人办。"\n\n'
        '[[owner]]\nclause = "7.2.17"\nwhen = { kind = "complaint", severity = "severe" }\n'
        'post = "quality"\n',
    )
    file.write_text(text, encoding="utf-8")
    found = {one.clause: one for one in difference(pm1, load_pack(folder))}
    assert list(found) == ["", "7.2.7", "7.2.17"]
    assert [change.what for change in found["7.2.7"].changes] == ["removed"]
    assert {change.what for change in found["7.2.17"].changes} == {"added"}
    assert any("严重的投诉由品质主管负责" in change.after for change in found["7.2.17"].changes)
    assert found[""].changes[0].after == "08:00-18:00"


def test_backwards_the_difference_is_the_mirror(pm1: Pack, make_pack: MakePack) -> None:
    new = load_pack(make_pack("A/1", ('"2wd"', '"3wd"'), ("有效投诉的判定", "判定")))
    there = [
        (one.clause, change.before, change.after) for one in difference(pm1, new) for change in one.changes
    ]
    back = [
        (one.clause, change.after, change.before) for one in difference(new, pm1) for change in one.changes
    ]
    assert sorted(there) == sorted(back)


def test_nothing_differs_from_itself(pm1: Pack) -> None:
    assert difference(pm1, pm1) == []
