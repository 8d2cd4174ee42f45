"""Names in sound: pinyin and initials, with every reading of a character that has several (单: dan, shan)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from math import prod

from huiyin.core.search import fold

# every reading of a person's name; an organisation's long name would multiply, and is read as it is said
READINGS = 24
LONG_NAME = 5
LONGEST = 40
_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=20_000)
def readings(character: str) -> tuple[str, ...]:
    """Every way to type a character's sound: 单 dan, shan, chan; 吕 lv, lu. Others stand for themselves."""
    if not _HAN.match(character):
        return (character,)
    # its dictionary takes most of a second to import: only once a name is read
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    spelled = [one for sound in found for one in (sound, sound.replace("v", "u"))]
    return tuple(dict.fromkeys(spelled))


def plain(name: str) -> str:
    """A name as it is compared: folded, without spaces and dots (阿卜杜·热合曼)."""
    return re.sub(r"[\s·•.,，。()（）\-_]+", "", fold(name))


def _choices(characters: str) -> list[tuple[str, ...]]:
    chosen = [readings(character) for character in characters]
    while prod(len(one) for one in chosen) > READINGS:
        last = max(index for index, one in enumerate(chosen) if len(one) > 1)
        chosen[last] = chosen[last][:1]
    return chosen


@lru_cache(maxsize=4_000)
def sounds(characters: str) -> tuple[frozenset[str], frozenset[str]]:
    """(pinyin, initials) of a run of characters, in every reading."""
    spoken = list(product(*_choices(characters)))
    whole = frozenset("".join(parts)[:LONGEST] for parts in spoken)
    initials = frozenset("".join(part[:1] for part in parts)[:LONGEST] for parts in spoken)
    return whole, initials


def parts(text: str, *, shortest: int = 1) -> Iterable[str]:
    """The tails of a text, whole text first: any part of a text is the beginning of one of them."""
    return (text[index : index + LONGEST] for index in range(max(0, len(text) - shortest + 1)))


def sound_keys(name: str) -> tuple[set[str], set[str]]:
    """What may be typed in Latin letters for a name, from any of its characters on; not one initial."""
    text = plain(name)
    if not _HAN.search(text):
        return set(), set()
    if len(text) > LONG_NAME:
        return _as_said(text)
    whole: set[str] = set()
    initials: set[str] = set()
    for part in parts(text):
        spoken, first = sounds(part)
        whole |= spoken
        initials |= {one for one in first if len(one) > 1}
    return whole, initials


def _as_said(text: str) -> tuple[set[str], set[str]]:
    """The usual reading in its context (重庆 is chongqing) from any character on."""
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(text)
    tails = [syllables[index:] for index in range(len(syllables))]
    whole = {"".join(tail)[:LONGEST] for tail in tails}
    return whole, {"".join(part[:1] for part in tail)[:LONGEST] for tail in tails if len(tail) > 1}
