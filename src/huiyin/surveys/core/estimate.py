"""Ratios of weighted sums with their linearised standard errors, and 95% intervals.

Formulas and worked examples: docs/statistics.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054
"""Quantile of the normal distribution for 95% between -z and z."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`n` answers behind it. `effective`: how many of a simple draw without limit would be as precise."""

    value: float
    se: float
    n: int
    effective: float

    @property
    def interval(self) -> tuple[float, float]:
        """Value ± z standard errors: for means, indices and the recommendation score."""
        return self.value - Z * self.se, self.value + Z * self.se

    @property
    def wilson(self) -> tuple[float, float]:
        """Wilson's interval of a rate with the effective number of answers; always within 0 and 1."""
        return wilson(self.value, self.effective)


def wilson(rate: float, n: float) -> tuple[float, float]:
    """(p + z²/2n ± z √(p q / n + z²/4n²)) / (1 + z²/n); a point where n is infinite."""
    if n == inf:
        return rate, rate
    if n <= 0:
        return 0.0, 1.0
    share = Z * Z / n
    middle = rate + share / 2
    half = Z * sqrt(max(rate * (1 - rate), 0.0) / n + share / (4 * n))
    return max(0.0, (middle - half) / (1 + share)), min(1.0, (middle + half) / (1 + share))


@dataclass(slots=True)
class Design:
    """How each form counts: `weight`, its class (drawn together), its cell of post-stratification (-1: none).

    `n` forms in each class, `sampled` the part of the class's population that they are (0: no correction).
    """

    weight: Floats
    cls: NDArray[np.int64]
    post: NDArray[np.int64]
    n: NDArray[np.int64]
    sampled: Floats

    def variance(self, z: Floats) -> float:
        """Of Σ w z over the forms, z being 0 for forms that have no part in it."""
        if self.post.size and self.post.max() >= 0:
            inside = self.post >= 0
            sums = np.bincount(self.post[inside], weights=(self.weight * z)[inside])
            weights = np.bincount(self.post[inside], weights=self.weight[inside])
            centre = np.divide(sums, weights, out=np.zeros_like(sums), where=weights > 0)
            z = z - np.where(inside, centre[np.maximum(self.post, 0)], 0.0)
        total = self.weight * z
        first = np.bincount(self.cls, weights=total, minlength=len(self.n))
        second = np.bincount(self.cls, weights=total * total, minlength=len(self.n))
        return self._of_sums(first.astype(float), second.astype(float))

    def _of_sums(self, first: Floats, second: Floats) -> float:
        """From Σ w z and Σ (w z)² of each class. A class of one form is centred on the whole (z sums to
        0).
        """
        n = self.n.astype(float)
        several = n > 1
        spread = np.where(several, second - first * first / np.maximum(n, 1), second)
        factor = np.where(several, n / np.maximum(n - 1, 1), 1.0)
        return float(np.sum((1 - self.sampled) * factor * np.maximum(spread, 0)))

    def ratio(self, above: Floats, below: Floats, *, n: int) -> Estimate | None:
        """Σ w above / Σ w below over the forms; None where the lower sum is 0."""
        base = float(np.dot(self.weight, below))
        if base == 0:
            return None
        value = float(np.dot(self.weight, above)) / base
        variance = self.variance((above - value * below) / base)
        return Estimate(value, sqrt(variance), n, self.effective(value, variance, below > 0))

    def effective(self, rate: float, variance: float, inside: NDArray[np.bool_]) -> float:
        """p q / v, at most Kish's number (Σ w)² / Σ w² over 1 - f.

        Classes in which by chance nobody differs would otherwise make a few answers look certain.
        """
        weight = self.weight[inside]
        if not weight.sum():
            return 0.0
        left = 1 - float(np.average(self.sampled[self.cls[inside]], weights=weight))
        if left <= 1e-12:
            return inf
        most = float(weight.sum() ** 2 / np.dot(weight, weight)) / left
        return min(most, rate * (1 - rate) / variance) if variance > 0 and 0 < rate < 1 else most
