"""Reading the organisation's file: an Excel workbook or a CSV, by the names of its columns.

A row may describe a unit, a person, a holding, or all three; which, is decided by the columns that are
filled. So one sheet for each and one file with all columns are the same thing.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 60

COLUMNS: dict[str, tuple[str, ...]] = {
    "unit_code": ("单位编码", "部门编码", "编码", "unit code", "code", "unit"),
    "unit_name": ("单位名称", "部门名称", "单位", "部门", "名称", "unit name"),
    "unit_kind": ("单位类型", "部门类型", "类型", "kind"),
    "parent_code": ("上级编码", "上级单位编码", "上级部门编码", "上级", "parent", "parent code"),
    "username": ("用户名", "账号", "登录名", "username"),
    "name": ("姓名", "name"),
    "phone": ("电话", "手机", "手机号", "phone"),
    "email": ("电子邮箱", "邮箱", "email", "e-mail"),
    "post": ("岗位", "岗位编码", "职务", "post"),
    "since": ("起始日", "任职起始日", "开始日期", "since"),
    "until": ("截止日", "任职截止日", "结束日期", "until"),
}
_BY_TITLE = {title: key for key, titles in COLUMNS.items() for title in titles}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet; `cells` holds only what is filled, by the keys of `COLUMNS`."""

    sheet: str
    line: int
    cells: dict[str, str]


def read_rows(filename: str, content: bytes) -> list[Row]:
    """All rows of all sheets. Raises InvalidInput in words that say what to do."""
    if len(content) > MAX_BYTES:
        raise InvalidInput(_("文件超过 %(limit)d MB，请拆开再导入。") % {"limit": MAX_BYTES // 1024**2})
    tables = _workbook(content) if content[:2] == b"PK" else [("CSV", _csv_lines(content))]
    rows: list[Row] = []
    for sheet, lines in tables:
        rows += _rows(sheet, lines)
        if len(rows) > MAX_ROWS:
            raise InvalidInput(_("一次最多 %(limit)d 行，请拆开再导入。") % {"limit": MAX_ROWS})
    if not rows:
        raise InvalidInput(
            _("没有认出任何一列。第一行应是列名，例如：单位编码、单位名称、用户名、姓名、岗位。")
        )
    return rows


def parse_day(text: str) -> date | None:
    """None where nothing is given; InvalidInput where it is no day."""
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        found = None
    raise InvalidInput(_("“%(text)s”不是日期，请写成 2026-11-22。") % {"text": text[:30]})


def _rows(sheet: str, lines: Iterable[Sequence[str]]) -> list[Row]:
    """The header is the first line in which columns are recognised; a sheet without one is passed over."""
    header: dict[int, str] = {}
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        if not header:
            known = {index: _BY_TITLE.get(cell.strip().lower()) for index, cell in enumerate(line)}
            found = {index: key for index, key in known.items() if key}
            header = found if len(found) > 1 else {}
            continue
        cells = {key: line[index].strip() for index, key in header.items() if index < len(line)}
        filled = {key: cell for key, cell in cells.items() if cell}
        if filled:
            rows.append(Row(sheet, number, filled))
        if len(rows) > MAX_ROWS:
            break
    return rows


def _csv_lines(content: bytes) -> list[list[str]]:
    if b"\x00" in content:
        raise InvalidInput(_("这不是 Excel（.xlsx）或 CSV 文件。旧的 .xls 请先另存为 .xlsx。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InvalidInput(_("文件的编码不是 UTF-8 或 GB18030，请用 Excel 另存为 .xlsx。"))
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [line[:MAX_COLUMNS] for line in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise InvalidInput(_("CSV 读不下去：%(reason)s") % {"reason": error}) from error


def _workbook(content: bytes) -> list[tuple[str, list[list[str]]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED:
                raise InvalidInput(_("文件解开后太大，没有读取。"))
        # half a second to import, for a page that hardly anybody opens
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except InvalidInput:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part makes it raise
        raise InvalidInput(_("这个 Excel 文件已损坏或有密码，打不开。")) from error
    return [(sheet.title, _sheet(sheet)) for sheet in book.worksheets]


def _sheet(sheet: Any) -> list[list[str]]:
    lines: list[list[str]] = []
    for row in sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS + 2):
        for cell in row:
            if cell.data_type == "f":
                where = {"sheet": sheet.title, "cell": f"{cell.column_letter}{cell.row}"}
                raise InvalidInput(_("%(sheet)s 的 %(cell)s 是公式，请先粘贴为数值。") % where)
        lines.append([_text(cell.value) for cell in row])
    return lines


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # a telephone number typed as a number must not come out as 13800000000.0
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
