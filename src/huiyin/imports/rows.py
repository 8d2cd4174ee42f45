"""From a row of a file to the history of a case: its registration and the events that followed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from huiyin.cases.history import Told
from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.core.phrases import listed
from huiyin.imports.mapping import CaseMapping, EventMapping
from huiyin.imports.reading import Row


@dataclass(frozen=True, slots=True)
class History:
    """One case as the row tells it; `key` names the row for ever within its source."""

    row: int
    key: str
    at: datetime
    facts: dict[str, Any]
    events: tuple[Told, ...]


def history_of(row: Row, mapping: CaseMapping) -> History:
    """Raises InvalidInput with the reason why the row cannot be taken in."""
    used = sorted(mapping.needed() & set(row.formulas))
    if used:
        raise InvalidInput(_("「%(column)s」里是公式，不是值。") % {"column": listed(used)})
    at = _time(row, mapping.at, mapping)
    if at is None:
        raise InvalidInput(_("「%(column)s」是空的。") % {"column": mapping.at})
    facts = dict(mapping.constants)
    for fact, names in mapping.columns.items():
        value = _value(row, fact, names, mapping)
        if value:
            facts[fact] = value
    if not facts.get("text"):
        raise InvalidInput(_("没有内容。"))
    events = [told for one in mapping.events if (told := _told(row, one, mapping)) is not None]
    for told in events:
        if told.at < at:
            raise InvalidInput(_("「%(step)s」的时间早于登记时间。") % {"step": _column_of(told, mapping)})
    events.sort(key=lambda told: told.at)
    return History(row=row.number, key=_key(row, mapping), at=at, facts=facts, events=tuple(events))


def _column_of(told: Told, mapping: CaseMapping) -> str:
    return next(one.at for one in mapping.events if one.event == told.name)


def _key(row: Row, mapping: CaseMapping) -> str:
    if mapping.key:
        key = _text(row.cells.get(mapping.key))
        if not key:
            raise InvalidInput(_("「%(column)s」是空的。") % {"column": mapping.key})
        return key[:200]
    content = "\x1f".join(f"{name}={_text(row.cells.get(name))}" for name in sorted(mapping.needed()))
    return hashlib.sha256(content.encode()).hexdigest()


def _text(value: Any) -> str:
    """A cell as text: outer white space gone, line ends unified, runs of blank lines folded."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    lines = [line.strip() for line in str(value).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(line for line in lines if line)


def _value(row: Row, fact: str, names: str | list[str], mapping: CaseMapping) -> Any:
    parts = [_text(row.cells.get(name)) for name in ([names] if isinstance(names, str) else names)]
    value = "\n".join(dict.fromkeys(part for part in parts if part))
    return _coded(value, mapping.values.get(fact))


def _coded(value: str, known: dict[str, str] | None) -> str:
    """Our code for a value of the file. Raises InvalidInput where there is none."""
    if known is None or not value:
        return value
    if value in known:
        return known[value]
    if "*" in known:
        return known["*"]
    raise InvalidInput(_("「%(value)s」没有对应的选项。") % {"value": value[:40]})


def _told(row: Row, one: EventMapping, mapping: CaseMapping) -> Told | None:
    if any(_text(row.cells.get(column)) not in wanted for column, wanted in one.when.items()):
        return None
    at = _time(row, one.at, mapping)
    if at is None:
        return None
    data = dict(one.constants)
    for field, column in one.fields.items():
        if text := _coded(_text(row.cells.get(column)), one.values.get(field)):
            data[field] = text
    return Told(name=one.event, at=at, data=data)


def _time(row: Row, column: str, mapping: CaseMapping) -> datetime | None:
    """The time of a cell in the mapping's zone; None where it is empty."""
    value = row.cells.get(column)
    if value in (None, ""):
        return None
    found = value if isinstance(value, datetime) else _parsed(str(value).strip(), mapping.formats)
    if found is None:
        message = _("「%(column)s」的时间认不出来：%(value)s")
        raise InvalidInput(message % {"column": column, "value": str(value)[:40]})
    moment = found.replace(tzinfo=ZoneInfo(mapping.time_zone)) if found.tzinfo is None else found
    if moment > clock.now() + timedelta(minutes=5):
        raise InvalidInput(_("「%(column)s」的时间还没有到。") % {"column": column})
    return moment


def _parsed(text: str, formats: list[str]) -> datetime | None:
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 the zone is the mapping's
        except ValueError:
            continue
    return None
