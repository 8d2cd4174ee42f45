"""How many to ask for a wanted margin of error, and the margin that was reached. Margins are fractions."""

from __future__ import annotations

from math import ceil, inf, isinf, sqrt
from typing import Literal

Z95 = 1.96
"""The rounded quantile that published tables of sample sizes use."""

_ROUNDING = 1e-9


def sample_size(
    population: float = inf,
    margin: float = 0.05,
    *,
    rate: float = 0.5,
    z: float = Z95,
    form: Literal["cochran", "regulator"] = "cochran",
) -> int:
    """n0 = z² p q / e², then n0 / (1 + (n0 - 1) / N) rounded up, never above N.

    `regulator` divides by 1 + n0 / N, as the English regulator of social housing does.
    """
    first = z * z * rate * (1 - rate) / (margin * margin)
    if isinf(population):
        return ceil(first - _ROUNDING)
    if population <= 0:
        return 0
    less = 1 if form == "cochran" else 0
    return min(ceil(first / (1 + (first - less) / population) - _ROUNDING), ceil(population))


def margin_of_error(n: float, population: float = inf, *, rate: float = 0.5, z: float = Z95) -> float | None:
    """z √(p q / n · (N - n) / (N - 1)): half the width of the interval of a simple draw; None of no
    answers.
    """
    if n <= 0:
        return None
    if isinf(population):
        return z * sqrt(rate * (1 - rate) / n)
    if population <= 1 or n >= population:
        return 0.0
    return z * sqrt(rate * (1 - rate) / n * (population - n) / (population - 1))


def regulator_margin(homes: int) -> float:
    """The margin that the English regulator wants of a landlord with so many homes."""
    return next(
        margin
        for least, margin in ((25_000, 0.02), (10_000, 0.03), (2_500, 0.04), (0, 0.05))
        if homes >= least
    )
