"""The grouped queries: all figures of a source in one pass, by site, by dimension, by month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Count

from huiyin.reports.figures.conditions import COMPLAINTS, FIGURES, Source
from huiyin.reports.figures.frame import Frame, received

Counts = dict[str, int]
Rows = Iterable[dict[str, Any]]


def _figures_of(source: str) -> list[str]:
    return [name for name, one in FIGURES.items() if one.source.name == source]


def _counted(frame: Frame, names: Iterable[str]) -> dict[str, Count]:
    conditions = {name: FIGURES[name].condition(frame) for name in names}
    # an empty condition counts every row
    return {f"n_{name}": Count("pk", filter=one or None) for name, one in conditions.items()}


def by_site(frame: Frame, source: Source) -> dict[int, Counts]:
    """site (a unit's id) -> figure -> count, for all figures of the source in one query."""
    names = _figures_of(source.name)
    counted = _counted(frame, names)
    rows = source.rows(frame).values(source.site).annotate(**counted)
    return {row[source.site]: {name: row[f"n_{name}"] for name in names} for row in rows}


def by_dimensions(frame: Frame) -> dict[str, list[tuple[str, int]]]:
    """dimension -> (value, cases received), the most frequent first; validity of complaints alone.

    One query over all combinations that occur: they are few beside the cases.
    """
    names = ("kind", "channel", "category", "level", "validity")
    sums: dict[str, dict[str, int]] = {name: {} for name in names}
    for *values, count in received(frame).values_list(*names).annotate(count=Count("pk")):
        for name, value in zip(names, values, strict=True):
            if name != "validity" or values[0] in COMPLAINTS:
                sums[name][value] = sums[name].get(value, 0) + count
    return {name: sorted(found.items(), key=lambda one: (-one[1], one[0])) for name, found in sums.items()}


def valid_by_site_and_category(frame: Frame) -> list[tuple[int, str, int]]:
    rows = received(frame).filter(FIGURES["complaints_valid"].condition(frame))
    return list(rows.values_list("site_id", "category").annotate(count=Count("pk")).order_by())


def by_month(frame: Frame, names: Iterable[str]) -> dict[int, Counts]:
    """month -> figure -> count over the cases received in the frame's months."""
    wanted = list(names)
    counted = _counted(frame, wanted)
    rows = received(frame).values("month").annotate(**counted)
    return {row["month"]: {name: row[f"n_{name}"] for name in wanted} for row in cast(Rows, rows)}


def solve_times(frame: Frame) -> dict[int | None, tuple[int, int]]:
    """site -> (median, 90th percentile) in seconds of the cases solved; None for all sites together.

    The median of an even number is the mean of the middle two; the percentile is the nearest rank. Plain
    numbers sorted here take a fifth of the time that window functions take in either database.
    """
    spans: dict[int | None, list[int]] = {}
    rows = received(frame).filter(solve_seconds__isnull=False).values_list("site_id", "solve_seconds")
    for site, seconds in cast(Iterable[tuple[int, int]], rows.iterator(chunk_size=5000)):
        spans.setdefault(site, []).append(seconds)
    if spans:
        spans[None] = [seconds for found in spans.values() for seconds in found]
    return {site: _middle_and_ninth(sorted(found)) for site, found in spans.items()}


def _middle_and_ninth(ordered: list[int]) -> tuple[int, int]:
    total = len(ordered)
    median = (ordered[(total - 1) // 2] + ordered[total // 2]) // 2
    return median, ordered[(total * 9 + 9) // 10 - 1]
