"""The few categories that make most of the complaints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

VITAL_SHARE = 80


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """`cumulative` is the share of this and all before it in percent; `vital` up to where it reaches 80."""

    code: str
    count: int
    share: float
    cumulative: float
    vital: bool


def pareto(counts: Sequence[tuple[str, int]]) -> list[ParetoRow]:
    """The counts in falling order. The category that crosses 80% is the last of the vital few."""
    ordered = sorted(
        ((code, count) for code, count in counts if count > 0), key=lambda one: (-one[1], one[0])
    )
    total = sum(count for _, count in ordered)
    rows: list[ParetoRow] = []
    running = 0
    for code, count in ordered:
        vital = running * 100 < VITAL_SHARE * total
        running += count
        rows.append(
            ParetoRow(code, count, round(count * 100 / total, 1), round(running * 100 / total, 1), vital)
        )
    return rows
