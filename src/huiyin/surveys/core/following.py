"""What must follow from the figures by the plan; forms to verify; totals over several surveys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from huiyin.surveys.core.allocation import share_of
from huiyin.surveys.core.analysis import Bar, pareto
from huiyin.surveys.core.answers import Answers
from huiyin.surveys.core.estimate import wilson
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.ranking import ranks
from huiyin.surveys.core.result import Result
from huiyin.surveys.core.schema_count import Consequence


@dataclass(frozen=True, slots=True)
class Due:
    """An action that a clause demands. `about`: the item, or the places of the forms (from 0)."""

    action: str
    on: str
    clause: str
    by: str | None
    to: str | None
    about: tuple[str, ...] = ()
    forms: tuple[int, ...] = ()


def consequences(plan: Plan, result: Result, answers: Answers | None = None) -> list[Due]:
    """In the order of the plan. `serious` needs the answers: each such form is followed up by itself."""
    return [due for rule in plan.consequence if (due := _due(plan, rule, result, answers)) is not None]


def _due(plan: Plan, rule: Consequence, result: Result, answers: Answers | None) -> Due | None:
    clause = rule.clause or plan.survey.clause
    about: tuple[str, ...] = ()
    forms: tuple[int, ...] = ()
    if rule.on in ("dissatisfied_item", "widespread"):
        about = tuple(_above(result, float(rule.above or 0)))
    elif rule.on == "missed_objective":
        about = tuple(flag["code"] for flag in result.flags if flag["code"] == "objective_missed")
    elif rule.on == "serious":
        forms = tuple(serious_forms(plan, answers)) if answers is not None else ()
    elif rule.on == "improvement":
        about = (plan.survey.code,)
    else:
        about = tuple(item.key for item in plan.item if item.kind == "comment")
    if not about and not forms:
        return None
    return Due(rule.action, rule.on, clause, rule.by, rule.to, about, forms)


def _above(result: Result, share: float) -> list[str]:
    found = []
    for item in result.items:
        judged = item.satisfied + item.dissatisfied
        if item.kind == "graded" and judged and item.dissatisfied / judged > share:
            found.append(item.key)
    return found


def serious_forms(plan: Plan, answers: Answers) -> list[int]:
    """Places of the forms with a grade that the plan calls serious."""
    found = np.zeros(len(answers), dtype=bool)
    for item in plan.item:
        if item.kind == "graded":
            grave = [place for place, grade in enumerate(plan.scale_of(item).grade, 1) if grade.serious]
            found |= np.isin(answers.codes[item.key], grave)
    return np.flatnonzero(found).tolist()


def to_verify(plan: Plan, forms: Sequence[str], seed: int) -> list[str]:
    """Forms to call back about: the plan's share of them, drawn by the seed, in the order of their ranks."""
    rule = plan.verification
    if rule is None or rule.call_back is None or not forms:
        return []
    order = np.argsort(ranks(seed, list(forms)))
    return [forms[place] for place in order[: share_of(len(forms), rule.call_back)].tolist()]


def dissatisfaction(result: Result) -> list[Bar]:
    """Pareto of the dissatisfied answers by item."""
    return pareto({item.key: item.dissatisfied for item in result.items if item.kind == "graded"})


@dataclass(frozen=True, slots=True)
class Total:
    """Counts over several surveys; the interval is Wilson's, as if each form were drawn alone."""

    name: str
    satisfied: int
    dissatisfied: int
    rate: float | None
    interval: tuple[float, float] | None


def totals(plan: Plan, results: Iterable[Result], *, by: str = "item") -> dict[str, Total]:
    """Half-yearly and yearly totals by item, or by the items' category (`by="category"`)."""
    names: Mapping[str, str] = {
        item.key: (item.category or item.key) if by == "category" else item.key for item in plan.item
    }
    sums: dict[str, list[int]] = {}
    for result in results:
        for item in result.items:
            if item.kind == "graded":
                count = sums.setdefault(names[item.key], [0, 0])
                count[0] += item.satisfied
                count[1] += item.dissatisfied
    found: dict[str, Total] = {}
    for name, (good, bad) in sums.items():
        judged = good + bad
        rate = good / judged if judged else None
        found[name] = Total(name, good, bad, rate, wilson(rate, judged) if rate is not None else None)
    return found
