"""A compiled pack: rules as data and small tests, sorted by the kind of case and the event they wait for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from huiyin.engine.conditions import Condition
from huiyin.engine.durations import Duration
from huiyin.engine.posts import Posts

if TYPE_CHECKING:
    from huiyin.engine.schema import Pack

Matches = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Consequence:
    escalate: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    action: str | None = None
    owner: bool = False


@dataclass(frozen=True, slots=True)
class ClockRule:
    """`limits` in order: a Duration or the name of a time field. `index` is its place among all clocks."""

    index: int
    name: str
    clause: str
    applies: Condition
    starts: frozenset[str]
    until: Mapping[str, Matches]
    limits: tuple[Duration | str, ...]
    text: str
    roll: bool
    percent: int | None
    lead: Duration | None
    pause: bool | frozenset[str]
    restart: bool
    on_warn: Consequence
    on_breach: Consequence
    waiting_for: tuple[str, ...]

    def pauses_for(self, reason: str | None) -> bool:
        return self.pause if isinstance(self.pause, bool) else reason in self.pause


@dataclass(frozen=True, slots=True)
class Slot:
    """All rules of one clock name for one kind; `watch` are the events that can move it.

    `keyed` is the field that tells its clocks apart: `what` of a promise, `slip` of a slip; else empty.
    """

    name: str
    order: int
    rules: tuple[ClockRule, ...]
    watch: frozenset[str]
    keyed: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Entries that must be on record: `count` of `event` that match, after the last `after`, `by_post`."""

    event: str
    matches: Matches
    after: str | None
    count: int
    params: Mapping[str, Any]
    by_post: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excuse:
    approved_by: tuple[str, ...]
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """What `post` must approve before the steps in `before`, asked for by one of `starts`."""

    what: str
    clause: str
    applies: Condition
    starts: Mapping[str, Matches]
    before: tuple[str, ...]
    post: str


@dataclass(frozen=True, slots=True)
class AssessmentRule:
    """`low` and `high` are None where no money is at stake; `doubled` is None where nothing multiplies."""

    name: str
    clause: str
    applies: Condition
    given: Condition
    responsible: str
    by: str
    low: Decimal | None
    high: Decimal | None
    times: int
    doubled: Condition | None
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurnRule:
    clause: str
    applies: Condition
    given: Condition
    into: str


@dataclass(frozen=True, slots=True)
class Gate:
    clause: str
    applies: Condition
    given: Condition
    has_given: bool
    needs: tuple[Need, ...]
    facts: tuple[tuple[str, Callable[[Any], bool]], ...]
    fields: tuple[str, ...]
    posts: tuple[str, ...]
    other_than: tuple[str, ...]
    slips: str | None
    forbid: bool
    excuse: Excuse | None
    approval: ApprovalRule | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    clause: str
    what: str
    applies: Condition
    post: str | None
    up_to: Decimal
    above: str


@dataclass(frozen=True, slots=True)
class Escalation:
    clause: str
    applies: Condition
    given: Condition
    to: str | None
    owner: bool
    notify: tuple[str, ...]
    action: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """`what` must come after one of `starts`, until one of `until` is on record."""

    what: str
    clause: str
    applies: Condition
    starts: frozenset[str]
    until: Mapping[str, Matches]
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LevelRule:
    code: str
    clause: str
    applies: Condition
    owner: str | None


@dataclass(frozen=True, slots=True)
class OwnerRule:
    clause: str
    applies: Condition
    post: str


@dataclass(frozen=True, slots=True)
class SlipRule:
    code: str
    clause: str
    from_posts: tuple[str, ...]
    direction: str


@dataclass(frozen=True, slots=True)
class KindRules:
    """Everything that concerns one kind of case. `cites` has a clause for each thing the engine does.

    `reads` are the names that the conditions of clocks, levels, owners and requirements read, `demanded` the
    events that can raise or settle a requirement.
    """

    code: str
    clause: str
    owner: str | None
    judged: bool
    cites: Mapping[str, str]
    levels: tuple[LevelRule, ...]
    owners: tuple[OwnerRule, ...]
    slots: tuple[Slot, ...]
    gates: Mapping[str, tuple[Gate, ...]]
    authorities: Mapping[str, tuple[Authority, ...]]
    escalations: Mapping[str, tuple[Escalation, ...]]
    requirements: tuple[Requirement, ...]
    reads: frozenset[str]
    demanded: frozenset[str]
    approvals: tuple[ApprovalRule, ...] = ()
    assessments: Mapping[str, tuple[AssessmentRule, ...]] = field(default_factory=dict)
    turns: Mapping[str, tuple[TurnRule, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Procedure:
    """A pack that can run. `clocks` holds every clock rule by index; `pack` is what it was made from."""

    code: str
    edition: str
    zone: str
    working_hours: tuple[tuple[int, int], ...]
    rest_hours: tuple[tuple[int, int], ...]
    posts: Posts
    kinds: Mapping[str, KindRules]
    clocks: tuple[ClockRule, ...]
    slips: Mapping[str, SlipRule]
    channel_via: Mapping[str, str]
    category_owner: Mapping[str, str]
    fields: Mapping[str, Mapping[str, Any]]
    levels: frozenset[str]
    own_facts: frozenset[str]
    pack: Pack
    extra: Mapping[str, Any] = field(default_factory=dict)
