"""A replay as XLSX: its tables, and the load of every post on every day."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from huiyin.engine import Pack
from huiyin.procedures.words import Words
from huiyin.whatif.present import CAPTION, blocks, headline
from huiyin.whatif.tally import Tally

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def replay_workbook(title: str, tally: Tally, pack: Pack) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    head = book.add_format({"bold": True, "bottom": 1})
    cover = book.add_worksheet(_("说明"))
    cover.set_column(0, 0, 110)
    for place, text in enumerate((title, headline(tally), str(CAPTION))):
        cover.write_string(place, 0, text)
    for block in blocks(tally, pack):
        _sheet(
            book,
            block.heading,
            head,
            [block.columns, *[[cell.value for cell in row] for row in block.rows]],
        )
    words = Words(pack)
    rows: list[list[Any]] = [[_("岗位"), _("日期"), _("原来到期"), _("照草案到期")]]
    for post, days in sorted(tally["load"].items()):
        rows += [[words.post(post), day, *pair] for day, pair in sorted(days.items())]
    _sheet(book, _("每天的负担"), head, rows)
    book.close()
    return stream.getvalue()


def _sheet(book: Any, name: str, head: Any, rows: list[Any]) -> None:
    sheet = book.add_worksheet(name[:31])
    sheet.set_column(0, 5, 18)
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(place, column, value)
            else:
                sheet.write_string(place, column, str(value), head if place == 0 else None)
