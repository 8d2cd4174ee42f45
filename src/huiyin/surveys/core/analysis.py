"""Where the dissatisfaction lies: Pareto, importance against performance, control charts, consistency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import sqrt

import numpy as np


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a Pareto. `cumulative`: the fraction up to and with it; `vital`: needed to reach 80%."""

    name: str
    count: float
    cumulative: float
    vital: bool


def pareto(counts: Mapping[str, float], *, cut: float = 0.8) -> list[Bar]:
    """The largest first, equal ones by name. Nothing where nothing was counted."""
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    bars: list[Bar] = []
    for (name, count), running in zip(ordered, accumulate(one[1] for one in ordered), strict=True):
        if total:
            bars.append(Bar(name, count, running / total, (running - count) / total < cut - 1e-12))
    return bars


@dataclass(frozen=True, slots=True)
class Limits:
    """Control limits of each sample about the centre; `outside`: places from 1 of samples beyond them."""

    centre: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    outside: tuple[int, ...]


def p_chart(defective: Sequence[int], sizes: Sequence[int]) -> Limits:
    """Fractions: p̄ ± 3 √(p̄ q̄ / n), held within 0 and 1."""
    centre = sum(defective) / sum(sizes)
    spread = [3 * sqrt(centre * (1 - centre) / size) for size in sizes]
    return _limits(
        centre, [some / size for some, size in zip(defective, sizes, strict=True)], spread, top=1.0
    )


def u_chart(defects: Sequence[float], sizes: Sequence[float]) -> Limits:
    """Defects a unit: ū ± 3 √(ū / n), not below 0."""
    centre = sum(defects) / sum(sizes)
    spread = [3 * sqrt(centre / size) for size in sizes]
    return _limits(centre, [some / size for some, size in zip(defects, sizes, strict=True)], spread)


def _limits(
    centre: float, values: Sequence[float], spread: Sequence[float], top: float | None = None
) -> Limits:
    lower = tuple(max(0.0, centre - one) for one in spread)
    upper = tuple(centre + one if top is None else min(top, centre + one) for one in spread)
    places = zip(values, lower, upper, strict=True)
    return Limits(
        centre,
        lower,
        upper,
        tuple(at for at, (value, low, high) in enumerate(places, 1) if not low <= value <= high),
    )


def rises(totals: Sequence[float], steps: int = 3) -> bool:
    """So many rises one after the other at the end of a series; 1 stable window in 24 has three."""
    last = totals[-steps - 1 :]
    return len(last) == steps + 1 and all(before < after for before, after in pairwise(last))


def cronbach(rows: Sequence[Sequence[float]]) -> float:
    """α = k / (k - 1) · (1 - Σ s²_item / s²_total): how far the items of a scale say the same."""
    table = np.asarray(rows, dtype=float)
    items = table.shape[1]
    total = float(np.var(table.sum(axis=1), ddof=1))
    return float(items / (items - 1) * (1 - np.var(table, axis=0, ddof=1).sum() / total))


@dataclass(frozen=True, slots=True)
class Point:
    """quadrant: keep (important, good) | improve (important, poor) | low_priority | overdone."""

    name: str
    importance: float
    performance: float
    quadrant: str


def importance_performance(items: Mapping[str, tuple[float, float]]) -> list[Point]:
    """Name to (importance, performance), cut at the means of both."""
    if not items:
        return []
    cut = [sum(one[axis] for one in items.values()) / len(items) for axis in (0, 1)]
    names = {
        (True, True): "keep",
        (True, False): "improve",
        (False, False): "low_priority",
        (False, True): "overdone",
    }
    return [
        Point(name, weight, value, names[weight >= cut[0], value >= cut[1]])
        for name, (weight, value) in items.items()
    ]
