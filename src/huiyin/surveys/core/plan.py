"""A survey plan as it is written: TOML read into these tables, anything unknown refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import Field, model_validator

from huiyin.surveys.core.schema_ask import Comparison, Indicator, Item, Questionnaire, Scale
from huiyin.surveys.core.schema_base import Part, Rule, Span
from huiyin.surveys.core.schema_count import Analysis, Checks, Consequence, Returns, Score, Verification
from huiyin.surveys.core.schema_draw import Population, Sample


class Survey(Part):
    """`clause` demands the survey. `anonymous`: forms carry no id, nothing leads back to a household."""

    code: str
    title: str
    title_en: str = ""
    clause: str
    purpose: str = ""
    every: Literal["month", "quarter", "half_year", "year", "as_needed"] = "as_needed"
    organised_by: str | None = None
    deadline: Span | None = None
    anonymous: bool = False


class Plan(Part):
    """One survey from the frame to its figures. Public: `huiyin.surveys.core`."""

    survey: Survey
    population: Population = Population()
    sample: Sample = Sample(method="all")
    questionnaire: Questionnaire = Questionnaire()
    scale: list[Scale] = []
    item: list[Item] = Field(min_length=1)
    indicator: list[Indicator] = []
    comparison: list[Comparison] = []
    returns: Returns | None = None
    score: Score = Score()
    checks: Checks = Checks()
    verification: Verification | None = None
    consequence: list[Consequence] = []
    analysis: Analysis | None = None

    @model_validator(mode="after")
    def _agree(self) -> Plan:
        scales, nodes = {one.code for one in self.scale}, {one.code for one in self.indicator}
        keys = [one.key for one in self.item]
        if len(set(keys)) < len(keys) or len(scales) < len(self.scale) or len(nodes) < len(self.indicator):
            raise ValueError("double_key")
        for item in self.item:
            if item.scale is not None and item.scale not in scales:
                raise ValueError("unknown_scale")
            if item.indicator is not None and item.indicator not in nodes:
                raise ValueError("unknown_indicator")
        if any(one.parent is not None and one.parent not in nodes for one in self.indicator):
            raise ValueError("unknown_indicator")
        if self.score.overall and self.score.overall not in keys:
            raise ValueError("unknown_item")
        return self

    def scale_of(self, item: Item) -> Scale:
        return next(one for one in self.scale if one.code == item.scale)

    def clauses(self) -> set[str]:
        """Every clause that any table of the plan cites."""
        rules: list[Rule | None] = [
            self.population,
            self.sample,
            self.questionnaire,
            self.returns,
            self.score,
        ]
        rules += [self.checks, self.verification, self.analysis, self.population.groups]
        rules += [self.sample.strata, self.sample.targeted, self.sample.rotation, self.sample.reserve]
        rules += [*self.scale, *self.item, *self.indicator, *self.comparison, *self.consequence]
        return {self.survey.clause} | {rule.clause for rule in rules if rule is not None and rule.clause}

    def posts(self) -> set[str]:
        """Every post that the plan names: who organises, approves, verifies, acts and is told."""
        asked, analysis = self.questionnaire, self.analysis
        named = [self.survey.organised_by, self.verification.by if self.verification else None]
        named += [*asked.approved_by, *asked.reviewed_by]
        named += [analysis.by, *analysis.to] if analysis else []
        named += [post for rule in self.consequence for post in (rule.by, rule.to)]
        return {post for post in named if post is not None}

    def missing_approvals(self, given: Collection[str]) -> list[str]:
        """Posts that have yet to approve or review the questionnaire before it may go out."""
        asked = (*self.questionnaire.reviewed_by, *self.questionnaire.approved_by)
        return [post for post in asked if post not in given]
