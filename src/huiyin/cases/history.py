"""Whole histories at once: imported cases with everything that happened to them, many in one transaction.

The same engine, rows and journal as `recording`, for cases that did not exist before: since nobody else can
know them yet, there is nothing to lock and nothing to ask the database for between two events. Rows are
written together at `save`; a history that is wrong is refused alone and leaves nothing, not even a number.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.cases import hooks, projection
from huiyin.cases.facts import Resolved, clean, resolve, settle, split_texts
from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.cases.numbers import number_of
from huiyin.cases.recording import (
    SUBJECT,
    as_error,
    effect_record,
    event_of,
    moment_of,
    new_case,
    record,
    refusal_of,
    register,
    types_of,
    with_effects,
)
from huiyin.cases.repetition import repetition_facts
from huiyin.cases.search import index_new
from huiyin.core.ids import new_uuid
from huiyin.core.rows import insert
from huiyin.engine import Effect, Event, Standing, step
from huiyin.journal.models import Entry
from huiyin.journal.services import Record, append_new
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.models import Edition
from huiyin.procedures.selectors import Rules, edition_among, rules_of, running_editions

# Events that ask nothing of other rows. A history with any other is written event by event.
ALONE = frozenset(
    {
        "accepted",
        "acknowledged",
        "answered",
        "chased",
        "closed",
        "completed",
        "confirmed",
        "contacted",
        "followed_up",
        "noted",
    }
)
# Facts that name rows beside its unit.
ROWS = ("customer", "household", "place", "equipment")


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a history after its registration."""

    name: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(slots=True)
class _Step:
    event: Event
    kept: dict[str, Any]
    entry: int
    """the place of its entry among the records"""
    case: Case
    """as it stood after the event"""


@dataclass(slots=True)
class _Whole:
    case: Case
    edition: Edition
    steps: list[_Step] = field(default_factory=list)
    clocks: list[CaseClock] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class _Read:
    resolved: Resolved
    edition: Edition
    rules: Rules
    events: list[tuple[Event, dict[str, Any]]]


