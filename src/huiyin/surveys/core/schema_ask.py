"""What a survey asks: scales, items, indicators, comparisons for their weights."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from huiyin.surveys.core.schema_base import Key, Match, Part, Rule


class Grade(Part):
    """One grade. `code` stands in the files of answers, `also` what may stand there instead."""

    code: str
    title: str = ""
    title_en: str = ""
    also: list[str] = []
    score: float
    counts: Literal["satisfied", "dissatisfied", "neither"] = "neither"
    top: bool = False
    serious: bool = False


class Scale(Rule):
    """`not_counted`: what may be written and never counts, beside a blank: not applicable, undecided."""

    code: str
    grade: list[Grade] = Field(min_length=2)
    not_counted: list[str] = ["NA"]
    full: float | None = None

    @property
    def full_score(self) -> float:
        return self.full if self.full is not None else max(grade.score for grade in self.grade)

    @model_validator(mode="after")
    def _agree(self) -> Scale:
        codes = [code for grade in self.grade for code in (grade.code, *grade.also)] + self.not_counted
        if len(set(codes)) < len(codes) or "" in codes:
            raise ValueError("double_grade")
        if self.full_score <= 0:
            raise ValueError("full")
        return self


class Item(Rule):
    """One question. `key` is the column of the answers.

    kind: graded (needs a scale) | recommendation (0 to 10) | number (least, most) | choice | comment.
    `weight`: part in the index among its siblings. `when`: only asked of forms that match (their columns).
    """

    key: Key
    title: str = ""
    title_en: str = ""
    kind: Literal["graded", "recommendation", "number", "choice", "comment"] = "graded"
    scale: str | None = None
    weight: float = Field(default=1, gt=0)
    indicator: str | None = None
    category: str | None = None
    in_rate: bool = True
    when: Match = {}
    least: float | None = None
    most: float | None = None
    choices: list[str] = []
    not_counted: list[str] = ["NA"]

    @model_validator(mode="after")
    def _agree(self) -> Item:
        if (self.kind == "graded") != (self.scale is not None):
            raise ValueError("scale")
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("choices")
        if self.kind == "number" and (self.least is None or self.most is None or self.least >= self.most):
            raise ValueError("number")
        return self


class Indicator(Rule):
    """A node of the indicator system. `weight` is given to the lowest tier alone; above, the weights are
    sums.
    """

    code: str
    title: str = ""
    parent: str | None = None
    weight: float | None = Field(default=None, gt=0)


class Comparison(Rule):
    """Expert judgement of what matters more: a reciprocal matrix over the children of `of` (empty: the top).

    Refused where the consistency ratio is above 0.1 and `justification` is empty.
    """

    of: str = ""
    among: list[str] = Field(min_length=2)
    matrix: list[list[float | int | str]]
    method: Literal["eigenvector", "geometric_mean"] = "eigenvector"
    random_index: Literal["saaty_0.58", "saaty2007_0.52", "donegan_dodd"] = "saaty_0.58"
    justification: str = ""


class Questionnaire(Rule):
    """One version of the questionnaire, who approves it, what the last survey improved."""

    version: str = "1"
    approved_by: list[str] = []
    reviewed_by: list[str] = []
    languages: list[Literal["zh", "en"]] = ["zh"]
    tells_improvements: bool = False
    ways: list[
        Literal[
            "visit", "phone", "outdoors", "paper", "link", "box", "letter", "fax", "talk", "fair", "on_site"
        ]
    ] = []
