"""Return visits by period: which cases of a month are visited afterwards, all of them or a drawn share."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.engine.calendar import Calendar
from huiyin.engine.compile import concerns, condition_of
from huiyin.engine.compile_clocks import CONTACT_MADE
from huiyin.engine.due import due_time
from huiyin.engine.durations import is_duration, parse_duration
from huiyin.engine.duties import period_of
from huiyin.engine.procedure import Procedure
from huiyin.engine.schema.rules import FollowUp
from huiyin.engine.types import Effect


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case, with the case's facts as they then were and the post that owned it."""

    at: datetime
    case: str
    event: str
    facts: Mapping[str, Any]
    data: Mapping[str, Any] = field(default_factory=dict)


def drawn(cases: Iterable[str], share: float, seed: str) -> tuple[str, ...]:
    """The share of the cases, rounded up: those with the smallest SHA-256 of seed and case.

    The same seed and cases give the same draw on any machine, whatever order they come in.
    """
    every = sorted(set(cases), key=lambda case: hashlib.sha256(f"{seed}/{case}".encode()).digest())
    return tuple(every[: math.ceil(round(len(every) * share, 9))])


def seed_of(rule: FollowUp, begin: date) -> str:
    """A seed of its own for each period, so that nobody is drawn month after month."""
    return f"{rule.seed}{begin.isoformat()}"


def demanded(
    procedure: Procedure, calendar: Calendar, found: Sequence[Happening], until: datetime
) -> list[Effect]:
    """Every visit that a period which ended by `until` demands, and what became of its time limit."""
    effects: list[Effect] = []
    visits = _visits(found)
    for rule in procedure.pack.followup:
        if rule.period is None:
            continue
        for begin, after, cases in _periods(procedure, rule, found):
            end = calendar.midnight(after)
            if end > until:
                continue
            seed = seed_of(rule, begin)
            params = {"from": begin.isoformat(), "of": len(cases)}
            if rule.share < 1:
                params |= {"share": rule.share, "seed": seed}
            for case in sorted(drawn(cases, rule.share, seed)):
                first = _first(visits, case, cases[case].at)
                if first is not None and first < end:
                    continue
                data = {"what": "followed_up", "params": params}
                effects.append(Effect(end, case, "required", rule.clause, data))
                effects += _clock(procedure, calendar, rule, cases[case], end, until, visits)
    return effects


def visit_due(rule: FollowUp, after: date, calendar: Calendar) -> datetime | None:
    """Until when the visits of a period are due that ended before `after`: its last day is not counted."""
    if rule.within is None or not is_duration(rule.within):
        return None
    end, limit = calendar.midnight(after), parse_duration(rule.within)
    return due_time(end if limit.elapsed else end - timedelta(seconds=1), limit, calendar)


def concerned(procedure: Procedure, rule: FollowUp) -> Callable[[Mapping[str, Any]], bool]:
    """The test of a case's facts, `kind` among them: whether the rule is about it."""
    applies = condition_of(procedure.pack, rule.when)
    return lambda facts: concerns(rule.when, facts["kind"]) and applies(facts)


def _periods(
    procedure: Procedure, rule: FollowUp, found: Sequence[Happening]
) -> Iterator[tuple[date, date, dict[str, Happening]]]:
    """(first day, day after, the last starting event of each case in it) of each period that has any."""
    applies = concerned(procedure, rule)
    periods: dict[tuple[date, date], dict[str, Happening]] = {}
    for one in found:
        if one.event in rule.start and applies(one.facts):
            periods.setdefault(period_of(str(rule.period), one.at.date()), {})[one.case] = one
    for (begin, after), cases in sorted(periods.items()):
        yield begin, after, cases


def _visits(found: Sequence[Happening]) -> dict[str, list[datetime]]:
    """When the customer of each case was reached."""
    visits: dict[str, list[datetime]] = {}
    for one in found:
        if one.event == "followed_up" and one.data.get("outcome") in CONTACT_MADE:
            visits.setdefault(one.case, []).append(one.at)
    return visits


def _first(visits: Mapping[str, list[datetime]], case: str, since: datetime) -> datetime | None:
    return min((at for at in visits.get(case, ()) if at >= since), default=None)


def _clock(
    procedure: Procedure,
    calendar: Calendar,
    rule: FollowUp,
    case: Happening,
    end: datetime,
    until: datetime,
    visits: Mapping[str, list[datetime]],
) -> Iterator[Effect]:
    """The time limit of one visit: from the end of the period, whose last day is the day not counted."""
    due = visit_due(rule, end.date(), calendar)
    if due is None:
        return
    name = {"clock": "follow_up"}
    yield Effect(end, case.case, "clock_started", rule.clause, {**name, "due": due})
    visit = _first(visits, case.case, end)
    late = visit is None or visit > due
    if late and due <= until:
        yield Effect(due, case.case, "breached", rule.clause, {**name, "due": due})
        yield from _breach(procedure, rule, case, due)
    if visit is not None and visit <= until:
        outcome = {**name, "outcome": "late" if late else "met"}
        yield Effect(visit, case.case, "clock_stopped", rule.clause, outcome)


def _breach(procedure: Procedure, rule: FollowUp, case: Happening, at: datetime) -> Iterator[Effect]:
    owner = case.facts.get("owner")
    special = {"owner": owner, "superior": procedure.posts.superior(owner)}
    climbs = rule.on_breach.escalate
    params = {"clock": "follow_up"}
    for target in [climbs] if isinstance(climbs, str) else climbs:
        if post := special.get(target, target):
            data = {"to_post": post, "reason": "breach", "params": params}
            yield Effect(at, case.case, "escalated", rule.clause, data)
    for target in rule.on_breach.notify:
        if post := special.get(target, target):
            yield Effect(at, case.case, "notified", rule.clause, {"post": post, "what": "breached", **params})
