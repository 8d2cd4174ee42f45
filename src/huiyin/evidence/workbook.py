"""The evidence of a procedure as XLSX: one sheet of figures, one of the cases behind every one of them."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from huiyin.cases.evidence import FIGURES
from huiyin.evidence.whole import Whole, numbers_of

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def evidence_workbook(title: str, whole: Whole) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    head, strong = book.add_format({"bold": True, "bottom": 1}), book.add_format({"bold": True})
    sheet = book.add_worksheet(_("条款"))
    sheet.write_string(0, 0, title, strong)
    columns = [_("条款"), _("标题"), _("证据"), *map(str, FIGURES.values()), _("日志记录"), _("说明")]
    _row(sheet, 2, columns, head)
    for place, one in enumerate(whole.lines):
        figures = [count for _name, count in one.figures]
        _row(sheet, 3 + place, [one.id, one.title, one.proof_words, *figures, one.entries, one.statements])
    sheet.set_column(1, 1, 34)
    sheet.freeze_panes(3, 2)
    _cases(book, head, whole)
    book.close()
    return stream.getvalue()


def _cases(book: Any, head: Any, whole: Whole) -> None:
    sheet = book.add_worksheet(_("工单"))
    _row(sheet, 0, [_("条款"), _("指标"), _("编号")], head)
    numbers = numbers_of({pk for one in whole.lines for keys in one.cases.values() for pk in keys})
    place = 1
    for one in whole.lines:
        for name, label in FIGURES.items():
            for pk in one.cases[name]:
                _row(sheet, place, [one.id, str(label), numbers[pk]])
                place += 1
    sheet.set_column(0, 2, 18)


def _row(sheet: Any, place: int, values: list[Any], style: Any = None) -> None:
    for column, value in enumerate(values):
        if isinstance(value, int):
            sheet.write_number(place, column, value, style)
        else:
            sheet.write_string(place, column, str(value), style)
