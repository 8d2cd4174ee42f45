"""How people write a room: 3-2-501, 3栋2单元501, 3#2-501, 三号楼二单元501室, ３－２－５０１ are one room."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FIGURES = {figure: value for value, figure in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_MARK = r"(?:号楼|号栋|号院|#楼|#栋|栋|幢|座|单元|门|#|号(?=[0-9A-Z]))"
_CHINESE_NUMBER = re.compile(r"第?([零〇一二两三四五六七八九十百]{1,5})(?=号楼|号栋|栋|幢|座|单元|门|#)")
_MARKS = re.compile(rf"第?([0-9A-Z]+){_MARK}")
_DASHES = re.compile(r"[-‐‑‒–—―−_/\\.·~、,\s]+")
_ENDING = re.compile(r"(?<=[0-9A-Z])(?:室|房|号房|号|户)$")
_CODE = re.compile(r"(?P<hint>.*[\u3400-\u9fff])?-?(?P<code>[0-9A-Z]+(?:-[0-9A-Z]+)*-?)")

_SEGMENT = r"(?:[A-Z]{1,2}(?=-)|[A-Z]{0,2}\d{1,4}(?:[A-Z](?![A-Z]))?)"
_IN_NICKNAME = re.compile(
    rf"(?<![0-9A-Z])(?P<code>{_SEGMENT}(?:-{_SEGMENT}){{1,3}}|[A-Z]?\d{{3,4}}[A-Z]?(?![0-9A-Z]))(?!\d)",
    re.IGNORECASE,
)
_AROUND_NAME = re.compile(r"^[\W_]*(?:室|房|号|户)?[\W_]*|[\W_]+$")


@dataclass(frozen=True, slots=True)
class RoomText:
    """A room as it was typed: its canonical code, and words before it that may name the site."""

    code: str
    hint: str = ""

    @property
    def open_end(self) -> bool:
        """Typed up to a separator: what follows is not there yet."""
        return self.code.endswith("-")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def chinese_number(text: str) -> int:
    """十二 is 12, 一百零三 is 103, 二〇三 is 203."""
    if not any(unit in text for unit in "十百"):
        return int("".join(str(_FIGURES[figure]) for figure in text))
    total, figure = 0, 0
    for character in text:
        if character in "十百":
            total += (figure or 1) * (10 if character == "十" else 100)
            figure = 0
        else:
            figure = _FIGURES[character]
    return total + figure


def _dashed(text: str) -> str:
    """Every spelling of the borders between building, entrance and room becomes one dash."""
    text = _CHINESE_NUMBER.sub(lambda found: str(chinese_number(found[1])), text)
    text = _MARKS.sub(r"\1-", text)
    return _DASHES.sub("-", text)


def canonical(code: str) -> str:
    """Upper case, leading zeros gone: 03-02-0501 is 3-2-501."""
    return "-".join(part.lstrip("0") or part[:1] for part in code.upper().split("-"))


def parse_room(text: str) -> RoomText | None:
    """The room somebody types, as far as typed; None where the text cannot be a room."""
    dashed = _ENDING.sub("", _dashed(_fold(text).upper()))
    found = _CODE.fullmatch(dashed)
    if found is None or not any(character.isdigit() for character in found["code"]):
        return None
    return RoomText(code=canonical(found["code"]), hint=(found["hint"] or "").strip("-"))


def room_code(text: str) -> str:
    """The canonical form of a place's own code; in capitals where it is no room's code."""
    parsed = parse_room(text)
    return parsed.code.strip("-") if parsed and not parsed.hint else _fold(text).upper()


def room_from_nickname(text: str) -> tuple[str, str]:
    """What an owners' chat nickname says: "3-2-501王姐" is ("3-2-501", "王姐"); "" where silent."""
    dashed = _dashed_nickname(_fold(text))
    found = _IN_NICKNAME.search(dashed)
    if found is None:
        return "", _AROUND_NAME.sub("", _fold(text))
    before = _AROUND_NAME.sub("", dashed[: found.start()])
    after = _AROUND_NAME.sub("", dashed[found.end() :])
    return canonical(found["code"]), after or before


def _dashed_nickname(text: str) -> str:
    """As `_dashed`, with the case of the name kept."""
    text = _CHINESE_NUMBER.sub(lambda found: str(chinese_number(found[1])), text)
    text = re.sub(rf"第?([0-9A-Za-z]+){_MARK}", r"\1-", text, flags=re.IGNORECASE)
    return _DASHES.sub("-", text)


def sort_key(code: str) -> str:
    """The code with its figures padded, so that 3-2 stands before 12-1 in any database's order."""
    return re.sub(r"\d+", lambda found: found[0].zfill(6), code.upper())[:120]


def tails(code: str) -> list[str]:
    """How a room may be called without its building or entrance: 3-2-501 also as 2-501, 501, 3-501."""
    parts = code.split("-")
    found = ["-".join(parts[index:]) for index in range(1, len(parts))]
    if len(parts) > 2:
        found.append(f"{parts[0]}-{parts[-1]}")
    return found
