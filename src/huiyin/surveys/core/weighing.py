"""From the weights of the draw to the weights that count: non-response and post-stratification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.estimate import Design
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.samples import SampleFile


def weigh(
    plan: Plan,
    sample: SampleFile,
    place: NDArray[np.int64],
    strata: Sequence[str] | None,
    groups: Sequence[str] | None,
    flags: list[dict[str, Any]],
) -> Design:
    """`place`: rows of the sample of the forms that count, -1 where they are anonymous; `strata` is then
    their stratum, if they tell it. `groups`: the cell of post-stratification of each form.
    """
    cls, base, total = _classes(sample, place, strata)
    n = np.bincount(cls, minlength=len(total))
    _tell_empty(n, total, sample, strata is None and not _anonymous(place), flags)
    sums = np.bincount(cls, weights=base, minlength=len(total))
    raise_by = np.divide(total, sums, out=np.zeros_like(total), where=sums > 0)
    weight = base * raise_by[cls]
    if plan.score.weighting in ("none", "given"):
        weight = base if plan.score.weighting == "given" else np.ones(len(cls))
    post = np.full(len(cls), -1, dtype=np.int64)
    if plan.score.weighting == "poststratified" and groups is not None:
        weight, post = _fit(plan, weight, groups, flags)
    sampled = np.zeros(len(total))
    if plan.score.finite:
        sampled = np.clip(np.divide(n, total, out=np.zeros_like(total), where=total > 0), 0, 1)
    return Design(weight, cls, post, n, sampled)


def _anonymous(place: NDArray[np.int64]) -> bool:
    return bool(len(place)) and bool(place[0] < 0)


def _classes(
    sample: SampleFile, place: NDArray[np.int64], strata: Sequence[str] | None
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Class and weight in the draw of each form, and what each class stands for."""
    if not _anonymous(place):
        return sample.cls[place], sample.weight[place], sample.total
    totals: dict[str, float] = {}
    for (stratum, _), total in zip(sample.classes, sample.total, strict=True):
        totals[stratum] = totals.get(stratum, 0.0) + float(total)
    if strata is None or set(strata) - set(totals):
        return np.zeros(len(place), dtype=np.int64), np.ones(len(place)), np.array([sum(totals.values())])
    number = {name: at for at, name in enumerate(totals)}
    cls = np.array([number[name] for name in strata], dtype=np.int64)
    return cls, np.ones(len(place)), np.array(list(totals.values()))


def _tell_empty(
    n: NDArray[np.int64],
    total: NDArray[np.float64],
    sample: SampleFile,
    named: bool,
    flags: list[dict[str, Any]],
) -> None:
    """A class without answers is not in the figures; one with a single answer says nothing of its spread."""
    for code, mask in (
        ("class_without_answers", (n == 0) & (total > 0)),
        ("class_of_one", (n == 1) & (total > 1)),
    ):
        places = np.flatnonzero(mask).tolist()
        if places:
            names = ["/".join(sample.classes[at]) for at in places] if named else []
            share = float(total[mask].sum() / total.sum())
            flags.append({"code": code, "classes": names, "share_of_population": round(share, 6)})


def _fit(
    plan: Plan, weight: NDArray[np.float64], groups: Sequence[str], flags: list[dict[str, Any]]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Weights that add up to the known population of each group."""
    known = plan.score.population
    stray = sorted(set(groups) - set(known))
    if stray:
        raise InvalidInput(f"score.population says nothing of: {', '.join(stray)}", code="stratum")
    names = list(known)
    number = {name: at for at, name in enumerate(names)}
    post = np.array([number[name] for name in groups], dtype=np.int64)
    sums = np.bincount(post, weights=weight, minlength=len(names))
    wanted = np.array([known[name] for name in names])
    missing = [name for name, some in zip(names, sums, strict=True) if some == 0]
    if missing:
        flags.append({"code": "group_without_answers", "groups": missing})
    factor = np.divide(wanted, sums, out=np.zeros_like(wanted, dtype=float), where=sums > 0)
    return weight * factor[post], post
