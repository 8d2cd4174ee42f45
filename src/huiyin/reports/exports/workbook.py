"""Spreadsheets. A cell that begins like a formula stays text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.core.phrases import labelled
from huiyin.reports.listing import ListedCase
from huiyin.reports.names import Names
from huiyin.reports.sections.parts import Section

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORBIDDEN = str.maketrans("[]:*?/\\", "       ")


def _write(sheet: Any, row: int, column: int, value: Any, style: Any = None) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value)[:32_000], style)


def report_workbook(*, title: str, subtitle: str, remark: str, sections: Sequence[Section]) -> bytes:
    """A sheet for each section: finding, table, note."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    head, strong = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"bold": True, "font_size": 13}),
    )
    cover = book.add_worksheet(_("说明"))
    cover.set_column(0, 0, 90)
    for place, text in enumerate(
        (title, subtitle, remark, *[labelled(one.heading, one.finding) for one in sections])
    ):
        _write(cover, place, 0, text, strong if place == 0 else None)
    for section in sections:
        sheet = book.add_worksheet(section.heading.translate(_FORBIDDEN)[:31])
        _write(sheet, 0, 0, section.finding, strong)
        for column, name in enumerate(section.columns):
            _write(sheet, 2, column, name, head)
        for place, row in enumerate(section.rows):
            for column, cell in enumerate(row):
                _write(sheet, 3 + place, column, cell.value if cell.number else cell.text)
        _write(sheet, 4 + len(section.rows), 0, section.note)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, max(1, len(section.columns)), 13)
        sheet.freeze_panes(3, 1)
    book.close()
    return stream.getvalue()


def cases_workbook(*, title: str, rows: Iterable[ListedCase], names: Names) -> bytes:
    """The list of cases behind a figure."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    sheet = book.add_worksheet(_("工单"))
    head = book.add_format({"bold": True, "bottom": 1})
    columns = (
        _("编号"), _("登记时间"), _("单位"), _("类型"), _("渠道"), _("类别"), _("位置"), _("内容"),
        _("是否有效"), _("状态"), _("结案时间"),
    )  # fmt: skip
    _write(sheet, 0, 0, title, book.add_format({"bold": True, "font_size": 13}))
    for column, name in enumerate(columns):
        _write(sheet, 2, column, name, head)
    for place, row in enumerate(rows):
        for column, value in enumerate(_values(row, names)):
            _write(sheet, 3 + place, column, value)
    sheet.set_column(0, len(columns), 15)
    sheet.set_column(7, 7, 60)
    sheet.freeze_panes(3, 1)
    book.close()
    return stream.getvalue()


def _values(row: ListedCase, names: Names) -> tuple[Any, ...]:
    case = row.case
    return (
        case.number,
        _time(case.registered_at),
        case.unit.name,
        names.of("kind", case.kind),
        names.of("channel", case.channel),
        names.of("category", case.category) if case.category else "",
        row.room,
        row.text,
        labels.label(labels.VALIDITIES, case.validity) if case.kind == "complaint" else "",
        labels.state_label(case.state),
        _time(case.closed_at),
    )


def _time(value: Any) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""
