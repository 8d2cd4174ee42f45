"""From the sample and the forms to the figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.answers import Answers, read_answers
from huiyin.surveys.core.bounds import bounds_of
from huiyin.surveys.core.counting import Counter
from huiyin.surveys.core.forms import examine
from huiyin.surveys.core.indicators import indicator_weights, item_weights
from huiyin.surveys.core.matching import row_test
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.result import GroupResult, ItemResult, Result, rounded
from huiyin.surveys.core.returned import verdict
from huiyin.surveys.core.samples import SampleFile, read_sample
from huiyin.surveys.core.sizes import margin_of_error
from huiyin.surveys.core.tables import Table, read_table
from huiyin.surveys.core.weighing import weigh


def score_files(plan: Plan, sample: str | Path, answers: str | Path, *, by: Iterable[str] = ()) -> Result:
    """`by`: columns to break the figures down by, beside those of the plan. Raises InvalidInput."""
    handed = read_sample(plan, read_table(sample))
    return score(plan, handed, read_answers(answers, plan, handed.index, _extra(plan, by)), by=by)


def score(plan: Plan, sample: SampleFile, answers: Answers, *, by: Iterable[str] = ()) -> Result:
    """Raises InvalidInput where items were answered that were not asked of that form."""
    weights = item_weights(plan)
    _refuse_not_asked(plan, sample, answers)
    forms = examine(plan, answers, sample)
    flags = [*sample.flags, *forms.flags]
    place = answers.place[forms.counted]
    column = _Columns(sample, answers, forms.counted)
    strata = column.get("stratum") if plan.survey.anonymous else None
    groups = column.need(plan.score.by) if plan.score.by else None
    design = weigh(plan, sample, place, strata, groups, flags)
    counter = Counter(plan, answers, forms.counted, design, weights)
    items = [counter.item(item) for item in plan.item if item.kind != "comment"]
    handed_out, returned = _handed_out(sample, place), len(forms.counted)
    judged = verdict(plan, handed_out, returned, _returns_by(plan, sample, place, column))
    population = float(sample.total.sum())
    found = Result(
        handed_out,
        returned,
        judged.valid,
        judged.reason,
        judged.deduction,
        items,
        counter.rate(),
        counter.index(items),
        margin_of_error(returned, round(population)),
        population,
        flags + judged.flags,
        indicator_weights(plan) if plan.indicator else {},
    )
    _add_bounds(plan, found, sample, place, population)
    _add_flags(plan, found)
    found.groups = _breakdown(plan, counter, sample, column, place, by)
    return found


def _extra(plan: Plan, by: Iterable[str]) -> set[str]:
    names = {"stratum", *plan.score.groups, *by} | {name for item in plan.item for name in item.when}
    return names | {name for name in (plan.score.by, plan.returns.by if plan.returns else None) if name}


class _Columns:
    """Values of a column for the forms that count: from the forms, or from the sample they belong to."""

    def __init__(self, sample: SampleFile, answers: Answers, counted: NDArray[np.int64]) -> None:
        self.sample, self.answers, self.counted = sample, answers, counted

    def get(self, name: str) -> list[str] | None:
        if name in self.answers.columns:
            values = self.answers.columns[name]
            return [values[at] for at in self.counted.tolist()]
        places = self.answers.place[self.counted]
        if name not in self.sample.table.columns or (places < 0).any():
            return None
        at = self.sample.table.place(name)
        return [self.sample.table.rows[place][at] for place in places.tolist()]

    def need(self, name: str) -> list[str]:
        found = self.get(name)
        if found is None:
            raise InvalidInput(f"neither the sample nor the answers have a column {name}", code="no_column")
        return found


def _refuse_not_asked(plan: Plan, sample: SampleFile, answers: Answers) -> None:
    """An answer to a question that this form does not ask is a mistake of keying."""
    every = np.arange(len(answers))
    for item in plan.item:
        if not item.when or item.key not in answers.codes:
            continue
        names = list(item.when)
        columns = _Columns(sample, answers, every)
        test = row_test(item.when, names, what=f"item {item.key}.when")
        asked = np.array(
            [test(row) for row in zip(*(columns.need(name) for name in names), strict=True)], dtype=bool
        )
        wrong = np.flatnonzero(~asked & (answers.codes[item.key] > 0)) if len(asked) else every[:0]
        if len(wrong):
            raise InvalidInput(
                f"line {wrong[0] + 2}, {item.key}: answered, but not asked of this form", code="not_asked"
            )


def _handed_out(sample: SampleFile, place: NDArray[np.int64]) -> int:
    """Who was taken out as not to be asked, and answered nonetheless, was asked."""
    handed = sample.handed_out.copy()
    handed[place[place >= 0]] = True
    return int(handed.sum())


def _returns_by(
    plan: Plan, sample: SampleFile, place: NDArray[np.int64], column: _Columns
) -> dict[str, tuple[int, int]] | None:
    """Returned and handed out of each group of `returns.by`."""
    if plan.returns is None or plan.returns.by is None:
        return None
    groups = sample.table.values(plan.returns.by)
    found = {name: [0, 0] for name, out in zip(groups, sample.handed_out, strict=True) if out}
    for name, out in zip(groups, sample.handed_out.tolist(), strict=True):
        if out:
            found[name][1] += 1
    for name in column.need(plan.returns.by):
        found.setdefault(name, [0, 0])[0] += 1
    return {name: (some, total) for name, (some, total) in found.items()}


def _add_bounds(
    plan: Plan, found: Result, sample: SampleFile, place: NDArray[np.int64], population: float
) -> None:
    """What the forms that did not come back could hide: all of them dissatisfied, or all satisfied."""
    if not population or not found.returned:
        return
    if len(place) and place[0] >= 0:
        answered = min(1.0, float(sample.weight[place].sum()) / population)
    else:
        answered = found.response_rate
    if found.rate is not None:
        found.bounds = bounds_of(found.rate.value, answered)
    for item in found.items:
        if item.rate is not None:
            item.bounds = bounds_of(
                item.rate.value, answered * (item.satisfied + item.dissatisfied) / found.returned
            )


def _add_flags(plan: Plan, found: Result) -> None:
    few = [item.key for item in found.items if 0 < item.n < plan.score.minimum_group]
    if few:
        found.flags.append({"code": "few_answers", "items": few, "below": plan.score.minimum_group})
    wanted, after = plan.score.objective, found.after
    if wanted is not None and after is not None and after < float(wanted) - 1e-12:
        clause = plan.score.clause or plan.survey.clause
        found.flags.append(
            {
                "code": "objective_missed",
                "objective": float(wanted),
                "actual": rounded(after),
                "clause": clause,
            }
        )


def _breakdown(
    plan: Plan,
    counter: Counter,
    sample: SampleFile,
    column: _Columns,
    place: NDArray[np.int64],
    by: Iterable[str],
) -> list[GroupResult]:
    """By the columns of the plan as far as they are there, and by those that were asked for."""
    found: list[GroupResult] = []
    for name in dict.fromkeys([*(one for one in plan.score.groups if column.get(one) is not None), *by]):
        values = np.array(column.need(name), dtype=object)
        shown = _shown(values.tolist(), plan.score.minimum_group)
        handed = _handed_by(sample, name)
        for group in sorted(shown):
            if not shown[group]:
                found.append(GroupResult(name, group, False, 0, 0, None, None, []))
                continue
            part = counter.within(values == group)
            items = [_hidden(plan, part.item(item)) for item in plan.item if item.kind != "comment"]
            found.append(
                GroupResult(
                    name, group, True, handed.get(group, 0), part.size, part.rate(), part.index(items), items
                )
            )
    return found


def _shown(values: Sequence[str], least: int) -> dict[str, bool]:
    """Groups of too few forms are not shown; where that is one alone, the smallest other one neither, or
    it could be had by subtraction."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    shown = {name: count >= least for name, count in counts.items()}
    if list(shown.values()).count(False) == 1 and len(shown) > 1:
        rest = [name for name, one in shown.items() if one]
        shown[min(rest, key=lambda name: (counts[name], name))] = False
    return shown


def _hidden(plan: Plan, item: ItemResult) -> ItemResult:
    """Within a group, an item that fewer than the least number answered tells nothing."""
    if item.n >= plan.score.minimum_group:
        return item
    return ItemResult(item.key, item.kind, 0, 0, 0, 0)


def _handed_by(sample: SampleFile, name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    if name in sample.table.columns:
        for group, out in zip(sample.table.values(name), sample.handed_out.tolist(), strict=True):
            found[group] = found.get(group, 0) + out
    return found


def load_sample(plan: Plan, table: Table) -> SampleFile:
    """The sample as the scoring reads it; for rooms that keep it elsewhere than in a file."""
    return read_sample(plan, table)


def flags_of(result: Result, code: str) -> list[dict[str, Any]]:
    return [flag for flag in result.flags if flag["code"] == code]
