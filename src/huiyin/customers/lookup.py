"""Finding who is calling while it is typed: by room, phone, name, sound, public place or equipment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from huiyin.core.search import fold
from huiyin.customers import matching
from huiyin.customers.keys import starts_with
from huiyin.customers.models import KeyKind, LookupKey
from huiyin.customers.names import plain
from huiyin.customers.phones import SHORTEST
from huiyin.customers.scope import visible_units
from huiyin.customers.spelling import RoomText, parse_room, room_from_nickname
from huiyin.organization.actors import Actor

LIMIT = 8
# how many are read where further words choose among them
WIDE = 100
_PHONE = re.compile(r"[\d\s+()\-]+")
_LATIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Match:
    """One line of the look-up. `kind` is room, place or customer: what was found, not what it leads to."""

    kind: str
    title: str
    detail: str
    people: str
    phones: tuple[str, ...]
    unit_id: int
    unit_name: str
    exact: bool
    place_id: int | None = None
    place_uuid: UUID | None = None
    household_id: int | None = None
    household_uuid: UUID | None = None
    customer_id: int | None = None
    customer_uuid: UUID | None = None

    def to_dict(self) -> dict[str, Any]:
        """For pages and programs: no internal keys."""
        hidden = {"unit_id", "place_id", "household_id", "customer_id"}
        return {name: value for name, value in asdict(self).items() if name not in hidden}


@dataclass(frozen=True, slots=True)
class Step:
    """One walk down the index."""

    kind: KeyKind
    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for, best first, and words that choose among what is found."""

    steps: tuple[Step, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    place_id: int | None
    customer_id: int | None
    exact: bool


def _room_steps(code: str) -> list[Step]:
    code = code.strip("-")
    return [
        Step(KeyKind.ROOM, code, exact=True),
        Step(KeyKind.ROOM, code + "-"),
        Step(KeyKind.ROOM_TAIL, code, exact=True),
        Step(KeyKind.ROOM, code),
        Step(KeyKind.ROOM_TAIL, code),
    ]


def _phone_digits(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return (
        digits[2:] if text.strip().startswith("+86") or (len(digits) > 11 and digits[:2] == "86") else digits
    )


def _text_steps(text: str) -> list[Step]:
    word = plain(text)
    kinds = [KeyKind.NAME, KeyKind.PLACE]
    if _LATIN.fullmatch(word):
        kinds = [KeyKind.PINYIN, KeyKind.INITIALS, KeyKind.NAME, KeyKind.PLACE]
    return [Step(kind, word, exact=exact) for exact in (True, False) for kind in kinds]


def plan(text: str) -> Plan:
    """How to look for what was typed."""
    text = fold(text.replace("\x00", "")).strip()
    if not plain(text):
        return Plan(())
    room = parse_room(text)
    if _PHONE.fullmatch(text):
        return _figures_plan(text, room)
    if room is not None:
        latin = _text_steps(text) if _LATIN.fullmatch(plain(text)) else []
        return Plan((*_room_steps(room.code), *latin), (plain(room.hint),) if room.hint else ())
    code, name = room_from_nickname(text)
    if code and name and len(name) < len(text) and "-" in code:
        return Plan(tuple(_room_steps(code)), (plain(name),))
    return _words_plan(text.split())


def _words_plan(words: list[str]) -> Plan:
    """Several words: the one that says most is walked, the others choose. A room says most."""
    words.sort(key=lambda word: (parse_room(word) is None, -len(plain(word))))
    steps, room = _text_steps(words[0]), parse_room(words[0])
    if room is not None and len(words) > 1:
        steps = _room_steps(room.code)
    return Plan(tuple(steps), tuple(plain(word) for word in words[1:] if plain(word)))


def _figures_plan(text: str, room: RoomText | None) -> Plan:
    """Figures may be a room or part of a phone number; a long run without dashes is a number."""
    digits = _phone_digits(text)
    rooms = _room_steps(room.code) if room else []
    if len(digits) < SHORTEST:
        return Plan(tuple(rooms))
    phones = [Step(KeyKind.PHONE, digits, exact=True), Step(KeyKind.PHONE, digits)]
    return Plan((*phones, *rooms) if len(digits) > 7 else (*rooms, *phones))


def _walk(step: Step, units: Sequence[int], count: int) -> list[Hit]:
    condition = Q(text=step.text) if step.exact else starts_with(step.text)
    scope = Q(unit_id=units[0]) if len(units) == 1 else Q(unit_id__in=units)
    rows = LookupKey.objects.filter(scope, condition, kind=step.kind)
    found = list(rows.values_list("place_id", "customer_id")[:count])
    # in the order they were entered: the same typing gives the same list
    found.sort(key=lambda pair: (pair[0] or 0, pair[1] or 0))
    return [Hit(place, customer, step.exact) for place, customer in found]


def _hits(found: Plan, groups: Sequence[Sequence[int]], count: int) -> list[Hit]:
    """Distinct targets, best first; stops walking when there are enough."""
    hits: dict[tuple[int | None, int | None], Hit] = {}
    for step in found.steps:
        for units in groups:
            # one customer may have several keys under the same beginning
            for hit in _walk(step, units, count * 3):
                hits.setdefault((hit.place_id, hit.customer_id), hit)
            if len(hits) >= count:
                return list(hits.values())[:count]
    return list(hits.values())


def lookup(actor: Actor, text: str, *, unit_id: int | None = None, limit: int = LIMIT) -> list[Match]:
    """What the text may mean, best first, among the units the actor may look at.

    `unit_id` is the unit one works in: its own come first among equals.
    """
    units = visible_units(actor)
    found = plan(text[:80])
    if not units or not found.steps:
        return []
    own = [unit_id] if unit_id in units else []
    others = sorted(units - set(own))
    groups = [group for group in (own, others) if group]
    hits = _hits(found, groups, WIDE if found.words else limit)
    lines = [Match(**line) for line in matching.lines(hits, units)]
    return _chosen(lines, found.words)[:limit]


def _chosen(lines: list[Match], words: Sequence[str]) -> list[Match]:
    """Those that have all the further words; all of them where none has, for a name may be told wrongly."""
    if not words:
        return lines
    chosen = [line for line in lines if all(word in _words_of(line) for word in words)]
    return chosen or lines


def _words_of(line: Match) -> str:
    return plain(f"{line.title}{line.detail}{line.people}{line.unit_name}")
