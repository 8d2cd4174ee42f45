"""Weights from pairwise comparisons (analytic hierarchy process), and how consistent the comparisons are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from huiyin.core.errors import InvalidInput

RANDOM_INDEX: dict[str, tuple[float, ...]] = {
    "saaty_0.58": (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
    "saaty2007_0.52": (0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49),
    "donegan_dodd": (0, 0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055),
}
"""Mean consistency index of random matrices of 1 to 10 rows, by the table's name."""

LIMIT = 0.1


@dataclass(frozen=True, slots=True)
class Judgement:
    """Weights sum to 1. `largest`: the eigenvalue, or with the geometric mean the mean of (A w)_i / w_i.

    `ratio` is CI / RI of the named table.
    """

    weights: tuple[float, ...]
    largest: float
    ratio: float
    random_index: str
    method: str

    @property
    def consistent(self) -> bool:
        return self.ratio <= LIMIT


def judge(
    matrix: Sequence[Sequence[float | int | str]],
    *,
    method: str = "eigenvector",
    random_index: str = "saaty_0.58",
    justification: str = "",
) -> Judgement:
    """Weights of a matrix whose cell (i, j) says how much more i matters than j; cells as 3, 0.5 or "1/3".

    Raises InvalidInput: not square, not positive, not reciprocal, more rows than the table has; inconsistent
    (ratio above 0.1) without a justification.
    """
    cells = _cells(matrix, random_index)
    size = len(cells)
    if method == "geometric_mean":
        raw = np.prod(cells, axis=1) ** (1 / size)
        largest = float(np.mean(cells @ raw / raw))
    else:
        values, vectors = np.linalg.eig(cells)
        place = int(np.argmax(values.real))
        raw, largest = np.abs(vectors[:, place].real), float(values[place].real)
    weights = tuple(float(one) for one in raw / raw.sum())
    table = RANDOM_INDEX[random_index][size - 1]
    ratio = max(0.0, (largest - size) / (size - 1) / table) if table else 0.0
    found = Judgement(weights, largest, ratio, random_index, method)
    if not found.consistent and not justification:
        raise InvalidInput(
            f"the comparisons contradict each other: consistency ratio {ratio:.4f} is above {LIMIT}"
            f" (random index {random_index}); compare again or write a justification",
            code="inconsistent",
            ratio=ratio,
            random_index=random_index,
        )
    return found


def _cells(matrix: Sequence[Sequence[float | int | str]], random_index: str) -> np.ndarray:
    size = len(matrix)
    if any(len(row) != size for row in matrix):
        raise InvalidInput("a matrix of comparisons has as many rows as columns", code="not_square")
    if size > len(RANDOM_INDEX[random_index]):
        raise InvalidInput(
            f"the table {random_index} ends at {len(RANDOM_INDEX[random_index])} rows", code="size"
        )
    try:
        exact = [[Fraction(str(cell).replace(" ", "")) for cell in row] for row in matrix]
    except (ValueError, ZeroDivisionError):
        raise InvalidInput("a comparison is a number as 3, 0.5 or 1/3", code="cell") from None
    for i in range(size):
        for j in range(size):
            if exact[i][j] <= 0:
                raise InvalidInput(f"row {i + 1}, column {j + 1}: must be above 0", code="cell")
            if abs(float(exact[i][j] * exact[j][i]) - 1) > 0.02:
                raise InvalidInput(
                    f"row {i + 1}, column {j + 1} is not the reciprocal of row {j + 1}, column {i + 1}",
                    code="not_reciprocal",
                )
    return np.array([[float(cell) for cell in row] for row in exact])
