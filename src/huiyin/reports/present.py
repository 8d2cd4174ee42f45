"""A report's data made ready for a page: sections whose figures carry the address of their cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from huiyin.core.errors import NotFound
from huiyin.reports.figures.conditions import FIGURES
from huiyin.reports.models import IssuedReport
from huiyin.reports.sections.parts import Cell, Section
from huiyin.reports.sections.whole import sections_of

Link = Callable[[Cell], str]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """`body` is the rows of the table: a company of a hundred sites has thousands of cells."""

    section: Section
    body: SafeString

    @property
    def chart_id(self) -> str:
        return f"chart-{self.section.key}"


def shown(data: Mapping[str, Any], link: Link) -> list[ShownSection]:
    """The sections of a report; `link` gives the address behind a cell."""
    return [ShownSection(section, _body(section, link)) for section in sections_of(data)]


def _body(section: Section, link: Link) -> SafeString:
    rows = []
    for index, row in enumerate(section.rows):
        total = section.total_first and index == 0 and len(section.rows) > 1
        cells = "".join(_cell(cell, link, first=place == 0) for place, cell in enumerate(row))
        rows.append(f'<tr class="report-total">{cells}</tr>' if total else f"<tr>{cells}</tr>")
    return mark_safe("".join(rows))  # noqa: S308 every text in it was escaped by _cell


def _cell(cell: Cell, link: Link, *, first: bool) -> str:
    text = escape(cell.text)
    url = link(cell) if cell.figure else ""
    shown = f'<a class="link" href="{escape(url)}">{text}</a>' if url else text
    return f"<td>{shown}</td>" if first else f'<td class="num">{shown}</td>'


def _codes(data: Mapping[str, Any]) -> dict[int, str]:
    return {site["id"]: site["code"] for site in data["sites"]}


def _query(cell: Cell, codes: Mapping[int, str]) -> dict[str, str]:
    found = {"figure": cell.figure}
    for name, value in cell.bucket.items():
        found[name] = codes.get(value, "") if name == "site" else str(value)
    return found


def live_link(data: Mapping[str, Any]) -> Link:
    """Addresses of the lists as known at the page's moment, so that they hold what the page counted."""
    codes, address = _codes(data), reverse("reports:cases")
    base = urlencode({"unit": data["unit"]["code"], "cutoff": data["cutoff"]})

    def link(cell: Cell) -> str:
        return f"{address}?{urlencode(_query(cell, codes))}&{base}&period={cell.period or data['period']}"

    return link


def issued_link(report: IssuedReport) -> Link:
    """Addresses of the frozen lists. The months before the report's own are figures without a list of it."""
    codes, address = _codes(report.figures), reverse("reports:issued-cases", args=[report.uuid])

    def link(cell: Cell) -> str:
        if cell.period and cell.period != report.period:
            return ""
        return f"{address}?{urlencode(_query(cell, codes))}"

    return link


def no_link(cell: Cell) -> str:
    return ""


def figure_title(name: str) -> str:
    if name not in FIGURES:
        raise NotFound("")
    return str(FIGURES[name].label)
