"""Words put together as the language of the page does it: lists, labels, brackets, and titles of a pack."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from opencc import OpenCC


def listed(words: Iterable[object]) -> str:
    """甲、乙、丙; nothing stands for an empty word."""
    return _("、").join(str(word) for word in words if str(word))


def in_turn(parts: Iterable[object]) -> str:
    """甲，乙，丙: parts of one sentence."""
    return _("，").join(str(part) for part in parts if str(part))


def side_by_side(sentences: Iterable[object]) -> str:
    """甲；乙: sentences of their own in one line."""
    return _("；").join(str(one) for one in sentences if str(one))


def labelled(label: object, text: object) -> str:
    """甲：乙"""
    return _("{label}：{text}").format(label=label, text=text)


def bracketed(text: object, note: object) -> str:
    """甲（乙）, without brackets where there is no note."""
    return _("{text}（{note}）").format(text=text, note=note) if str(note) else str(text)


def english() -> bool:
    return (get_language() or "").startswith("en")


def in_language(chinese: str, in_english: str = "") -> str:
    """A text that a pack brings along, for the page: English where it has one, traditional by OpenCC."""
    language = (get_language() or "").lower()
    if language.startswith("en"):
        return in_english or chinese
    return _traditional(chinese) if language == "zh-hant" else chinese


def title_of(row: Any) -> str:
    """The title of a row of a pack."""
    return in_language(str(getattr(row, "title", "")), getattr(row, "title_en", ""))


@lru_cache(maxsize=4096)
def _traditional(text: str) -> str:
    return str(_converter().convert(text))


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    # characters only: a pack keeps its own words, a 程序 is no 程式
    return OpenCC("s2tw")
