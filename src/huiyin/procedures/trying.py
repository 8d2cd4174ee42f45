"""A sample case through a draft, typed as lines that a person can read.

    2026-04-07 09:00 registered kind=complaint urgency=urgent
    2026-04-07 11:30 answered
    2026-04-09 18:00 end

The last line says until when time passes; without it time ends with the last event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.core.phrases import listed
from huiyin.engine import Calendar, EngineError, Pack, Procedure, build_calendar, compile_pack
from huiyin.engine.parse import event_from_dict
from huiyin.engine.simulate import simulate
from huiyin.engine.types import Effect, Event
from huiyin.journal.wording import name_words
from huiyin.procedures.words import Words

_LINE = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?)\s+(\w+)\s*(.*)")
_PAIR = re.compile(r"(\w+)=(\"[^\"]*\"|\S+)")
_TRUTHS = {"true": True, "false": False}
END = "end"
MOST_LINES = 200
MOST_SAMPLE = 20_000  # characters; of a line the reader takes time by its square
MOST_LINE = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what comes of the sample: what happened (`event`) or what the draft makes of it."""

    at: datetime
    event: bool
    text: str
    clause: str


def sample_for(pack: Pack) -> str:
    """A case to begin with: registered this morning, answered tomorrow, looked at for a week."""
    day = timezone.localtime(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0)
    lines = [
        f"{day:%Y-%m-%d %H:%M} registered kind={pack.kind[0].code}",
        f"{day + timedelta(days=1):%Y-%m-%d %H:%M} answered",
        f"{day + timedelta(days=7):%Y-%m-%d %H:%M} {END}",
    ]
    return "\n".join(lines)


def try_out(pack: Pack, sample: str) -> list[Told]:
    """Raises InvalidInput naming the line that is wrong."""
    procedure = compile_pack(pack)
    calendar = build_calendar(procedure)
    try:
        events, until = _events(sample, procedure, calendar)
        effects = simulate(events, procedure, calendar, until)
    except EngineError as error:
        place = _("第 %(line)s 行：") % {"line": error.line} if getattr(error, "line", 0) else ""
        raise InvalidInput(f"{place}{error}", code=error.code) from None
    words = Words(pack)
    seen = [one for one in events if until is None or one.at <= until]
    told = [(one.at, 0, Told(one.at, True, _said(words, one), "")) for one in seen]
    told += [(one.at, 1, Told(one.at, False, _made(words, one), one.clause or "")) for one in effects]
    return [one for _at, _order, one in sorted(told, key=lambda row: row[:2])]


def _events(sample: str, procedure: Procedure, calendar: Calendar) -> tuple[list[Event], datetime | None]:
    events: list[Event] = []
    until: datetime | None = None
    for number, line in enumerate(sample.splitlines()[:MOST_LINES], 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip()) if len(line) <= MOST_LINE else None
        moment = _moment_of(match[1]) if match else None
        if match is None or moment is None:
            raise InvalidInput(_("第 %(line)s 行看不懂：要写成“日期 时间 事件 项=值”") % {"line": number})
        at = moment.replace(tzinfo=calendar.zone)
        if match[2] == END:
            until = at
            continue
        fields = {name: _plain(value) for name, value in _PAIR.findall(match[3])}
        given = {"at": at.isoformat(), "case": "1", "event": match[2], **fields}
        events.append(event_from_dict(given, procedure, calendar, number))
    _in_order(events)
    return events, until


def _moment_of(text: str) -> datetime | None:
    """None for a day that there is not, as of the thirteenth month."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _in_order(events: Sequence[Event]) -> None:
    if not events or events[0].name != "registered":
        raise InvalidInput(_("第一步要是登记（registered）。"))
    for before, after in pairwise(events):
        if after.at < before.at:
            raise InvalidInput(_("第 %(line)s 行的时间倒退了。") % {"line": after.line})


def _plain(value: str) -> Any:
    text = value.strip('"')
    return _TRUTHS.get(text, text)


def _said(words: Words, event: Event) -> str:
    fields = [f"{words.fact(name)} {_value(words, name, value)}" for name, value in event.data.items()]
    return " · ".join([words.event(event.name), *fields])


def _value(words: Words, name: str, value: Any) -> str:
    return words.values(name, value) if isinstance(value, str) else str(value)


def _made(words: Words, effect: Effect) -> str:
    """An effect in a phrase: what, which clock or post, until when."""
    data = effect.data
    parts = [str(name_words(effect.effect))]
    parts += [say(words, data[name]) for name, say in _SAY.items() if data.get(name) not in (None, "", [])]
    return " · ".join(parts)


def _moment(_words: Words, value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


_OUTCOMES = {"met": lazy("按时做到"), "late": lazy("超过时限"), "void": lazy("不再计时")}
_SAY: Mapping[str, Any] = {
    "clock": lambda words, value: words.clock(value),
    "due": _moment,
    "post": lambda words, value: words.post(value),
    "to_post": lambda words, value: words.post(value),
    "level": lambda words, value: words.values("level", value),
    "what": lambda words, value: words.event(value),
    "event": lambda words, value: words.event(value),
    "outcome": lambda words, value: str(_OUTCOMES.get(value) or words.values("outcome", value)),
    "number": lambda _words, value: str(value),
    "missing": lambda words, value: listed(words.event(one) for one in value),
    "action": lambda _words, value: str(value),
}
