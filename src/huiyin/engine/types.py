"""The plain data that goes in and out of the engine. All of it is frozen; times are aware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Facts = Mapping[str, Any]
"""What depends on other cases (rank of a repetition, the number that was drawn), by name."""

OPEN_STATES = ("registered", "admitted", "assigned", "accepted", "answered", "completed")
CLOSED_STATES = ("closed", "returned", "withdrawn", "voided")
STATES = OPEN_STATES + CLOSED_STATES


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that a person or a channel reports. `line` is its place in the input of a simulation."""

    name: str
    at: datetime
    case: str
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: str | None = None
    post: str | None = None
    historic: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What the procedure makes of an event or of time. A trigger's effect has no case and names a unit."""

    at: datetime
    case: str | None
    effect: str
    clause: str | None
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The output line of a simulation, times as text in the pack's zone."""
        head: dict[str, Any] = {"at": self.at.isoformat()}
        if self.case is not None:
            head["case"] = self.case
        head["effect"] = self.effect
        head["clause"] = self.clause
        for key, value in self.data.items():
            head[key] = value.isoformat() if isinstance(value, datetime) else value
        return head


@dataclass(frozen=True, slots=True)
class Clock:
    """One time limit of a case.

    state: running | paused | met | late | void. `key` tells clocks of one name apart that are about different
    things (the slip, the thing promised); empty for all others. `rule` is the index in the procedure's
    clocks. `asked`: the customer's own time is the due time; `limit_due` is then what the limit would have
    given. `estimated`: the count crossed a year whose arrangement is not announced. `breached_due` is the due
    time at which the breach was given. `pauses` are (from, to); an open one has no end.
    """

    name: str
    clause: str
    state: str
    started: datetime
    due: datetime
    warn_at: datetime | None
    rule: int
    limit: str
    waiting_for: tuple[str, ...]
    key: str = ""
    round: int = 1
    stopped: datetime | None = None
    warned: bool = False
    breached: bool = False
    breached_due: datetime | None = None
    asked: bool = False
    limit_due: datetime | None = None
    estimated: bool = False
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()

    @property
    def live(self) -> bool:
        return self.state in ("running", "paused")

    @property
    def beyond_limit(self) -> bool:
        """The customer asked for a later time than the limit: counted apart."""
        return self.limit_due is not None and self.due > self.limit_due


@dataclass(frozen=True, slots=True)
class Required:
    """Something the procedure demands next: `what` is an event's or a record's code."""

    what: str
    clause: str
    since: datetime
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the present round as gates read it; of free text only that it was given."""

    name: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """A request between units. state: issued | received | answered | finished | evaluated."""

    slip: str
    form: str
    state: str
    issued_at: datetime
    from_post: str | None = None
    to_unit: str | None = None
    round: int = 1


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that is awaited: of what, by which post, up to which amount (decimal text).

    `settled` is the total that needed no approval, to which a refusal goes back.
    """

    what: str
    post: str
    clause: str
    since: datetime
    amount: str | None = None
    settled: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """An assessment of whoever is responsible, proposed by a rule of this name and decided by a post.

    state: proposed | confirmed | dropped | appealed. `low` and `high` bound the amount (decimal text),
    already multiplied by `times`. `decided_by` is the post that decided last; `person` whom it concerns,
    once named.
    """

    name: str
    clause: str
    responsible: str
    by: str
    since: datetime
    low: str | None = None
    high: str | None = None
    times: int = 1
    state: str = "proposed"
    amount: str | None = None
    measure: str | None = None
    person: str | None = None
    decided_by: str | None = None

    @property
    def pending(self) -> bool:
        return self.state in ("proposed", "appealed")


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach that was given. It never goes away."""

    clock: str
    clause: str
    due: datetime
    at: datetime
    round: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: the fold of its history, as JSON by `to_dict` and back by `from_dict`.

    `facts` are the registered facts as amended; of free text only that it was given. `at` is the last instant
    an event was seen. `entries` are this round's. `judges` are the posts that judged, in order, and
    `appealed` says that the last judgement was appealed against. `receiver` is the post that took it in
    first. Amounts are decimal text.
    """

    case: str
    kind: str
    state: str
    registered_at: datetime
    at: datetime
    round_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    round: int = 1
    level: str | None = None
    owner: str | None = None
    assigned: bool = False
    validity: str | None = None
    number: str | None = None
    clocks: tuple[Clock, ...] = ()
    required: tuple[Required, ...] = ()
    entries: tuple[Entry, ...] = ()
    slips: tuple[Slip, ...] = ()
    approvals: tuple[Approval, ...] = ()
    breaches: tuple[Breach, ...] = ()
    judges: tuple[str | None, ...] = ()
    appealed: bool = False
    compensated: str = "0"
    chased: int = 0
    paused_at: datetime | None = None
    pause_reason: str | None = None
    closed_at: datetime | None = None
    receiver: str | None = None
    assessments: tuple[Assessment, ...] = ()

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES

    def to_dict(self) -> dict[str, Any]:
        from huiyin.engine.serial import standing_to_dict

        return standing_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Standing:
        from huiyin.engine.serial import standing_from_dict

        return standing_from_dict(data)


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step of a case as a person sees it.

    `needed`: the procedure wants it next; `due` is then the time of the clock that waits for it. `missing`
    are codes of what is not on record, `fields` the fields the step must carry, `params` explain both.
    """

    event: str
    allowed: bool
    needed: bool = False
    missing: tuple[str, ...] = ()
    clause: str | None = None
    reason: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExplainStep:
    """One line of how a due time came about; `docs/engine.md` lists the codes."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
