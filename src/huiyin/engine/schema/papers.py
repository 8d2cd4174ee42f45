"""Slips, record forms, numbers, retention, duties, notices, information classes, meetings, surveys."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from huiyin.engine.schema.base import Condition, DurationText, Rule, Table
from huiyin.engine.schema.rules import Consequence


class FieldOf(Table):
    """A blank on a form: where its content comes from, or `by_hand`."""

    name: str
    title: str
    source: str = "by_hand"


class SlipForm(Rule):
    """A form of slip. Limits run from its issue unless the slip itself names a time."""

    code: str
    title: str
    title_en: str = ""
    direction: Literal["up", "down", "across"] = "across"
    from_posts: list[str] = []
    to_posts: list[str] = []
    receive: DurationText | None = None
    reply: DurationText | None = None
    finish: DurationText | None = None
    fields: list[FieldOf] = []
    file: str | None = None
    on_breach: Consequence = Consequence()


class RecordForm(Rule):
    """A numbered paper form, made from the system's own records by a template in the pack."""

    code: str
    title: str
    title_en: str = ""
    kinds: list[str] = []
    file: str | None = None
    fields: list[FieldOf] = []


class NumberRule(Rule):
    """How numbers are made. `of` names kinds of case, slip forms or record forms.

    `pattern` takes {unit}, {kind}, {year}, {month}, {day}, {serial} with a width: `TS-{year}-{serial:04}`.
    """

    name: str
    of: list[str]
    pattern: str
    per: Literal["company", "unit"] = "company"
    resets: Literal["year", "month", "day", "never"] = "year"


class Retention(Rule):
    of: list[str]
    title: str
    keep: DurationText
    start: Literal["closed", "made", "superseded"] = Field(default="closed", alias="from")
    keeper: str | None = None


class DueRule(Table):
    """When a recurring work is due after its period began.

    `in`: this period or the next. `day` counts from 1, `last` is the last day; `weekday` picks a day of the
    week (1 Monday). `roll`: to a working day, `back` or `on`.
    """

    period: Literal["this", "next"] = Field(default="this", alias="in")
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | Literal["last"] | None = None
    weekday: int | None = Field(default=None, ge=1, le=7)
    roll: Literal["none", "back", "on"] = "none"


class Duty(Rule):
    """A recurring obligation, one instance for each period and unit of its owner."""

    code: str
    title: str
    title_en: str = ""
    every: Literal["day", "week", "month", "quarter", "half_year", "year"]
    due: DueRule
    owner: str
    per: Literal["company", "site", "department"] = "company"
    approval: list[str] = []
    given_to: list[str] = []
    publish_to: list[str] = []
    record: str | None = None
    report: str | None = None
    feeds: list[str] = []


class NoticeRule(Rule):
    """A kind of notice to customers: how long before, and who approves it."""

    code: str
    title: str
    before: DurationText | None = None
    approval: list[str] = []
    channels: list[str] = []
    content: Literal["service_standard", "cooperation", "right_to_know"] | None = None


class InformationClass(Rule):
    code: str
    title: str
    grade: int | None = None
    report_within: DurationText | None = None
    report_to: list[str] = []
    when: Condition = {}


class Meeting(Rule):
    """A meeting or forum. `notice_approval` approves its notice; `postponed_by`: whose consent beforehand a
    postponement needs; `prepared`: hard topics are prepared; `followed_up`: its measures are.
    """

    code: str
    title: str
    title_en: str = ""
    every: Literal["day", "week", "month", "quarter", "half_year", "year", "as_needed"]
    due: DueRule | None = None
    chair: str | None = None
    agenda: list[str] = []
    minutes_approval: list[str] = []
    with_customers: bool = False
    notice_approval: list[str] = []
    postponed_by: list[str] = []
    publish_to: list[str] = []
    prepared: bool = False
    followed_up: bool = False


class SurveyPlan(Rule):
    """A survey. `plan`: its file in the pack, `surveys/<name>.toml`; `cites`: the other clauses it serves.

    The return is at least `response_rate`, or more than `response_above`. `due` is when the report is due,
    which passes `approval` in this order and goes to `given_to`.
    """

    code: str
    title: str
    title_en: str = ""
    every: Literal["month", "quarter", "half_year", "year", "as_needed"]
    share: float | None = Field(default=None, gt=0, le=1)
    response_rate: float | None = Field(default=None, gt=0, le=1)
    response_above: float | None = Field(default=None, gt=0, lt=1)
    topics: list[str] = []
    questionnaire: str | None = None
    plan: str | None = Field(default=None, pattern=r"^surveys/[A-Za-z0-9_.-]+\.toml$")
    owner: str | None = None
    per: Literal["company", "site", "department"] = "company"
    due: DueRule | None = None
    report: str | None = None
    approval: list[str] = []
    given_to: list[str] = []
    publish_to: list[str] = []
    feeds: list[str] = []
    cites: dict[str, str] = {}


class Promise(Table):
    """The sentence that is read to the customer at registration; {due} and {clause} are filled in.

    `clock` names the clock whose due time is told; empty: the one that waits for the answer.
    """

    kinds: list[str] = []
    clock: str = ""
    text: str
    text_en: str = ""
