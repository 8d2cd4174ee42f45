"""CSV files: read whole, checked, with the line of what is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from huiyin.core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of text. `digest` is the SHA-256 of the file, in hex."""

    name: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    digest: str

    def place(self, column: str) -> int:
        """Raises InvalidInput where the column is missing."""
        if column not in self.columns:
            known = ", ".join(self.columns)
            raise InvalidInput(
                f"{self.name}: there is no column {column}; there are: {known}",
                code="no_column",
                column=column,
            )
        return self.columns.index(column)

    def values(self, column: str) -> list[str]:
        place = self.place(column)
        return [row[place] for row in self.rows]

    def ids(self, column: str) -> list[str]:
        """The values of a column that identify the rows. Raises InvalidInput where one is empty or stands
        twice.
        """
        values = self.values(column)
        if "" in values:
            raise InvalidInput(f"{self.name} line {values.index('') + 2}: {column} is empty", code="empty_id")
        if len(set(values)) < len(values):
            seen: dict[str, int] = {}
            for line, value in enumerate(values, 2):
                if value in seen:
                    raise InvalidInput(
                        f"{self.name} line {line}: {column} {value} stands on line {seen[value]} already",
                        code="double_id",
                    )
                seen[value] = line
        return values


def read_text(path: str | Path) -> tuple[str, str]:
    """Text of a file and its digest. UTF-8, with or without its mark, or GB 18030 as spreadsheets save it."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}", code="no_file") from None
    digest = sha256(data).hexdigest()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), digest
        except UnicodeDecodeError:
            continue
    raise InvalidInput(f"{path}: neither UTF-8 nor GB 18030 text", code="encoding")


def header_of(reader: Iterable[list[str]], name: str) -> tuple[str, ...]:
    columns = tuple(one.strip() for one in next(iter(reader), []))
    if not any(columns):
        raise InvalidInput(f"{name}: no line with the names of the columns", code="no_header")
    if len(set(columns)) < len(columns):
        double = next(one for one in columns if columns.count(one) > 1)
        raise InvalidInput(f"{name}: two columns are called {double!r}", code="double_column")
    return columns


def read_table(path: str | Path) -> Table:
    """Raises InvalidInput naming file and line. Lines that are empty altogether are passed over."""
    text, digest = read_text(path)
    name = Path(path).name
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        columns = header_of(reader, name)
        rows = [row for row in reader if row]
    except csv.Error as error:
        raise InvalidInput(f"{name}: {error}", code="csv") from None
    width = len(columns)
    for line, row in enumerate(rows, 2):
        if len(row) != width:
            raise InvalidInput(f"{name} line {line}: {len(row)} fields instead of {width}", code="fields")
    return Table(name, columns, rows, digest)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with a line feed at the end of each line, the same on every machine."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()
