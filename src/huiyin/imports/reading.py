"""Files from outside as rows of text. Hostile until proved otherwise: sizes are bounded before opening.

CSV in UTF-8 (with or without mark) or GB18030, and XLSX. A cell that holds a formula has no value of its own:
the row is named, nothing is computed.
"""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.config.environment import environment
from huiyin.core.errors import InvalidInput
from huiyin.core.phrases import listed

MEBIBYTE = 1024 * 1024
UNPACKED_LIMIT = 600 * MEBIBYTE
# the texts of a workbook are held in memory while it is read
TEXTS_LIMIT = 150 * MEBIBYTE
RATIO_LIMIT = 200
COLUMN_LIMIT = 300
# Excel has no more; a row that claims a higher number would be led up to by as many empty ones
ROW_LIMIT = 1_048_576
CELL_LIMIT = 100_000
FORMULA = object()

Value = str | datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the file's own program shows it, and its cells by column title."""

    number: int
    cells: dict[str, Value]
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read: its titles, and its rows as often as they are asked for."""

    path: Path
    kind: str
    encoding: str
    columns: tuple[str, ...]

    @property
    def header(self) -> str:
        """Digest of the titles: files of the same source have the same."""
        return hashlib.sha256("\x1f".join(self.columns).encode()).hexdigest()

    def rows(self) -> Iterator[Row]:
        reader = _xlsx_rows(self.path) if self.kind == "xlsx" else _csv_rows(self.path, self.encoding)
        first = True
        for number, cells in reader:
            if first:
                first = False
                continue
            if any(cell not in (None, "") for cell in cells):
                yield _row(number, self.columns, cells)


def open_table(path: Path, *, limit_mb: int | None = None) -> Table:
    """Look at a file. Raises InvalidInput, in words, for anything that is no table we can read."""
    limit = limit_mb or environment().import_limit_mb
    if not path.is_file():
        raise InvalidInput(_("没有这个文件：%(name)s") % {"name": path})
    size = path.stat().st_size
    if size > limit * MEBIBYTE:
        message = _("文件有 %(size)d MB，超过了 %(limit)d MB 的上限。请分成几个文件再导入。")
        raise InvalidInput(message % {"size": size // MEBIBYTE, "limit": limit}, code="too_large")
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise InvalidInput(_("文件是空的。"), code="empty")
    if head[:4] == b"PK\x03\x04":
        _check_zip(path)
        kind, encoding = "xlsx", ""
        first = next(iter(_xlsx_rows(path)), None)
    elif head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise InvalidInput(_("这是旧格式的 .xls 文件，请在 Excel 里另存为 .xlsx 再导入。"), code="old_excel")
    else:
        kind, encoding = "csv", _encoding(path)
        first = next(iter(_csv_rows(path, encoding)), None)
    return Table(path=path, kind=kind, encoding=encoding, columns=_titles(first))


def _titles(first: tuple[int, list[Any]] | None) -> tuple[str, ...]:
    titles = [str(cell).strip() if cell not in (None, "") else "" for cell in (first[1] if first else [])]
    while titles and not titles[-1]:
        titles.pop()
    if not any(titles):
        raise InvalidInput(_("第一行没有列名。请让第一行是各列的名称。"), code="no_titles")
    if len(titles) > COLUMN_LIMIT:
        raise InvalidInput(_("列太多了（超过 %(limit)d 列）。") % {"limit": COLUMN_LIMIT}, code="too_wide")
    doubles = sorted({title for title in titles if title and titles.count(title) > 1})
    if doubles:
        message = _("有重名的列：%(names)s。请改成不同的名称。") % {"names": listed(doubles)}
        raise InvalidInput(message, code="double_titles")
    return tuple(titles)


def _row(number: int, columns: tuple[str, ...], cells: list[Any]) -> Row:
    values: dict[str, Value] = {}
    formulas = []
    for title, cell in zip(columns, cells, strict=False):
        if not title:
            continue
        if cell is FORMULA:
            formulas.append(title)
            continue
        values[title] = cell
    return Row(number=number, cells=values, formulas=tuple(formulas))


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is, otherwise GB18030 where the whole file is. Raises InvalidInput."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as stream:
                while chunk := stream.read(MEBIBYTE):
                    if "\x00" in chunk:
                        raise InvalidInput(_("这不是表格文件。请用 Excel 或 CSV 文件。"), code="not_a_table")
        except UnicodeDecodeError:
            continue
        return encoding
    raise InvalidInput(_("文字编码认不出来。请在 Excel 里另存为 UTF-8 的 CSV 再导入。"), code="encoding")


def _csv_rows(path: Path, encoding: str) -> Iterator[tuple[int, list[Any]]]:
    csv.field_size_limit(CELL_LIMIT)
    with path.open(encoding=encoding, newline="") as stream:
        sample = stream.read(64 * 1024)
        stream.seek(0)
        try:
            dialect: Any = csv.Sniffer().sniff(sample.split("\n", 1)[0], delimiters=",;\t|")
            dialect.doublequote = True
        except csv.Error:
            dialect = csv.excel
        try:
            for number, cells in enumerate(csv.reader(stream, dialect), start=1):
                yield number, list(cells)
        except csv.Error as error:
            message = _("第 %(row)d 行读不出来：%(error)s") % {"row": number + 1, "error": error}
            raise InvalidInput(message, code="broken_csv") from error


def _check_zip(path: Path) -> None:
    """A zip that would unpack to far more than it is, or is no workbook, is refused before it is opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise InvalidInput(_("文件坏了，打不开。请重新导出一次。"), code="broken_file") from error
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    texts = sum(member.file_size for member in members if member.filename.endswith("sharedStrings.xml"))
    swollen = unpacked > 50 * MEBIBYTE and unpacked / packed > RATIO_LIMIT
    if unpacked > UNPACKED_LIMIT or texts > TEXTS_LIMIT or swollen:
        raise InvalidInput(_("文件解开后大得不正常，没有导入。"), code="zip_bomb")
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise InvalidInput(_("这不是 Excel 文件。请用 .xlsx 或 CSV 文件。"), code="not_a_table")


def _xlsx_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    # half a second to import, for a page that hardly anybody opens
    import openpyxl

    # a library that reads files of strangers fails in as many ways as there are broken files
    try:
        # opened here: by its path it would be judged by the ending of its name
        with path.open("rb") as stream, closing(openpyxl.load_workbook(stream, read_only=True)) as book:
            if not book.worksheets:
                raise InvalidInput(_("文件里没有表格。"), code="empty")
            rows = book.worksheets[0].iter_rows(max_col=COLUMN_LIMIT + 1, max_row=ROW_LIMIT)
            for number, cells in enumerate(rows, start=1):
                yield number, [_cell(cell) for cell in cells]
    except InvalidInput:
        raise
    except Exception as error:
        raise InvalidInput(_("文件坏了，打不开。请重新导出一次。"), code="broken_file") from error


def _cell(cell: Any) -> Any:
    """The value as text, or as a time where it is one; FORMULA for a formula."""
    if getattr(cell, "data_type", "") == "f":
        return FORMULA
    value = cell.value
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)


def sample(table: Table, count: int = 20) -> list[Row]:
    """The first rows, to look at."""
    return list(islice(table.rows(), count))
