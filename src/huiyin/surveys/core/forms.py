"""Which forms count, and what is marked on the others. Nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.surveys.core.answers import MOST_NAMED, Answers
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.samples import SampleFile

Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Forms:
    """`counted`: places of the forms that count. `marks`: name of a mark to the forms that have it."""

    counted: NDArray[np.int64]
    marks: dict[str, Mask]
    flags: list[dict[str, Any]]


def examine(plan: Plan, answers: Answers, sample: SampleFile) -> Forms:
    """A form counts where it belongs to the sample, is the household's first (or last) and has an answer."""
    size, checks = len(answers), plan.checks
    answered = _answered(answers, size)
    asked = len(answers.codes) + len(answers.numbers)
    least = max(1, int(np.ceil(float(checks.least_answered or 0) * asked - 1e-9)))
    blank = answered < least
    marks = {"blank": blank}
    out = blank.copy()
    if not plan.survey.anonymous:
        strange = answers.place < 0
        strange |= ~strange & ~sample.handed_out[answers.place] & (sample.cls[answers.place] < 0)
        repeated = _repeated(answers.place, strange | blank, checks.repeated == "last")
        marks |= {"not_in_sample": strange, "repeated": repeated}
        out |= strange | repeated
    straight = _straight(plan, answers, size)
    marks["straight_lined"] = straight & ~out
    marks["identical"] = _identical(answers, size, answered, checks.identical) & ~out & ~straight
    if checks.leave_out_straight_lined:
        out |= straight
    flags = [
        {
            "code": name,
            "count": int(mask.sum()),
            "forms": _names(answers, sample, plan, mask),
            "clause": checks.clause or plan.survey.clause,
        }
        for name, mask in marks.items()
        if mask.any()
    ]
    return Forms(np.flatnonzero(~out), marks, flags)


def _answered(answers: Answers, size: int) -> NDArray[np.int64]:
    found = np.zeros(size, dtype=np.int64)
    for codes in answers.codes.values():
        found += codes > 0
    for numbers in answers.numbers.values():
        found += ~np.isnan(numbers)
    return found


def _repeated(place: NDArray[np.int64], out: Mask, last: bool) -> Mask:
    """All forms of one household but the one that counts."""
    order = np.flatnonzero(~out)
    order = order[::-1] if last else order
    _, first = np.unique(place[order], return_index=True)
    found = np.zeros(len(place), dtype=bool)
    found[order] = True
    found[order[first]] = False
    return found


def _straight(plan: Plan, answers: Answers, size: int) -> Mask:
    """Every graded item that was answered got the same grade, and there are enough of them."""
    first = np.zeros(size, dtype=np.uint8)
    same = np.ones(size, dtype=bool)
    count = np.zeros(size, dtype=np.int32)
    for item in plan.item:
        if item.kind == "graded":
            codes = answers.codes[item.key]
            given = codes > 0
            same &= ~given | (first == 0) | (codes == first)
            first = np.where(first == 0, codes, first)
            count += given
    return same & (count >= plan.checks.straight_lined)


def _identical(answers: Answers, size: int, answered: NDArray[np.int64], least: int) -> Mask:
    """Forms that agree in every answer with another one."""
    if size < 2 or len(answers.codes) < least:
        return np.zeros(size, dtype=bool)
    mixed = np.zeros(size, dtype=np.uint64)
    for codes in answers.codes.values():
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) + codes
    _, inverse, counts = np.unique(mixed, return_inverse=True, return_counts=True)
    return (counts[inverse] > 1) & (answered >= least)


def _names(answers: Answers, sample: SampleFile, plan: Plan, mask: Mask) -> list[str]:
    """The first forms with a mark by the id on them; anonymous ones by their line in the file."""
    places = np.flatnonzero(mask)[:MOST_NAMED].tolist()
    if plan.survey.anonymous:
        return [f"line {place + 2}" for place in places]
    at = sample.table.place(plan.population.id)
    return [
        answers.strangers[place]
        if place in answers.strangers
        else sample.table.rows[answers.place[place]][at]
        for place in places
    ]
