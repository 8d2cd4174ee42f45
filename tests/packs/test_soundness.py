"""What a pack says that can run and yet makes no sense is found, and said in plain words."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factories.organization import add_people, make_company

from huiyin.engine.overlap import compatible, covers
from huiyin.engine.soundness import doubts
from huiyin.procedures.packfiles import check_pack, load_pack
from huiyin.procedures.services import install_pack
from huiyin.procedures.staffing import unheld_posts

VALUES = {"urgency": ("urgent", "ordinary"), "amount": None, "party": None}


@pytest.mark.parametrize(
    ("wider", "narrower", "expected"),
    [
        ({}, {"urgency": "urgent"}, True),
        ({"urgency": "urgent"}, {}, False),
        ({"urgency": ["urgent", "ordinary"]}, {"urgency": "urgent"}, True),
        ({"urgency": "urgent"}, {"urgency": ["urgent", "ordinary"]}, False),
        ({"urgency": "ordinary"}, {"urgency": {"not": "urgent"}}, True),
        ({"amount": {"above": 100}}, {"amount": {"above": 200}}, True),
        ({"amount": {"above": 100}}, {"amount": {"at_least": 100}}, False),
        ({"amount": {"at_least": 100}}, {"amount": {"above": 100}}, True),
        ({"amount": {"at_most": 100}}, {"amount": {"above": 10}}, False),
        ({"amount": {"given": True}}, {"amount": {"above": 10}}, True),
        ({"party": {"not": "own"}}, {"party": {"not": ["own", "builder"]}}, True),
        ({"party": {"not": ["own", "builder"]}}, {"party": {"not": "own"}}, False),
    ],
)
def test_a_table_covers_another(wider, narrower, expected):
    assert covers(wider, narrower, VALUES) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"urgency": "urgent"}, {"urgency": "ordinary"}, False),
        ({"urgency": "urgent"}, {"amount": {"above": 1}}, True),
        ({"amount": {"above": 100}}, {"amount": {"at_most": 100}}, False),
        ({"amount": {"at_least": 100}}, {"amount": {"at_most": 100}}, True),
        ({"urgency": {"not": "urgent"}}, {"urgency": "urgent"}, False),
    ],
)
def test_two_tables_can_meet(one, other, expected):
    assert compatible(one, other, VALUES) is expected
    assert compatible(other, one, VALUES) is expected


def _example() -> str:
    text = (Path(__file__).parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[:5])


# rules as they are added to the documents' example
CLOCK = '\n[[clock]]\nname = "{name}"\nclause = "4.1"\nwhen = {when}\nfrom = "registered"\n'
CLOCK += 'until = {until}\nlimit = "1wd"\n'
GATE = '\n[[gate]]\nstep = "{step}"\nclause = "4.3"\n{rest}\n'
ADDED = {
    "a clock that waits for what its event never says": (
        CLOCK.format(name="look", when="{}", until="{ answered = { satisfied = true } }"),
        "时限 look 等的事永远不会发生",
    ),
    "a clock that waits for a note": (
        CLOCK.format(name="look", when="{}", until='"noted"'),
        "look 等的事永远不会发生",
    ),
    "a clock that waits for what is forbidden": (
        CLOCK.format(name="look", when="{}", until='"forwarded"')
        + GATE.format(step="forwarded", rest="forbid = true"),
        "look 等的事永远不会发生",
    ),
    "a rule behind a wider one": (
        CLOCK.format(name="answer", when='{ kind = "complaint", validity = "valid" }', until='"answered"'),
        "answer（2） 永远用不上：排在前面的 answer（1）",
    ),
    "a level without an owner": (
        '\n[[kind]]\ncode = "praise"\ntitle = "表扬"\nclause = "4.1"\n'
        '[[level]]\ncode = "high"\ntitle = "一级"\nclause = "4.1"\nkind = "praise"\n',
        "“表扬”的“一级”一级没有责任岗位",
    ),
    "a kind without an owner": (
        '\n[[kind]]\ncode = "praise"\ntitle = "表扬"\nclause = "4.1"\n',
        "“表扬”没有责任岗位",
    ),
    "a post no rule reaches": ('\n[[post]]\ncode = "ghost"\ntitle = "顾问"\n', "没有哪条规则用到岗位“顾问”"),
    "a post that may not do what it is for": (
        '\n[[authority]]\nclause = "4.1"\nup_to = 100\nabove = "clerk"\n',
        "岗位“前台”做的事，它没有权限（approve）",
    ),
    "two gates that want different posts": (
        GATE.format(step="signed", rest='posts = ["clerk"]').replace('"4.3"', '"4.1"')
        + '\n[[post]]\ncode = "boss"\ntitle = "经理"\nmay = ["handle"]\n'
        + GATE.format(step="signed", rest='posts = ["boss"]'),
        "对“signed”规定了不同的岗位",
    ),
    "two gates that want opposite facts": (
        GATE.format(step="completed", rest='facts = { urgency = "urgent" }')
        + GATE.format(step="completed", rest='facts = { urgency = "ordinary" }'),
        "对“completed”的要求相反（urgency）",
    ),
    "two steps that wait for each other": (
        GATE.format(step="completed", rest="needs = { confirmed = {} }")
        + GATE.format(step="confirmed", rest="needs = { completed = {} }"),
        "两边互相等",
    ),
    "a demand that is forbidden": (
        '\n[[requirement]]\nwhat = "forwarded"\nclause = "4.1"\nuntil = "forwarded"\n'
        + GATE.format(step="forwarded", rest="forbid = true"),
        "要求“forwarded”，条款 4.3 却不许",
    ),
    "two limits for one thing": (
        '\n[[authority]]\nclause = "4.1"\npost = "clerk"\nup_to = 100\nabove = "head"\n'
        '[[authority]]\nclause = "4.3"\npost = "clerk"\nup_to = 200\nabove = "head"\n',
        "两个限额：100 和 200",
    ),
    "two numbers for one kind": (
        '\n[[number]]\nname = "a"\nclause = "4.1"\nof = ["complaint"]\npattern = "A{serial}"\n'
        '[[number]]\nname = "b"\nclause = "4.1"\nof = ["complaint"]\npattern = "B{serial}"\n',
        "“complaint”有两条编号规则，只用得上 a",
    ),
    "a clause no rule serves": (
        '\n[[clause]]\nid = "9.9"\ntitle = "别的"\ndemands = "别的"\n',
        "条款 9.9 还没有规则为它服务",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_what_makes_no_sense_is_said(tmp_path, name):
    more, words = ADDED[name]
    (tmp_path / "procedure.toml").write_text(_example(), encoding="utf-8")
    assert check_pack(tmp_path)[1] == []
    (tmp_path / "procedure.toml").write_text(_example() + more, encoding="utf-8")
    remarks = check_pack(tmp_path)[1]
    assert any(words in one for one in remarks), remarks
    assert all("{" not in one for one in check_pack(tmp_path, lang="en")[1])


def test_what_ships_makes_sense():
    assert doubts(load_pack("PM1")) == []


def test_gates_of_different_cases_do_not_disagree(tmp_path):
    more = GATE.format(step="completed", rest='facts = { urgency = "urgent" }\nwhen = { round = 1 }')
    more += GATE.format(
        step="completed", rest='facts = { urgency = "ordinary" }\nwhen = { round = { above = 1 } }'
    )
    (tmp_path / "procedure.toml").write_text(_example() + more, encoding="utf-8")
    assert check_pack(tmp_path)[1] == []


@pytest.mark.django_db
def test_a_post_that_nobody_holds_is_named():
    made = make_company(posts=False)
    pack = load_pack("PM1")
    install_pack(company=made.root, source="PM1")
    assert {one.key for one in unheld_posts(made.root, pack)} == {post.code for post in pack.post}
    add_people(made)
    left = {one.key for one in unheld_posts(made.root, pack)}
    assert "handler" not in left
    assert len(left) < len(pack.post)


def test_the_command_says_it(tmp_path):
    (tmp_path / "procedure.toml").write_text(
        _example() + ADDED["a post no rule reaches"][0], encoding="utf-8"
    )
    run = subprocess.run(
        [sys.executable, "-m", "huiyin.cli.main", "pack", "check", str(tmp_path), "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0
    assert "no rule ever reaches the post 顾问" in run.stdout
