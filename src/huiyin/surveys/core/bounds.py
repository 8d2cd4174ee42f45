"""What could hide behind those who did not answer."""

from __future__ import annotations


def bounds_of(rate: float, answered: float) -> tuple[float, float]:
    """The rate of all if everybody silent were dissatisfied, and if everybody were satisfied.

    `answered`: the weighted share of the population that the answers stand for without guessing, 0 to 1.
    """
    return rate * answered, rate * answered + (1 - answered)
