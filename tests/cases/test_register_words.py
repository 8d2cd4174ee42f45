"""What a pasted message says, what words suggest, how a time is spoken: without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from huiyin.cases.pasting import parse_message
from huiyin.cases.promises import spoken_time
from huiyin.cases.proposals import advice_of, emergency_in, word_lists
from huiyin.cases.similar import terms_of
from huiyin.engine import build_calendar, compile_pack
from huiyin.engine.schema.frame import Emergency
from huiyin.procedures.packfiles import load_pack
from huiyin.procedures.selectors import Rules

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def pm1() -> Rules:
    pack = load_pack("PM1")
    procedure = compile_pack(pack)
    return Rules(pack, procedure, build_calendar(procedure))


@pytest.mark.parametrize(
    ("message", "room", "name", "text"),
    [
        ("3-2-501王姐：电梯又坏了", "3-2-501", "王姐", "电梯又坏了"),
        ("3-2-501王姐:\n电梯又坏了\n快来人", "3-2-501", "王姐", "电梯又坏了\n快来人"),
        ("3-2-501王姐 2026/11/22 16:30:05\n电梯又坏了", "3-2-501", "王姐", "电梯又坏了"),
        ("3栋2单元501 老李 昨天 16:30\n没水了", "3-2-501", "老李", "没水了"),
        ("「3-2-501王姐」：电梯又坏了", "3-2-501", "王姐", "电梯又坏了"),
        ("阳光 16:30\n车库灯不亮", "", "阳光", "车库灯不亮"),
        ("3-2-501王姐：电梯又坏了\n3-2-502老张：我也遇到了", "3-2-501", "王姐", "电梯又坏了"),
        (
            "3-2-501王姐：电梯又坏了\n3-2-501王姐：[图片]\n3-2-501王姐：快点",
            "3-2-501",
            "王姐",
            "电梯又坏了\n\n快点",
        ),
    ],
)
def test_a_group_message_is_read(message: str, room: str, name: str, text: str) -> None:
    found = parse_message(message)
    assert found is not None
    assert (found.room, found.name, found.text) == (room, name, text)


@pytest.mark.parametrize(
    "sentence", ["电梯坏了快来修", "投诉：电梯坏了", "业主来电反映：楼上漏水", "", "13800138000"]
)
def test_a_plain_sentence_is_no_message(sentence: str) -> None:
    assert parse_message(sentence) is None


@pytest.mark.parametrize(
    ("due", "spoken"),
    [
        ("2026-11-22T19:30", "今天 19:30"),
        ("2026-11-23T18:00", "明天 18:00"),
        ("2026-11-24T09:00", "后天 09:00"),
        ("2026-11-25T18:00", "11月25日（周三）18:00"),
        ("2026-11-24T00:00", "明天 24:00"),
        ("2027-01-04T18:00", "2027年1月4日（周一）18:00"),
        ("2026-11-21T18:00", "11月21日（周六）18:00"),
    ],
)
def test_a_time_is_spoken(due: str, spoken: str) -> None:
    assert spoken_time(datetime.fromisoformat(f"{due}+08:00"), now=NOW) == spoken


@pytest.mark.parametrize(
    "words", ["有人困在电梯里了", "厨房燃气味道很大", "楼道着火了", "主管爆管了", "电梯困人"]
)
def test_danger_is_noticed(pm1: Rules, words: str) -> None:
    assert emergency_in(pm1, words) is not None


@pytest.mark.parametrize("words", ["电梯很慢", "物业费太贵", "保安态度不好，我很恼火"])
def test_anger_is_no_danger(pm1: Rules, words: str) -> None:
    assert emergency_in(pm1, words) is None


def test_emergencies_are_the_packs_own(pm1: Rules) -> None:
    own = Emergency.model_validate(
        {"name": "bees", "clause": "7.2.3", "words": ["马蜂"], "advice": "离远一点", "advice_en": "Keep off"}
        | {"kinds": ["repair"]}
    )
    rules = replace(pm1, pack=pm1.pack.model_copy(update={"emergency": [own]}))
    assert emergency_in(rules, "有人困在电梯里了") is None
    assert emergency_in(rules, "马蜂窝", "complaint") is None
    found = emergency_in(rules, "马蜂窝", "repair")
    assert found is own
    assert advice_of(own) == "离远一点"
    with translation.override("en"):
        assert advice_of(own) == "Keep off"
    assert word_lists(rules)["emergencies"] == [
        {"words": ["马蜂"], "advice": "离远一点", "kinds": ["repair"]}
    ]


def test_empty_words_tell_nothing_apart() -> None:
    assert terms_of("我们小区物业") & {"我们", "小区", "物业"} == set()
    assert "漏水" in terms_of("我们家漏水")
