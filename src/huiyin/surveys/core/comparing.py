"""What differs by more than chance: two years, or many sites at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

from huiyin.surveys.core.estimate import Estimate, Z

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """`later` minus `earlier`. `p`: how often chance alone would give as much, corrected where many are
    compared.
    """

    name: str
    value: float
    se: float
    p: float
    differs: bool

    @property
    def interval(self) -> tuple[float, float]:
        return self.value - Z * self.se, self.value + Z * self.se


def p_value(value: float, se: float) -> float:
    """Two-sided, of the normal distribution. Without any sampling error every difference is real."""
    if se == 0:
        return 1.0 if value == 0 else 0.0
    return erfc(abs(value / se) / sqrt(2))


def compare(earlier: Estimate, later: Estimate, *, name: str = "") -> Difference:
    """Two independent draws."""
    value, se = later.value - earlier.value, sqrt(earlier.se**2 + later.se**2)
    p = p_value(value, se)
    return Difference(name, value, se, p, p < ALPHA)


def holm(values: Sequence[float]) -> list[float]:
    """p values corrected for being one of many, by Holm's steps."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found, least = [0.0] * len(values), 0.0
    for step, place in enumerate(order):
        least = max(least, min(1.0, (len(values) - step) * values[place]))
        found[place] = least
    return found


def compare_all(earlier: Mapping[str, Estimate], later: Mapping[str, Estimate]) -> list[Difference]:
    """The same items in two surveys: those in both, corrected for their number."""
    both = [name for name in earlier if name in later]
    return _corrected([compare(earlier[name], later[name], name=name) for name in both])


def compare_sites(sites: Mapping[str, Estimate]) -> list[Difference]:
    """Each site against the mean of the others, weighted by their answers, corrected for the number of
    sites.
    """
    found: list[Difference] = []
    for name, one in sites.items():
        others = [other for at, other in sites.items() if at != name]
        n = sum(other.n for other in others)
        if n:
            value = sum(other.value * other.n for other in others) / n
            se = sqrt(sum((other.se * other.n) ** 2 for other in others)) / n
            found.append(compare(Estimate(value, se, n, 0.0), one, name=name))
    return _corrected(found)


def _corrected(found: Sequence[Difference]) -> list[Difference]:
    values = holm([one.p for one in found])
    return [
        Difference(one.name, one.value, one.se, p, p < ALPHA) for one, p in zip(found, values, strict=True)
    ]
