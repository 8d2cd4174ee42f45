"""How a sample is divided over strata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, sqrt


def share_of(count: int, share: object) -> int:
    """At least this share of a count, exactly: 5% of 100 is 5, of 101 is 6."""
    return ceil(count * Fraction(str(share)))


def neyman(population: Mapping[str, int], deviation: Mapping[str, float], size: int) -> dict[str, float]:
    """n N_h S_h / Σ N S, not rounded."""
    total = sum(population[name] * deviation[name] for name in population)
    return {name: size * population[name] * deviation[name] / total for name in population}


def deviations(rates: Mapping[str, float]) -> dict[str, float]:
    """√(p q) of each expected rate."""
    return {name: sqrt(rate * (1 - rate)) for name, rate in rates.items()}


def divide(
    size: int, weights: Sequence[float], most: Sequence[int], least: Sequence[int] | None = None
) -> list[int]:
    """Whole numbers in proportion to `weights` by the largest remainder, none above `most` or below `least`.

    Sums to `size`, held within Σ least and Σ most. Equal remainders go to the earlier place.
    """
    low = [min(one, cap) for one, cap in zip(least or [0] * len(most), most, strict=True)]
    size = max(sum(low), min(size, sum(most)))
    parts = _bounded(size, weights, most, low)
    whole = [floor(part + 1e-9) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (-(parts[place] - whole[place]), place))
    left = size - sum(whole)
    while left > 0:
        for place in order:
            if left and whole[place] < most[place]:
                whole[place] += 1
                left -= 1
    return whole


def _bounded(size: int, weights: Sequence[float], most: Sequence[int], low: Sequence[int]) -> list[float]:
    """Shares of `size` with bounds: places whose share is out of bounds are fixed there, the rest shared
    anew.
    """
    free = set(range(len(weights)))
    parts = [0.0] * len(weights)
    while free:
        left = size - sum(parts[place] for place in range(len(parts)) if place not in free)
        total = sum(weights[place] for place in free)
        for place in free:
            parts[place] = left * weights[place] / total if total else left / len(free)
        over = {place for place in free if parts[place] > most[place]}
        under = {place for place in free if parts[place] < low[place]}
        excess = sum(parts[place] - most[place] for place in over)
        missing = sum(low[place] - parts[place] for place in under)
        if not over and not under:
            break
        if excess >= missing:
            fixed, bound = over, most
        else:
            fixed, bound = under, low
        for place in fixed:
            parts[place] = float(bound[place])
        free -= fixed
    return parts
