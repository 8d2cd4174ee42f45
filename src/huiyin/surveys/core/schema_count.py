"""How a survey counts: return, validity, weights, checks, and what must follow from its figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from huiyin.surveys.core.schema_base import Part, Rule, Share, Span


class Deduction(Part):
    """`points` off the satisfaction rate for each completed `per` of the return that is missing."""

    per: Share
    points: Share


class Returns(Rule):
    """The least return, and what a lower one means: the survey is void, the rate loses, or it is only said.

    at_least includes the bound, above does not. `by`: it must hold in each group of that column.
    """

    at_least: Share | None = None
    above: Share | None = None
    by: str | None = None
    short: Literal["invalid", "deduct", "warn"] = "invalid"
    deduction: Deduction | None = None
    within: Span | None = None

    @model_validator(mode="after")
    def _agree(self) -> Returns:
        if (self.at_least is None) == (self.above is None):
            raise ValueError("one_bound")
        if (self.short == "deduct") != (self.deduction is not None):
            raise ValueError("deduction")
        return self


class Score(Rule):
    """weighting: design (weights of the draw, raised for non-response within stratum and class) |
    poststratified (that, then fitted to `population` by `by`) | given (the sample's weights as they stand) |
    none (each form counts one, as procedures that count forms say).

    index_of: what full marks make, 100 or 1. index_over: items (weighted mean of item means) | forms
    (points over full points of each form, then their mean). overall: the key of one item, or empty for all
    items together.
    """

    weighting: Literal["none", "given", "design", "poststratified"] = "design"
    by: str | None = None
    population: dict[str, float] = {}
    finite: bool = True
    index_of: float = Field(default=100, gt=0)
    index_over: Literal["items", "forms"] = "items"
    overall: str = ""
    groups: list[str] = []
    minimum_group: int = Field(default=5, ge=1)
    objective: Share | None = None

    @model_validator(mode="after")
    def _agree(self) -> Score:
        if (self.weighting == "poststratified") != bool(self.by and self.population):
            raise ValueError("poststratify")
        return self


class Checks(Rule):
    """straight_lined: marked from so many graded items all answered alike. identical: forms of different
    people that agree in so many items and are not straight-lined. `repeated`: which form of one household
    counts.
    """

    straight_lined: int = Field(default=5, ge=2)
    leave_out_straight_lined: bool = False
    identical: int = Field(default=15, ge=2)
    repeated: Literal["first", "last"] = "first"
    least_answered: Share | None = None


class Verification(Rule):
    """A share of the forms is verified by calling back, keyed forms are compared with the paper."""

    call_back: Share | None = None
    paper: Share | None = None
    by: str | None = None


class Consequence(Rule):
    """What must follow. serious: a form with a grade marked so. dissatisfied_item: an item whose
    dissatisfied share is above `above`. missed_objective: the rate is below the objective. improvement:
    told and noted.
    """

    on: Literal["serious", "dissatisfied_item", "missed_objective", "widespread", "comment", "improvement"]
    action: Literal[
        "return_visit",
        "nonconformity",
        "corrective_action",
        "special_survey",
        "case",
        "tell_customer",
        "proposal",
    ]
    by: str | None = None
    to: str | None = None
    above: Decimal | None = None


class Analysis(Rule):
    """Who analyses with which techniques, for whom, on what occasion, by which stage of the customer's
    journey.
    """

    by: str | None = None
    tools: list[Literal["pareto", "cause_effect", "check_sheet", "trend", "importance_performance"]] = []
    to: list[str] = []
    before: list[Literal["management_review"]] = []
    counted_by: list[Literal["item", "category", "unit", "company", "touch_point"]] = []
    proposals: bool = False
