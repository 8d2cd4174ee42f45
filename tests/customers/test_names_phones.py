"""Names in sound, phones in figures."""

from __future__ import annotations

import pytest

from huiyin.customers.names import sound_keys
from huiyin.customers.phones import masked, normalise, readable


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雪", ("danxue", "shanxue", "dx", "sx", "xue")),
        ("曾国强", ("zengguoqiang", "cengguoqiang", "zgq", "cgq", "guoqiang", "gq")),
        ("解珍", ("jiezhen", "xiezhen", "jz", "xz")),
        ("仇英", ("qiuying", "chouying", "qy", "cy")),
        ("吕行", ("lvxing", "luxing", "lvhang", "lx", "lh")),
        ("重庆长安物业", ("chongqing", "cqca", "changan")),
        ("3号电梯", ("dianti", "dt", "3hdt")),
    ],
)
def test_every_reading_is_found(name: str, typed: tuple[str, ...]) -> None:
    whole, initials = sound_keys(name)
    for text in typed:
        assert any(key.startswith(text) for key in whole | initials), text


def test_latin_names_have_no_sounds_and_long_names_stay_few() -> None:
    assert sound_keys("Smith") == (set(), set())
    whole, initials = sound_keys("恒信重庆长行置业有限公司")
    assert len(whole) == 12
    assert len(initials) == 11


@pytest.mark.parametrize(
    ("text", "number", "digits", "shown"),
    [
        ("138 0013 8000", "+8613800138000", "13800138000", "138****8000"),
        ("+86-13800138000", "+8613800138000", "13800138000", "138****8000"),
        ("１３８００１３８０００", "+8613800138000", "13800138000", "138****8000"),
        ("0755-2600 1234", "+8675526001234", "075526001234", "0755****1234"),
        ("26001234", "26001234", "26001234", "26****34"),
        ("12345", "12345", "12345", "***45"),
        ("+852 2345 6789", "+85223456789", "85223456789", "852****6789"),
    ],
)
def test_numbers(text: str, number: str, digits: str, shown: str) -> None:
    assert normalise(text) == (number, digits)
    assert masked(digits) == shown
    assert digits not in masked(digits)


def test_too_short_is_no_number() -> None:
    with pytest.raises(ValueError):
        normalise("无")
    assert readable("13800138000") == "138 0013 8000"
