"""The frame of a procedure: its document, clauses, posts, kinds, channels, categories, facts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from huiyin.engine.calendar import parse_windows
from huiyin.engine.schema.base import Condition, Rule, Table, WindowText

Capability = Literal[
    "register", "view", "handle", "judge", "assign", "approve", "follow_up", "report", "publish", "customers",
    "procedures", "admin", "audit", "import",
]  # fmt: skip
Cited = Literal[
    "number", "level", "owner", "closed", "reopened", "promise", "appeal", "approval", "slip", "pause"
]


class Document(Table):
    """The controlled document that the pack is the running form of."""

    code: str = Field(pattern=r"^[A-Z]{2}\d+$|^[A-Za-z][\w-]*$")
    title: str
    title_en: str = ""
    sector: str = ""
    edition: str
    issued: date | None = None
    effective: date | None = None
    written_by: list[str] = []
    reviewed_by: list[str] = []
    approved_by: list[str] = []
    language: Literal["zh-Hans"] = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    serves: Literal["households", "firms"] = Field(
        default="households", description="whom: people in premises the company looks after, or firms"
    )


class ServiceHours(Table):
    """When the service is staffed. No hours at all means round the clock."""

    working_days: list[str] = []
    rest_days: list[str] = []

    def model_post_init(self, _: object) -> None:
        for windows in (self.working_days, self.rest_days):
            try:
                parse_windows(windows)
            except ValueError:
                raise ValueError("hours") from None


class Clause(Table):
    """One numbered piece of the document, in own words."""

    id: str
    title: str
    title_en: str = ""
    demands: str
    demands_en: str = ""
    catalogue: list[str] = []
    running: StrictBool = True
    own_addition: StrictBool = False
    note: str = ""


class Post(Table):
    """A responsibility that people hold. `may` is what its holders can do in the application."""

    code: str
    title: str
    title_en: str = ""
    clause: str | None = None
    unit_kind: Literal["group", "company", "branch", "site", "department", "team"] = "company"
    reports_to: str | None = None
    stand_ins: list[str] = []
    may: list[Capability] = []
    scope: Literal["unit", "company"] = "unit"
    quote: str = ""
    unconfirmed: StrictBool = False


class Kind(Rule):
    """A kind of case. `cites` overrides the document's clauses for what the engine does of itself."""

    code: str
    title: str
    title_en: str = ""
    owner: str | None = None
    judged: StrictBool = False
    key: str = Field(default="", description="the key that chooses it on the desk")
    cites: dict[Cited, str] = {}


class Channel(Table):
    code: str
    title: str
    title_en: str = ""
    via: str | None = Field(default=None, description="value of the fact `via` that this channel implies")
    desk: StrictBool = True


class Category(Table):
    """A node of the tree of problems; `words` propose it from the customer's text."""

    code: str
    title: str
    title_en: str = ""
    parent: str | None = None
    words: list[str] = []
    kinds: list[str] = []
    owner: str | None = None


class Emergency(Rule):
    """Words upon which nobody waits: the case is proposed as urgent, and `advice` is read out first."""

    name: str
    words: list[Annotated[str, Field(min_length=2, max_length=20)]] = Field(min_length=1)
    advice: str = Field(min_length=1, max_length=300)
    advice_en: str = ""
    kinds: list[str] = Field(default=[], description="kinds of case; empty: all")


class Fact(Table):
    """A fact that this pack adds to the vocabulary, or further values of one that exists.

    Pages ask for it on the events it names, of the `kinds` it names (none: all). `labels` are its values in
    words. A `reference` is a number of ours or of others, as of an order; what is said in words is a `text`.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = ""
    title_en: str = ""
    type: Literal["text", "code", "reference", "time", "amount", "flag", "number"] = "code"
    values: list[str] = []
    labels: dict[str, str] = {}
    labels_en: dict[str, str] = {}
    hint: str = ""
    hint_en: str = ""
    kinds: list[str] = []
    events: list[str] = Field(default=[], description="events that carry it; empty: all")


class Level(Rule):
    """One level of a kind, the gravest first; the first whose criteria match is the case's level.

    `when` must match, and of `any_of` at least one where there are some.
    """

    code: str
    title: str
    title_en: str = ""
    kind: str | list[str]
    when: Condition = {}
    any_of: list[Condition] = []
    owner: str | None = None


class Owner(Rule):
    """Who owns a case at first: the first rule that matches."""

    when: Condition = {}
    post: str


class Setting(Rule):
    """A value that the document leaves open: other tables write `setting:name` where it stands."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    title_en: str = ""
    value: str | int | float


class Repetition(Rule):
    """What counts as the same problem again, and within which time.

    `per_kind`: each kind counts its own; a case whose kind turned counts with both.
    """

    same: list[str] = ["household", "category"]
    kinds: list[str] = []
    window: WindowText | None = None
    per_kind: StrictBool = False
