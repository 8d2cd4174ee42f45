"""An uploaded table, read once: its rows as lines of JSON, in place of the file they came in.

A workbook takes long to open; the steps from columns to preview to taking in each read these lines. They
are also the only copy of what people wrote there, so that removing it removes all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput
from huiyin.imports.reading import Row, Table, Value

KIND = "parsed"


@dataclass(frozen=True, slots=True)
class ParsedTable(Table):
    """Rows as they were read when the file came in."""

    def rows(self) -> Iterator[Row]:
        with self.path.open(encoding="utf-8") as stream:
            next(stream)
            for line in stream:
                number, cells, formulas = json.loads(line)
                yield Row(number, {name: _value(cell) for name, cell in cells.items()}, tuple(formulas))


def _value(cell: Any) -> Value:
    return datetime.fromisoformat(cell[0]) if isinstance(cell, list) else cell


def _plain(cell: Value) -> Any:
    return [cell.isoformat()] if isinstance(cell, datetime) else cell


def parse_once(table: Table, path: Path) -> tuple[ParsedTable, int]:
    """Read the table to its end and put its rows at `path`, which may be the table's own file.

    Returns the table of these rows and how many there are. Raises InvalidInput for a row that cannot be read;
    what is at `path` is as it was then.
    """
    beside = path.with_suffix(".parsing")
    count = 0
    try:
        with beside.open("w", encoding="utf-8") as stream:
            stream.write(json.dumps({"columns": table.columns}, ensure_ascii=False) + "\n")
            for row in table.rows():
                cells = {name: _plain(cell) for name, cell in row.cells.items()}
                stream.write(json.dumps([row.number, cells, row.formulas], ensure_ascii=False) + "\n")
                count += 1
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return ParsedTable(path=path, kind=KIND, encoding="utf-8", columns=table.columns), count


def open_parsed(path: Path) -> ParsedTable:
    """The rows that `parse_once` wrote."""
    with path.open(encoding="utf-8") as stream:
        try:
            columns = tuple(json.loads(next(stream))["columns"])
        except (ValueError, LookupError, TypeError, StopIteration) as error:
            raise InvalidInput(_("文件坏了，打不开。请重新导出一次。"), code="broken_file") from error
    return ParsedTable(path=path, kind=KIND, encoding="utf-8", columns=columns)
