"""A report's data made ready for a page: sections whose figures carry the address of their cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from huiyin.core.errors import NotFound
from huiyin.reports.figures.conditions import FIGURES
from huiyin.reports.models import IssuedReport
from huiyin.reports.sections.parts import Cell, Section
from huiyin.reports.sections.whole import sections_of

Link = Callable[[Cell], str]


@dataclass(frozen=True, slots=True)
class ShownCell:
    text: str
    url: str
    number: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    section: Section
    rows: list[list[ShownCell]]

    @property
    def chart_id(self) -> str:
        return f"chart-{self.section.key}"


def shown(data: Mapping[str, Any], link: Link) -> list[ShownSection]:
    """The sections of a report; `link` gives the address behind a cell."""
    found = []
    for section in sections_of(data):
        rows = [
            [ShownCell(cell.text, link(cell) if cell.figure else "", cell.number) for cell in row]
            for row in section.rows
        ]
        found.append(ShownSection(section, rows))
    return found


def _codes(data: Mapping[str, Any]) -> dict[int, str]:
    return {site["id"]: site["code"] for site in data["sites"]}


def _query(cell: Cell, codes: Mapping[int, str]) -> dict[str, str]:
    found = {"figure": cell.figure}
    for name, value in cell.bucket.items():
        found[name] = codes.get(value, "") if name == "site" else str(value)
    return found


def live_link(data: Mapping[str, Any]) -> Link:
    """Addresses of the lists as known at the page's moment, so that they hold what the page counted."""
    codes = _codes(data)
    base = {"unit": data["unit"]["code"], "cutoff": data["cutoff"]}

    def link(cell: Cell) -> str:
        query = {**_query(cell, codes), **base, "period": cell.period or data["period"]}
        return f"{reverse('reports:cases')}?{urlencode(query)}"

    return link


def issued_link(report: IssuedReport) -> Link:
    """Addresses of the frozen lists. The months before the report's own are figures without a list of it."""
    codes = _codes(report.figures)

    def link(cell: Cell) -> str:
        if cell.period and cell.period != report.period:
            return ""
        url = reverse("reports:issued-cases", args=[report.uuid])
        return f"{url}?{urlencode(_query(cell, codes))}"

    return link


def no_link(cell: Cell) -> str:
    return ""


def figure_title(name: str) -> str:
    if name not in FIGURES:
        raise NotFound("")
    return str(FIGURES[name].label)
