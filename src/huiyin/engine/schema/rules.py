"""The rules that run: clocks, gates, authorities, escalations, follow-ups, requirements, triggers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool

from huiyin.engine.durations import is_duration
from huiyin.engine.schema.base import Condition, EventName, EventNames, Needs, Rule, Table, WindowText

_WORD = re.compile(r"[a-z][a-z_]*")


def _limit(text: str) -> str:
    if not is_duration(text) and not _WORD.fullmatch(text):
        raise ValueError("limit")
    return text


def _warning(text: str) -> str:
    percent = text[:-1] if text.endswith("%") else ""
    if percent.isdigit() and 0 < int(percent) < 100:
        return text
    if not (is_duration(text) and text.endswith(("min", "h")) and not text.endswith("sh")):
        raise ValueError("warn")
    return text


LimitText = Annotated[str, AfterValidator(_limit)]
WarnText = Annotated[str, AfterValidator(_warning)]


class Consequence(Table):
    """What a breach or a warning brings. `escalate` names posts or "superior"; `owner` moves the case too."""

    escalate: str | list[str] = []
    notify: list[str] = []
    action: str | None = None
    owner: StrictBool = False


def _ends(value: str | list[str] | dict[str, Any]) -> str | list[str] | dict[str, Any]:
    if "chased" in ([value] if isinstance(value, str) else value):
        raise ValueError("chased")
    return value


class Clock(Rule):
    """A time limit. Rules of one name are alternatives for one slot: the first that matches wins.

    `limit`: the first that has a value: `asked` (the customer's own time), a time field of the starting event
    (`by`, `reply_by`), or a duration. `again`: what a second starting event does to a running clock.
    `round`: the clock starts anew with a new round of handling (by default where it starts at registration
    or judgement).
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = ""
    title_en: str = ""
    when: Condition = {}
    start: EventNames = Field(alias="from")
    until: Annotated[EventNames | Needs, AfterValidator(_ends)]
    limit: list[LimitText] | LimitText
    roll: StrictBool = False
    warn: WarnText | None = None
    pause: StrictBool | list[str] = False
    again: Literal["keep", "restart"] = "keep"
    on_warn: Consequence = Consequence()
    on_breach: Consequence = Consequence()


class Exception_(Table):
    """Who may let a step pass all the same, and what must be on record for it."""

    approved_by: str | list[str]
    records: list[str] = []


class Gate(Rule):
    """What must be so before a step.

    `given` restricts the gate to steps with these field values. `needs`: entries of this round. `fields`:
    what the step itself must say. `posts`: who may take it (also `owner`, `superior`). `other_than`: it
    must be another person than whoever did these. `slips`: every slip issued must have got that far.
    `forbid`: the step is refused outright.
    """

    step: EventNames
    when: Condition = {}
    given: Condition = {}
    needs: Needs = {}
    facts: Condition = {}
    fields: list[str] = []
    posts: list[str] = []
    other_than: EventNames = []
    slips: Literal["received", "answered", "finished", "evaluated"] | None = None
    forbid: StrictBool = False
    exception: Exception_ | None = None


class Authority(Rule):
    """What a post may decide alone, up to and including an amount; above it `above` approves."""

    what: EventName = "compensated"
    when: Condition = {}
    post: str | None = None
    up_to: Decimal = Field(ge=0)
    above: str


class Approval(Rule):
    """What a post must approve before a step: a plan, a report. Refused, it has to be presented anew.

    It is asked for when one of `from` has happened; until `post`, or one above it or standing in for it,
    approves `what`, none of the steps in `before` can be taken. From `registered`, each round asks anew.
    """

    what: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    title_en: str = ""
    when: Condition = {}
    start: EventNames | Needs = Field(default="registered", alias="from", validate_default=True)
    before: EventNames = Field(default="closed", validate_default=True)
    post: str


class Assessment(Rule):
    """A penalty or other assessment of whoever is responsible, proposed once for each case.

    `responsible` is a post, `owner`, `receiver` or a party (builder, supplier); `by` is who decides.
    `base` is the amount, or the lowest and highest of which `by` picks one; where `times_when` matches it is
    multiplied by `times`, and proposed anew. `measures` are what may be decided beside or instead of money,
    each with its title.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    title_en: str = ""
    on: EventNames
    when: Condition = {}
    given: Condition = {}
    responsible: str
    by: str
    base: list[Annotated[Decimal, Field(ge=0)]] = Field(default=[], max_length=2)
    times: int = Field(default=2, ge=2)
    times_when: Condition = {}
    measures: dict[str, str] = {}


class Turn(Rule):
    """A case of one kind becomes one of another: from then on it is handled as `into`."""

    on: EventNames = Field(default="registered", validate_default=True)
    when: Condition = {}
    given: Condition = {}
    into: str


class Escalation(Rule):
    """Moves a case up or tells others, on an event. `to` is a post or "superior"."""

    on: EventNames
    when: Condition = {}
    given: Condition = {}
    to: str | None = None
    owner: StrictBool = True
    notify: list[str] = []
    action: str | None = None
    reason: str = "requested"


class FollowUp(Rule):
    """Whom to contact afterwards, within what time, what share of them, and who may not do it himself.

    With `every`, the cases of a period are listed when it is over, and `within` counts from then: all of
    them, or the `share` that `seed` draws. A share of less than all is drawn every month where no period
    is named.
    """

    start: EventNames = Field(alias="from")
    when: Condition = {}
    every: Literal["week", "month", "quarter", "half_year", "year"] | None = None
    within: LimitText | None = None
    share: float = Field(default=1.0, gt=0, le=1)
    seed: str = ""
    by: list[str] = []
    other_than: EventNames = []
    warn: WarnText | None = None
    on_breach: Consequence = Consequence()
    outcomes: list[Literal["satisfied", "fairly_satisfied", "dissatisfied", "unreachable", "declined"]] = [
        "satisfied",
        "fairly_satisfied",
    ]

    @property
    def period(self) -> str | None:
        """The period whose cases are listed together; None where each case is asked for by itself."""
        return self.every or ("month" if self.share < 1 else None)


class Requirement(Rule):
    """Something that must come next once `from` has happened: an event, or what `until` names."""

    what: str
    when: Condition = {}
    start: EventNames = Field(default="registered", alias="from", validate_default=True)
    until: EventNames | Needs


class Trigger(Rule):
    """A condition over many cases that demands an action.

    rising: the period's total rose `runs` times in a row. count: at least `at_least` within `window`.
    """

    name: str
    kind: Literal["rising", "count"]
    when: Condition = {}
    of: EventName = "registered"
    by: list[str] = []
    unit: Literal["company", "unit"] = "company"
    period: Literal["month", "quarter"] = "month"
    runs: int = Field(default=3, ge=1)
    at_least: int = Field(default=1, ge=1)
    window: WindowText | None = None
    action: str
    notify: list[str] = []


def matching(value: str | list[str] | dict[str, Any]) -> dict[str, dict[str, Any]]:
    """`until` in either form as event to matching table."""
    if isinstance(value, dict):
        return value
    return {name: {} for name in ([value] if isinstance(value, str) else value)}
