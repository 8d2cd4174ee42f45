"""Lines of events through a procedure: checked first, then run in order of time, then put in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from huiyin.engine.advance import advance
from huiyin.engine.calendar import Calendar
from huiyin.engine.draft import Draft
from huiyin.engine.errors import CalendarRangeError, EngineError
from huiyin.engine.numbers import format_number, number_rule, series
from huiyin.engine.ordering import Line, in_order
from huiyin.engine.parse import event_from_dict
from huiyin.engine.plain import shown
from huiyin.engine.procedure import Procedure
from huiyin.engine.programmes import Happening, demanded
from huiyin.engine.repetition import Problems
from huiyin.engine.step import step
from huiyin.engine.triggers import Occurrence, fired
from huiyin.engine.types import Effect, Event, Standing


def read_lines(lines: Iterable[str], procedure: Procedure, calendar: Calendar) -> list[Event]:
    """The events of a file, all checked. Raises EngineError naming the first line that is wrong."""
    events: list[Event] = []
    last: dict[str, datetime] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        event = event_from_dict(_json(text, number), procedure, calendar, number)
        before = last.get(event.case)
        if before is None and event.name != "registered":
            message = f"case {shown(event.case)} was never registered"
            raise EngineError(message, code="not_registered", line=number)
        if before is not None and event.at < before:
            raise EngineError("time runs backwards in the case", code="time_backwards", line=number)
        last[event.case] = event.at
        events.append(event)
    return events


def _json(text: str, number: int) -> Any:
    """One line, strictly: no key twice, no NaN, nothing that is no text in UTF-8."""
    try:
        data = _decode(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(data, ensure_ascii=False).encode()
    except _NotOnce as error:
        raise EngineError(
            f"the key {shown(str(error))} stands twice", code="malformed", line=number
        ) from None
    except (ValueError, RecursionError):
        raise EngineError("no JSON", code="malformed", line=number) from None
    return data


class _NotOnce(ValueError):
    """A key that stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        raise _NotOnce(next(name for name in names if names.count(name) > 1))
    return data


def _constant(name: str) -> Any:
    raise ValueError(name)


_decode = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_constant).decode


def simulate(
    events: Iterable[Event], procedure: Procedure, calendar: Calendar, until: datetime | None = None
) -> list[Effect]:
    """All effects in order. `until` is inclusive; without it time ends with the last event."""
    run = Run(procedure, calendar)
    ordered = sorted(events, key=lambda event: event.at)
    if until is None:
        until = ordered[-1].at if ordered else None
    else:
        until = calendar.local(until)
        ordered = [event for event in ordered if event.at <= until]
    for event in ordered:
        run.take(event)
    if until is not None:
        run.finish(until)
    return in_order(run.lines)


class Run:
    """One simulation: the standings, the numbers drawn, and what was seen of other cases so far."""

    def __init__(self, procedure: Procedure, calendar: Calendar) -> None:
        self.procedure = procedure
        self.calendar = calendar
        self.standings: dict[str, Standing] = {}
        self.lines: list[Line] = []
        self.serials: dict[str, int] = {}
        self.problems = Problems(procedure.pack.repetition)
        self.occurrences: list[Occurrence] = []
        self.happenings: list[Happening] = []
        self.by_period = any(rule.period for rule in procedure.pack.followup)

    def take(self, event: Event) -> None:
        """Apply one event; events must come in order of time."""
        facts, drawn = self._facts(event)
        before = self.standings.get(event.case)
        try:
            after, effects = step(before, event, facts, self.procedure, self.calendar)
        except CalendarRangeError as error:
            raise EngineError(error.message, code=error.code, line=event.line, **error.params) from None
        if after is not None:
            self.standings[event.case] = after
        for effect in effects:
            if effect.effect == "number_given" and drawn is not None:
                self.serials[drawn] = self.serials.get(drawn, 0) + 1
            by_time = effect.at < event.at or effect.effect in ("warned", "breached")
            self.lines.append(Line(effect, by_time, event.line))
        if after is not None and not (effects and effects[-1].effect == "refused"):
            self._remember(event, after, new=before is None)

    def finish(self, until: datetime) -> None:
        """Let time pass for every case, and let the triggers look back."""
        for case, standing in self.standings.items():
            self.standings[case], effects = advance(standing, until, self.procedure, self.calendar)
            self.lines.extend(Line(effect, True, 0) for effect in effects)
        if self.procedure.pack.trigger:
            made = fired(self.procedure, self.calendar, self.occurrences, until)
            self.lines.extend(Line(effect, True, 0) for effect in made)
        if self.by_period:
            visits = demanded(self.procedure, self.calendar, self.happenings, until)
            self.lines.extend(Line(effect, True, 0) for effect in visits)

    def _facts(self, event: Event) -> tuple[dict[str, Any], str | None]:
        """Facts from outside for this event, and the series its number would be drawn from."""
        facts = self.problems.facts(event, self.standings.get(event.case))
        if event.name == "registered":
            of = str(event.data["kind"])
        elif event.name == "slip_issued":
            slip = self.procedure.slips.get(str(event.data.get("form", "")))
            of = slip.code if slip else ""
        else:
            return facts, None
        rule = number_rule(self.procedure, of)
        if rule is None:
            return facts, None
        unit = str(event.data.get("unit") or "")
        drawn = series(rule, of, event.at, unit)
        facts["number"] = format_number(rule, of, event.at, self.serials.get(drawn, 0) + 1, unit)
        return facts, drawn

    def _remember(self, event: Event, after: Standing, *, new: bool) -> None:
        self.problems.remember(event, after, new=new)
        if self.by_period:
            view = Draft(after, self.procedure, self.calendar, {}).view
            self.happenings.append(Happening(event.at, event.case, event.name, view, event.data))
        if self.procedure.pack.trigger:
            facts = {**after.facts, "kind": after.kind, "level": after.level, "validity": after.validity}
            self.occurrences.append(
                Occurrence(event.at, event.name, str(after.facts.get("unit") or ""), facts)
            )


def output(effects: Iterable[Effect]) -> Iterator[str]:
    """The lines of the result."""
    dumps = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    for effect in effects:
        yield dumps(effect.to_dict())
