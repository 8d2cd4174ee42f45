"""Whom a survey asks: population, size, strata, targeted draw, rotation, reserve."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from huiyin.surveys.core.schema_base import Match, Rule, Share


class Groups(Rule):
    """Only groups (sites) where the share of rows that match `of` is beyond a bound."""

    by: str
    of: Match
    above: Decimal | None = None
    at_least: Decimal | None = None


class Population(Rule):
    """The rows of the frame that can be drawn. `id` names the column that identifies a row."""

    of: Literal[
        "occupied_households",
        "households",
        "homes_handed_over",
        "ordering_customers",
        "customers",
        "complainants",
        "served_customers",
        "concerned_group",
    ] = "households"
    title: str = ""
    id: str = "id"
    where: Match = {}
    groups: Groups | None = None


class Strata(Rule):
    """`expected` are expected rates by stratum and `deviation` standard deviations, for Neyman; `fixed`
    sizes.

    `each`: the share holds in every stratum, not only in all. `minimum` to a stratum, as far as it has rows.
    """

    by: list[str] = Field(min_length=1)
    allocation: Literal["proportional", "neyman", "fixed"] = "proportional"
    expected: dict[str, float] = {}
    deviation: dict[str, float] = {}
    fixed: dict[str, int] = {}
    each: bool = False
    minimum: int = Field(default=2, ge=1)

    @model_validator(mode="after")
    def _agree(self) -> Strata:
        if self.allocation == "fixed" and not self.fixed:
            raise ValueError("fixed")
        if self.allocation == "neyman" and bool(self.expected) == bool(self.deviation):
            raise ValueError("neyman")
        if any(not 0 < rate < 1 for rate in self.expected.values()):
            raise ValueError("neyman")
        return self


class Targeted(Rule):
    """The second, focused draw. all: who matches is in for certain. share: they are at least so many.

    `counts`: whether those who are certain count towards the size, or come on top of it.
    """

    where: Match = Field(min_length=1)
    rule: Literal["all", "share"] = "all"
    share: Share | None = None
    counts: Literal["within", "on_top"] = "within"

    @model_validator(mode="after")
    def _agree(self) -> Targeted:
        if (self.rule == "share") != (self.share is not None):
            raise ValueError("targeted_share")
        return self


class Rotation(Rule):
    """Nobody again until everybody was: `asked` is the column that counts how often a row was asked."""

    asked: str


class Reserve(Rule):
    """Reasons for a replacement: `ineligible` leave the count of forms handed out, `nonresponse` stay in
    it.
    """

    share: Share | None = None
    size: int | None = Field(default=None, ge=1)
    ineligible: list[str] = ["vacant", "moved_away", "no_such_place"]
    nonresponse: list[str] = ["refused", "not_reached"]

    @model_validator(mode="after")
    def _agree(self) -> Reserve:
        if (self.share is None) == (self.size is None):
            raise ValueError("one_size")
        return self


class Sample(Rule):
    """How many, and how they are drawn. Exactly one of share, size, margin; none of them with method
    `all`.
    """

    method: Literal["all", "simple", "systematic", "proportional_to_size"] = "simple"
    share: Share | None = None
    size: int | None = Field(default=None, ge=1)
    margin: float | None = Field(default=None, gt=0, lt=1)
    rate: float = Field(default=0.5, gt=0, lt=1)
    expected_return: Share | None = None
    size_column: str | None = None
    order: list[str] = []
    strata: Strata | None = None
    targeted: Targeted | None = None
    rotation: Rotation | None = None
    reserve: Reserve | None = None

    @model_validator(mode="after")
    def _agree(self) -> Sample:
        given = sum(one is not None for one in (self.share, self.size, self.margin))
        fixed = self.strata is not None and self.strata.allocation == "fixed"
        if given != (0 if self.method == "all" or fixed else 1):
            raise ValueError("one_size")
        if (self.method == "proportional_to_size") != (self.size_column is not None):
            raise ValueError("size_column")
        if self.expected_return is not None and self.margin is None:
            raise ValueError("expected_return")
        if self.strata and self.strata.each and self.share is None:
            raise ValueError("each")
        return self
