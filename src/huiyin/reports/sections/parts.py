"""What a report is made of for people: sections with a finding, a chart and a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from huiyin.reports.figures.conditions import FIGURES

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` is what a spreadsheet gets. With a figure the cell opens the cases behind it."""

    text: str
    value: float | str | None = None
    figure: str = ""
    bucket: Mapping[str, Any] = field(default_factory=dict)
    period: str = ""

    @property
    def number(self) -> bool:
        return isinstance(self.value, int | float)


@dataclass(frozen=True, slots=True)
class Section:
    """`finding` is a sentence; `options` are for ECharts, `spec` for the chart on paper."""

    key: str
    heading: str
    finding: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    options: Mapping[str, Any] | None = None
    spec: Mapping[str, Any] | None = None
    note: str = ""
    height: str = ""
    total_first: bool = False


Link = Callable[[Cell], str]


def words(text: Any) -> Cell:
    return Cell(str(text), str(text))


def count(counts: Mapping[str, int], figure: str, **bucket: Any) -> Cell:
    """The figure from the counts; a nought opens nothing."""
    number = counts[figure]
    return Cell(str(number), number, figure if number else "", bucket)


def plain_count(number: int, figure: str, period: str = "", **bucket: Any) -> Cell:
    return Cell(str(number), number, figure if number else "", bucket, period)


def percent(value: float | None) -> Cell:
    return Cell("—" if value is None else f"{value:g}%", None if value is None else value)


def number(value: float | None, digits: int = 2) -> Cell:
    return Cell("—" if value is None else f"{value:.{digits}f}", value)


def duration(seconds: int | None) -> Cell:
    """Hours up to two days, then days."""
    if seconds is None:
        return Cell("—")
    hours = timedelta(seconds=seconds).total_seconds() / 3600
    if hours < 48:
        return Cell(_("{hours} 小时").format(hours=f"{hours:.1f}"), round(hours, 2))
    return Cell(_("{days} 天").format(days=f"{hours / 24:.1f}"), round(hours, 2))


def label(figure: str) -> str:
    return str(FIGURES[figure].label)


def per_site(
    data: Data, row: Callable[[Mapping[str, Any], Mapping[str, Any]], Sequence[Cell]]
) -> list[Sequence[Cell]]:
    """The row of the whole, then one for each site. `row` takes counts and a bucket."""
    rows: list[Sequence[Cell]] = [[words(_("合计")), *row(data, {})]] if len(data["sites"]) != 1 else []
    for site in data["sites"]:
        rows.append([words(site["name"]), *row(site, {"site": site["id"]})])
    return rows
