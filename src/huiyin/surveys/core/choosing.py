"""Drawing within one class of a stratum: simple, systematic, in proportion to size; rotation; reserve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.ranking import fraction
from huiyin.surveys.core.schema_draw import Sample
from huiyin.surveys.core.tables import Table

Taken = tuple[int, str, float]
"""Place among the rows of the population, reason, weight."""


@dataclass(frozen=True, slots=True)
class Class:
    """Rows of one stratum that are drawn together: `size` of `places`, then `reserve` more."""

    stratum: str
    reason: str
    places: list[int]
    size: int
    reserve: int


def choose(
    sample: Sample, frame: Table, rows: Sequence[int], rank: np.ndarray, part: Class, seed: int
) -> list[Taken]:
    """The chosen of one class and its reserve, in no particular order."""
    places = np.array(part.places, dtype=np.int64)
    order: list[int] = places[np.argsort(rank[places], kind="stable")].tolist()
    if sample.rotation is not None:
        asked = _numbers(frame, rows, order, sample.rotation.asked)
        order = [place for _, place in sorted(zip(asked, order, strict=True), key=lambda one: one[0])]
    if part.size >= len(order) or sample.method in ("all", "simple"):
        weight = len(order) / part.size if part.size else 0.0
        taken: list[Taken] = [(place, part.reason, weight) for place in order[: part.size]]
    elif sample.method == "systematic":
        taken = _systematic(sample, frame, rows, part, order, seed)
    else:
        taken = _by_size(sample, frame, rows, part, order, seed)
    chosen = {place for place, _, _ in taken}
    left = [place for place in order if place not in chosen] if part.reserve else []
    return taken + [(place, "reserve", 0.0) for place in left[: part.reserve]]


def _numbers(frame: Table, rows: Sequence[int], places: Sequence[int], column: str) -> list[float]:
    """Numbers of a column, blank is 0. Raises InvalidInput with the line of what is no number."""
    at = frame.place(column)
    found: list[float] = []
    for place in places:
        text = frame.rows[rows[place]][at]
        try:
            number = float(text or 0)
        except ValueError:
            number = -1.0
        if not 0 <= number < float("inf"):
            raise InvalidInput(
                f"{frame.name} line {rows[place] + 2}: {column} is no number: {text}", code="number"
            )
        found.append(number)
    return found


def _systematic(
    sample: Sample, frame: Table, rows: Sequence[int], part: Class, order: list[int], seed: int
) -> list[Taken]:
    """Every N/n-th row from a start that the seed gives, along `order` of the plan or of the ranks."""
    if sample.order:
        at = [frame.place(column) for column in sample.order]
        order = sorted(order, key=lambda place: [_sortable(frame.rows[rows[place]][one]) for one in at])
    step = len(order) / part.size
    start = fraction(seed, f"{part.stratum}/{part.reason}") * step
    picked = [min(int(start + count * step), len(order) - 1) for count in range(part.size)]
    return [(order[place], part.reason, step) for place in picked]


def _sortable(text: str) -> tuple[int, float, str]:
    """Room 2 before room 10, numbers before words."""
    try:
        return 0, float(text), ""
    except ValueError:
        return 1, 0.0, text


def _by_size(
    sample: Sample, frame: Table, rows: Sequence[int], part: Class, order: list[int], seed: int
) -> list[Taken]:
    """Systematic along the sizes added up, in the order of the ranks; what is too large to miss is in for
    certain.
    """
    assert sample.size_column is not None
    sizes = dict(zip(order, _numbers(frame, rows, order, sample.size_column), strict=True))
    if min(sizes.values()) <= 0:
        place = next(place for place in order if sizes[place] <= 0)
        line = rows[place] + 2
        raise InvalidInput(f"{frame.name} line {line}: {sample.size_column} must be above 0", code="number")
    certain, rest, left = _too_large(sizes, order, part.size)
    taken: list[Taken] = [(place, part.reason, 1.0) for place in certain]
    if left:
        total = sum(sizes[place] for place in rest)
        step = total / left
        point, passed = fraction(seed, f"{part.stratum}/{part.reason}") * step, 0.0
        for place in rest:
            passed += sizes[place]
            if point < passed:
                taken.append((place, part.reason, step / sizes[place]))
                point += step
    return taken


def _too_large(sizes: dict[int, float], order: list[int], size: int) -> tuple[list[int], list[int], int]:
    """Those whose chance would be 1 or more, again and again until none is; the rest; how many are left to
    draw.
    """
    certain: list[int] = []
    rest, left = order, size
    while left:
        total = sum(sizes[place] for place in rest)
        large = [place for place in rest if sizes[place] * left >= total]
        if not large:
            break
        certain += large[:left]
        known = set(certain)
        rest = [place for place in rest if place not in known]
        left = size - len(certain)
    return certain, rest, left
