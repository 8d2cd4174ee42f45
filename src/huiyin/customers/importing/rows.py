"""One row of a file as plain values, checked as far as the row alone tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput
from huiyin.customers.models import PlaceKind, Role
from huiyin.customers.phones import normalise
from huiyin.customers.spelling import parse_room, room_code

_SEPARATORS = re.compile(r"[、,，;；/\n\r]+")
_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?:\D.*)?")
YES = frozenset({"是", "空置", "未入住", "空房", "y", "yes", "true", "1"})
NO = frozenset({"否", "已入住", "入住", "自住", "出租", "n", "no", "false", "0"})
ROLES = (("owner", Role.OWNER), ("occupant", Role.OCCUPANT), ("tenant", Role.TENANT))


@dataclass(frozen=True, slots=True)
class RowPerson:
    name: str
    role: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    site: str
    unit: str
    room: str
    place: str
    place_kind: str
    people: tuple[RowPerson, ...]
    since: date | None
    vacant: bool | None
    developer: str
    note: str


def _cell(row: Mapping[str, Any], mapping: Mapping[str, str], field: str) -> Any:
    value = row.get(mapping[field]) if field in mapping else None
    return "" if value is None else value


def _text(row: Mapping[str, Any], mapping: Mapping[str, str], field: str) -> str:
    """A cell as text; a number that a spreadsheet made of a code loses its .0 again."""
    value = _cell(row, mapping, field)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).replace("\x00", "").split()) if field != "note" else str(value).strip()


def parse_row(row: Mapping[str, Any], mapping: Mapping[str, str]) -> Row:
    """Raises InvalidInput with the reason in words."""

    def text(field: str) -> str:
        return _text(row, mapping, field)

    site, room, place = text("site"), _room(text("building"), text("entrance"), text("room")), text("place")
    if not site:
        raise InvalidInput(_("没有填写项目。"))
    if bool(room) == bool(place):
        raise InvalidInput(_("房号和公共区域要填且只填一项。"))
    people = _once([person for prefix, role in ROLES for person in _people(text, prefix, role)])
    return Row(
        site=site,
        unit=text("unit"),
        room=room,
        place=place,
        place_kind=_place_kind(text("place_kind")),
        people=people,
        since=_date(_cell(row, mapping, "since")),
        vacant=_vacant(text("vacant")),
        developer=text("developer"),
        note=text("note")[:500],
    )


def _room(building: str, entrance: str, room: str) -> str:
    """3-2-501 from one cell or from three (3栋, 2单元, 501); what says its building is whole."""
    if not room:
        return ""
    parsed = parse_room(room)
    if parsed is None or parsed.hint or parsed.open_end:
        raise InvalidInput(_("看不懂房号“%(room)s”。") % {"room": room})
    before = [room_code(part) for part in (building, entrance) if part]
    if before and parsed.code.split("-")[0] == before[0] and "-" in parsed.code:
        return parsed.code
    # 3单元 in the entrance column may be written 2-3, building and all
    if len(before) == 2 and before[1].startswith(f"{before[0]}-"):
        before = before[1:]
    return "-".join([*before, parsed.code])


def _people(text: Any, prefix: str, role: str) -> list[RowPerson]:
    names = [name.strip() for name in _SEPARATORS.split(text(prefix)) if name.strip()]
    numbers = [number.strip() for number in _SEPARATORS.split(text(f"{prefix}_phone")) if number.strip()]
    if numbers and not names:
        raise InvalidInput(_("有电话但没有姓名。"))
    for number in numbers:
        try:
            normalise(number)
        except ValueError as error:
            raise InvalidInput(_("“%(number)s”不像电话号码。") % {"number": number}) from error
    each = {index: [number] for index, number in enumerate(numbers[: len(names)])}
    if names:
        each.setdefault(0, []).extend(numbers[len(names) :])
    return [
        RowPerson(name[:120], role, tuple(each.get(index, ())))
        for index, name in enumerate(dict.fromkeys(names))
    ]


def _once(people: list[RowPerson]) -> tuple[RowPerson, ...]:
    """An owner who is named again as the occupant is one person, with the phones of both cells."""
    found: dict[str, RowPerson] = {}
    for person in people:
        known = found.get(person.name)
        if known is not None:
            person = RowPerson(person.name, known.role, (*known.phones, *person.phones))
        found[person.name] = person
    return tuple(found.values())


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if not text:
        return None
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise InvalidInput(_("看不懂日期“%(date)s”，请写成 2026-01-31。") % {"date": text}) from error


def _vacant(text: str) -> bool | None:
    """None: the file does not say."""
    if not text:
        return None
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise InvalidInput(_("空置一栏写的是“%(text)s”，请写“是”或“否”。") % {"text": text})


def _place_kind(text: str) -> str:
    if not text:
        return PlaceKind.PUBLIC_PLACE
    for kind in (PlaceKind.PUBLIC_PLACE, PlaceKind.EQUIPMENT, PlaceKind.PARKING):
        if text in (kind.value, str(kind.label)):
            return kind
    raise InvalidInput(_("没有“%(text)s”这种类别。") % {"text": text})
