"""Rooms as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.customers.spelling import canonical, chinese_number, parse_room, room_from_nickname, sort_key

BUILDINGS = st.one_of(st.integers(1, 199).map(str), st.sampled_from(["A", "B1", "12A"]))
SPELLINGS = [
    "{b}-{e}-{r}",
    "{b}栋{e}单元{r}",
    "{b}#{e}-{r}",
    "{b}幢{e}单元{r}室",
    "{b}号楼{e}单元{r}",
    "{b}号楼{e}门{r}房",
    "第{b}栋 {e}单元 {r}号",
    "{b}座-{e}-{r}",
    " {b} / {e} / {r} ",
    "{b}－{e}—{r}",
]


@given(BUILDINGS, st.integers(1, 12), st.integers(101, 3999), st.sampled_from(SPELLINGS), st.booleans())
def test_every_spelling_is_one_room(
    building: str, entrance: int, room: int, spelling: str, wide: bool
) -> None:
    text = spelling.format(b=building, e=entrance, r=room)
    if wide:
        text = "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one != " " else one for one in text)
    parsed = parse_room(text)
    assert parsed is not None
    assert parsed.code == f"{building}-{entrance}-{room}"
    assert parsed.hint == ""


@given(BUILDINGS, st.integers(1, 12), st.integers(101, 3999), st.sampled_from(["王姐", "小雨妈妈", "Amy"]))
def test_nickname_gives_room_and_name(building: str, entrance: int, room: int, name: str) -> None:
    code = f"{building}-{entrance}-{room}"
    for text in (
        f"{code}{name}",
        f"{name} {code}",
        f"【{code}】{name}",
        f"{building}栋{entrance}单元{room} {name}",
    ):
        assert room_from_nickname(text) == (code, name)


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("三栋二单元501", "3-2-501", ""),
        ("十二号楼一单元1203室", "12-1-1203", ""),
        ("03-02-0501", "3-2-501", ""),
        ("3栋501", "3-501", ""),
        ("3栋", "3-", ""),
        ("3-2-", "3-2-", ""),
        ("a座1201", "A-1201", ""),
        ("锦绣花园3-2-501", "3-2-501", "锦绣花园"),
        ("8号公馆3栋2单元501", "3-2-501", "8号公馆"),
    ],
)
def test_rooms(text: str, code: str, hint: str) -> None:
    parsed = parse_room(text)
    assert parsed is not None
    assert (parsed.code, parsed.hint) == (code, hint)


@pytest.mark.parametrize("text", ["", "王小明", "wxm", "3号电梯", "B2车库", "---", "楼上漏水三天了"])
def test_what_is_no_room(text: str) -> None:
    assert parse_room(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3-2-501王姐", ("3-2-501", "王姐")),
        ("501-王姐", ("501", "王姐")),
        ("A座1201李雷", ("A-1201", "李雷")),
        ("3号楼2单元501室（王）", ("3-2-501", "王")),
        ("1203小雨妈妈", ("1203", "小雨妈妈")),
        ("王姐", ("", "王姐")),
        ("阳光13800138000", ("", "阳光13800138000")),
    ],
)
def test_nicknames(text: str, expected: tuple[str, str]) -> None:
    assert room_from_nickname(text) == expected


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    parse_room(text)
    room_from_nickname(text)


def test_numbers_and_order() -> None:
    assert [chinese_number(text) for text in ("十", "十二", "二十", "一百零三", "二〇三")] == [
        10,
        12,
        20,
        103,
        203,
    ]
    assert canonical("b2-00") == "B2-0"
    assert sorted(["12-1-101", "3-2-501", "3-10-101"], key=sort_key) == ["3-2-501", "3-10-101", "12-1-101"]
