"""The grouped queries: all figures of a source in one pass, by site, by dimension, by month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Count, ExpressionWrapper, F, IntegerField, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from huiyin.reports.figures.conditions import FIGURES, Source
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


def by_dimension(frame: Frame, dimension: str, condition: Q | None = None) -> list[tuple[str, int]]:
    """(value, cases) of the cases received, the most frequent first."""
    rows = received(frame)
    if condition is not None:
        rows = rows.filter(condition)
    found = rows.values_list(dimension).annotate(count=Count("pk"))
    return sorted(((str(value), count) for value, count in found), key=lambda one: (-one[1], one[0]))


def valid_by_site_and_category(frame: Frame) -> list[tuple[int, str, int]]:
    rows = received(frame).filter(FIGURES["complaints_valid"].condition(frame))
    return list(rows.values_list("site_id", "category").annotate(count=Count("pk")).order_by())


def by_month(frame: Frame, names: Iterable[str]) -> dict[int, Counts]:
    """month -> figure -> count over the cases received in the frame's months."""
    wanted = list(names)
    counted = _counted(frame, wanted)
    rows = received(frame).values("month").annotate(**counted)
    return {row["month"]: {name: row[f"n_{name}"] for name in wanted} for row in cast(Rows, rows)}


def _ranked(rows: QuerySet[Any], *partition: str) -> QuerySet[Any]:
    """The rows at the middle (one or two) and at nine tenths, with their place and how many there are."""
    parts = [F(name) for name in partition] or None
    ranked: QuerySet[Any] = rows.filter(solve_seconds__isnull=False).annotate(
        place=Window(RowNumber(), partition_by=parts, order_by=[F("solve_seconds").asc(), F("pk").asc()]),
        total=Window(Count("pk"), partition_by=parts),
    )
    return ranked.filter(Q(place=_at(1, 2, 1)) | Q(place=_at(1, 2, 2)) | Q(place=_at(9, 10, 9)))


def _at(numerator: int, denominator: int, add: int) -> Any:
    return ExpressionWrapper((F("total") * numerator + add) / denominator, output_field=IntegerField())


def solve_times(frame: Frame) -> dict[int | None, tuple[int, int]]:
    """site -> (median, 90th percentile) in seconds of the cases solved; None for all sites together.

    The median of an even number is the mean of the middle two; the percentile is the nearest rank.
    """
    found: dict[int | None, tuple[int, int]] = {}
    for partition in ((), ("site_id",)):
        places: dict[int | None, dict[int, int]] = {}
        totals: dict[int | None, int] = {}
        rows = _ranked(received(frame), *partition).values_list("site_id", "place", "total", "solve_seconds")
        for site, place, total, seconds in rows:
            key = site if partition else None
            places.setdefault(key, {})[place] = seconds
            totals[key] = total
        for key, total in totals.items():
            at = places[key]
            median = (at[(total + 1) // 2] + at[(total + 2) // 2]) // 2
            found[key] = (median, at[(total * 9 + 9) // 10])
    return found
