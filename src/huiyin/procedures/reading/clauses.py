"""Numbered clauses of a document, whichever way it numbers them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from huiyin.procedures.reading.numerals import numeral

_DIGITS = "一二三四五六七八九十百零〇两"
_DECIMAL = r"\d{1,2}(?:[.．]\d{1,2}){0,4}"
# what follows a number that is a clause's: not the unit of a quantity
_AFTER = r"\s|[^\d.．%％年月日时分小个天元工）)~—-]"
# the outer styles before the inner ones; what a style means depends on which styles the document mixes
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("decimal", re.compile(rf"(?P<id>{_DECIMAL})[.．、]?(?={_AFTER})\s*(?P<rest>.*)")),
    ("chapter", re.compile(rf"第(?P<id>[{_DIGITS}\d]+)章[\s　、:：]*(?P<rest>.*)")),
    ("article", re.compile(rf"第(?P<id>[{_DIGITS}\d]+)条[\s　、:：]*(?P<rest>.*)")),
    ("chinese", re.compile(rf"(?P<id>[{_DIGITS}]{{1,3}})、\s*(?P<rest>.*)")),
    ("bracket", re.compile(rf"[（(](?P<id>[{_DIGITS}]{{1,3}})[）)]\s*(?P<rest>.*)")),
)  # fmt: skip
_LONG_TITLE = 18
_ENDS = "。；;！？"


@dataclass(slots=True)
class Found:
    """A clause: its number as the document counts, its heading, and what stands beneath it."""

    id: str
    title: str
    text: str = ""
    lines: list[str] = field(default_factory=list)


def clauses_of(lines: Sequence[str]) -> list[Found]:
    """Clauses in order. What stands before the first number is the document's head and left out."""
    found: list[Found] = []
    place = _Place()
    for line in lines:
        numbered = place.take(line)
        if numbered is None:
            if found:
                found[-1].lines.append(line)
            continue
        number, rest = numbered
        title, text = _heading(rest)
        found.append(Found(number, title, lines=[text] if text else []))
    for one in found:
        one.text = _joined(one.lines)
    return _distinct(found)


class _Place:
    """Where in the numbering we are: the numbers of the styles around the present one."""

    def __init__(self) -> None:
        self.around: list[tuple[str, str]] = []

    def take(self, line: str) -> tuple[str, str] | None:
        """(number, rest) of a line that begins a clause."""
        for style, pattern in _STYLES:
            match = pattern.fullmatch(line)
            if match is None or (style == "decimal" and not self._follows(match["id"])):
                continue
            own = match["id"].replace("．", ".") if style == "decimal" else str(numeral(match["id"]))
            return self._enter(style, own), match["rest"].strip()
        return None

    def _follows(self, number: str) -> bool:
        """A single number inside an article or beneath a decimal clause is an item of it, not a clause."""
        styles = [style for style, _own in self.around]
        if "." in number or "．" in number:
            return True
        return not {"article", "bracket"} & set(styles) and self._single(number, styles)

    def _single(self, number: str, styles: list[str]) -> bool:
        if "decimal" not in styles:
            return True
        before = dict(self.around)["decimal"].split(".")[0]
        return number.isdigit() and int(number) == int(before) + 1

    def _enter(self, style: str, own: str) -> str:
        kept: list[tuple[str, str]] = []
        for known, number in self.around:
            if known == style:
                break
            kept.append((known, number))
        # articles run through the chapters, so they stand by themselves
        self.around = [*kept, (style, own)]
        if style in ("article", "decimal"):
            outer = [number for known, number in kept if known in ("chinese",) and style == "decimal"]
            return ".".join([*outer, own])
        return ".".join(number for _style, number in self.around)


def _heading(rest: str) -> tuple[str, str]:
    """A short line without a full stop is a heading; of a long one the beginning serves as title."""
    if len(rest) <= _LONG_TITLE and not rest.endswith(tuple(_ENDS)):
        return rest, ""
    parted = re.match(r"([^，。；：:]{2,14})[:：　]\s*(.+)", rest)
    if parted:
        return parted[1].strip(), parted[2]
    return re.split(r"[，。；：、]", rest)[0][:_LONG_TITLE], rest


def _joined(lines: Sequence[str]) -> str:
    """Lines of one paragraph that a PDF broke are put together again."""
    text = ""
    for line in lines:
        broken = text and text[-1] not in _ENDS + "：:"
        text += line if broken or not text else f"\n{line}"
    return text


def _distinct(found: list[Found]) -> list[Found]:
    """A table of contents repeats every number: of two with one number the one with more text stays."""
    best: dict[str, Found] = {}
    for one in found:
        known = best.get(one.id)
        if known is None or len(one.text) > len(known.text):
            best[one.id] = one
    return [one for one in found if best[one.id] is one]