class Histories:
    """Collects histories and writes them together. Used inside one transaction; `save` ends it."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._waiting: list[_Whole] = []
        self._resolved: dict[tuple[str, ...], Resolved] = {}
        self._editions = running_editions(actor.company_id)

    def add(self, *, facts: Mapping[str, Any], at: datetime, events: Sequence[Told]) -> Case:
        """Take in a case with its events; it has its number at once and its row after `save`.

        Raises InvalidInput or Refused like `register` and `record`; nothing of the history stays then.
        """
        if any(told.name not in ALONE for told in events):
            self.save()
            return self._one_by_one(facts, at, events)
        with transaction.atomic():  # a number taken for a history that proves wrong goes back
            whole = self._think(clean(facts), moment_of(at), events)
        self._waiting.append(whole)
        return whole.case

    def _one_by_one(self, facts: Mapping[str, Any], at: datetime, events: Sequence[Told]) -> Case:
        with transaction.atomic():
            case = register(actor=self.actor, data=facts, at=at, historic=True).case
            for told in events:
                record(actor=self.actor, case=case, name=told.name, data=told.data, at=told.at, historic=True)
        return case

    def check(self, *, facts: Mapping[str, Any], at: datetime, events: Sequence[Told]) -> None:
        """Raise what `add` would raise, without taking anything in."""
        self._read(clean(facts), moment_of(at), events)

    def _read(self, facts: dict[str, Any], at: datetime, events: Sequence[Told]) -> _Read:
        """The rows behind the facts, and the events in the words of the procedure in force then."""
        resolved = self._rows(facts)
        settle(facts, resolved)
        kind = str(facts.get("kind", ""))
        edition = edition_among(self._editions, kind=kind, at=at, unit=resolved.unit)
        rules, uuid = rules_of(edition), new_uuid()
        found = _Read(resolved, edition, rules, [])
        for told in (Told("registered", at, facts), *events):
            given = facts if told.name == "registered" else clean(told.data)
            when = moment_of(told.at)
            event = event_of(rules, told.name, uuid, when, given, self.actor, None, True)
            found.events.append((event, given))
        return found

    def _think(self, facts: dict[str, Any], at: datetime, events: Sequence[Told]) -> _Whole:
        """Ask the engine; the case as it stands after all events, not yet written."""
        read = self._read(facts, at, events)
        rules, (registered, _facts) = read.rules, read.events[0]
        known = self._repetition(rules, read.resolved, facts, at)
        number = number_of(rules, unit=read.resolved.unit, of=str(facts["kind"]), at=at)
        uuid = uuids.UUID(registered.case)
        whole = _Whole(
            new_case(self.actor, read.edition, read.resolved, uuid, number, registered), read.edition
        )
        standing: Standing | None = None
        for event, given in read.events:
            outside = {"number": number, **known} if standing is None else known
            after, effects = step(standing, event, outside, rules.procedure, rules.calendar)
            if after is None or refusal_of(effects) is not None:
                raise as_error(refusal_of(effects), rules)
            standing = after
            self._follow(whole, standing, event, given, effects)
        return whole

    def _rows(self, facts: Mapping[str, Any]) -> Resolved:
        units = None if self.actor.system else self.actor.unit_ids(Capability.IMPORT)
        key = tuple(str(facts.get(name) or "") for name in ("unit", *ROWS))
        if key not in self._resolved:
            self._resolved[key] = resolve(self.actor, facts, unit_ids=units)
        return self._resolved[key]

    def _repetition(
        self, rules: Rules, resolved: Resolved, facts: dict[str, Any], at: datetime
    ) -> dict[str, Any]:
        """The how-manieth it is also counts the cases that still wait to be written."""
        if rules.pack.repetition is not None and any(facts.get(name) for name in ROWS):
            self.save()
        return repetition_facts(rules, resolved, facts, at)

    def _follow(
        self,
        whole: _Whole,
        standing: Standing,
        event: Event,
        facts: dict[str, Any],
        effects: Sequence[Effect],
    ) -> None:
        with_effects(whole.case, standing, event, effects, facts)
        _follow_clocks(whole, standing)
        kept, texts = split_texts(types_of(whole.edition, event.name), facts)
        whole.steps.append(_Step(event, kept, len(whole.records), _as_it_stands(whole.case)))
        edition = f"{whole.edition.pk}"
        record = Record(
            type="event",
            name=event.name,
            at=event.at,
            data={**kept, "historic": True},
            texts=texts,
            edition=edition,
            uuid=whole.case.uuid if event.name == "registered" else None,
        )
        whole.records += [record, *(effect_record(effect, edition) for effect in effects)]

    def save(self) -> None:
        """Write what waits."""
        wholes, self._waiting = self._waiting, []
        if not wholes:
            return
        insert([whole.case for whole in wholes])
        journal = append_new(
            actor=self.actor,
            subject_kind=SUBJECT,
            subjects={str(whole.case.uuid): whole.records for whole in wholes},
        )
        rows: list[CaseEvent] = []
        histories: list[list[tuple[Case, CaseEvent]]] = []
        for whole in wholes:
            events = _event_rows(whole, journal[str(whole.case.uuid)])
            rows += events
            histories.append([(one.case, row) for one, row in zip(whole.steps, events, strict=True)])
        index_new([whole.case for whole in wholes])
        insert(rows)
        clocks = [clock for whole in wholes for clock in whole.clocks]
        for clock in clocks:
            clock.case_id = clock.case.pk
        insert(clocks)
        hooks.run_history_projectors(histories)


def _as_it_stands(case: Case) -> Case:
    """The case with the values of this moment; `copy` would take apart what both may share."""
    found = Case.__new__(Case)
    found.__dict__.update(case.__dict__)
    return found


def _event_rows(whole: _Whole, entries: Sequence[Entry]) -> list[CaseEvent]:
    """The rows of its events, not yet written. Who imports a history is not who did what it tells."""
    for one in whole.steps:
        one.case.pk = whole.case.pk
    return [
        projection.event_row(whole.case, one.event, entries[one.entry], None, one.kept) for one in whole.steps
    ]


def _follow_clocks(whole: _Whole, standing: Standing) -> None:
    """The rows of the clocks after this event; a clock started anew is a new run."""
    latest = {(row.name, row.key): row for row in whole.clocks}
    known = {id(row) for row in whole.clocks}
    changed = projection.clock_rows(whole.case, standing, latest)
    whole.clocks += [row for row in changed if id(row) not in known]
