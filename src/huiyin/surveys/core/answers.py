"""Forms as they were keyed or sent, read into one small array for each item."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.schema_ask import Item
from huiyin.surveys.core.tables import header_of

CHUNK = 20_000
MOST_NAMED = 20
IMPOSSIBLE = 255
NOT_ANSWERED = 0


@dataclass(slots=True)
class Answers:
    """`place`: row of the sample of each form, -1 where it is not in it. `codes`: for each item 0 where it
    was not answered, otherwise the number of the grade from 1. `numbers`: items of kind number, NaN where not
    answered. `columns`: other columns that the plan needs. `ids` are kept for anonymous forms and
    strangers alone.
    """

    place: NDArray[np.int64]
    codes: dict[str, NDArray[np.uint8]]
    numbers: dict[str, NDArray[np.float64]]
    columns: dict[str, list[str]]
    strangers: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.place)


class _Decoder(dict[str, int]):
    """What may stand in a cell to its code; anything else is impossible."""

    def __missing__(self, text: str) -> int:
        code = self.get(text.strip(), IMPOSSIBLE)
        self[text] = code
        return code


def codes_of(plan: Plan, item: Item) -> dict[str, int]:
    """What may be answered to an item, and the code it is counted under."""
    if item.kind == "graded":
        scale = plan.scale_of(item)
        blank = dict.fromkeys(("", *scale.not_counted), NOT_ANSWERED)
        names = [(grade.code, *grade.also) for grade in scale.grade]
        return blank | {name: place for place, one in enumerate(names, 1) for name in one}
    blank = dict.fromkeys(("", *item.not_counted), NOT_ANSWERED)
    if item.kind == "recommendation":
        return blank | {str(grade): grade + 1 for grade in range(11)}
    return blank | {choice: place for place, choice in enumerate(item.choices, 1)}


class _Reader:
    """One pass over the file, a chunk of rows at a time."""

    def __init__(
        self, plan: Plan, name: str, columns: tuple[str, ...], index: dict[str, int], extra: set[str]
    ):
        self.plan, self.name, self.index = plan, name, index
        self.items = [item for item in plan.item if item.kind != "comment"]
        missing = [item.key for item in self.items if item.key not in columns]
        self.id_at = columns.index(plan.population.id) if plan.population.id in columns else None
        if self.id_at is None and not plan.survey.anonymous:
            missing.insert(0, plan.population.id)
        if missing:
            raise InvalidInput(
                f"{name}: missing columns: {', '.join(missing)}", code="no_column", columns=missing
            )
        self.at = {item.key: columns.index(item.key) for item in self.items}
        self.decoders = {one.key: _Decoder(codes_of(plan, one)) for one in self.items if one.kind != "number"}
        self.extra = {column: columns.index(column) for column in extra if column in columns}
        self.places: list[NDArray[np.int64]] = []
        self.codes: dict[str, list[bytes]] = {key: [] for key in self.decoders}
        self.numbers: dict[str, list[NDArray[np.float64]]] = {
            one.key: [] for one in self.items if one.kind == "number"
        }
        self.columns: dict[str, list[str]] = {column: [] for column in self.extra}
        self.strangers: dict[int, str] = {}
        self.problems: list[str] = []
        self.impossible = 0

    def take(self, rows: list[list[str]], first: int) -> None:
        """`first` is the number of the chunk's first form, from 0."""
        columns = list(zip(*rows, strict=True))
        self._take_ids(columns[self.id_at] if self.id_at is not None else [""] * len(rows), first)
        for item in self.items:
            values = columns[self.at[item.key]]
            if item.kind == "number":
                self.numbers[item.key].append(self._take_numbers(item, values, first))
                continue
            codes = bytes(map(self.decoders[item.key].__getitem__, values))
            if IMPOSSIBLE in codes:
                wrong = [place for place, code in enumerate(codes) if code == IMPOSSIBLE]
                self._refuse(item.key, values, wrong, first)
            self.codes[item.key].append(codes)
        for column, at in self.extra.items():
            self.columns[column] += columns[at]

    def _take_ids(self, values: Sequence[str], first: int) -> None:
        place = np.fromiter(map(self.index.get, values, repeat(-1)), dtype=np.int64, count=len(values))
        if not self.plan.survey.anonymous:
            for at in np.flatnonzero(place < 0).tolist():
                self.strangers[first + at] = values[at]
        self.places.append(place)

    def _take_numbers(self, item: Item, values: Sequence[str], first: int) -> NDArray[np.float64]:
        found = np.full(len(values), np.nan)
        wrong: list[int] = []
        for place, text in enumerate(values):
            if text in item.not_counted or not text:
                continue
            try:
                number = float(text)
            except ValueError:
                number = np.nan
            if not (item.least or 0) <= number <= (item.most or 0):
                wrong.append(place)
            found[place] = number
        self._refuse(item.key, values, wrong, first)
        return found

    def _refuse(self, key: str, values: Sequence[str], wrong: list[int], first: int) -> None:
        self.impossible += len(wrong)
        room = MOST_NAMED - len(self.problems)
        self.problems += [
            f"line {first + place + 2}, {key}: {values[place]!r}" for place in wrong[: max(room, 0)]
        ]

    def result(self) -> Answers:
        if self.impossible:
            lines = "\n".join(self.problems)
            raise InvalidInput(
                f"{self.name}: {self.impossible} impossible values refused; correct them\n{lines}",
                code="impossible",
                count=self.impossible,
                lines=self.problems,
            )
        empty = [np.empty(0, dtype=np.int64)]
        return Answers(
            np.concatenate(self.places or empty),
            {key: np.frombuffer(b"".join(parts), dtype=np.uint8) for key, parts in self.codes.items()},
            {key: np.concatenate(parts or [np.empty(0)]) for key, parts in self.numbers.items()},
            self.columns,
            self.strangers,
        )


def read_answers(path: str | Path, plan: Plan, index: dict[str, int], extra: Collection[str] = ()) -> Answers:
    """`index`: id to row of the sample. `extra`: further columns to keep where they are there.

    Raises InvalidInput: columns missing, lines of another length, impossible values with the lines they
    stand on.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return _read(path, plan, index, extra, encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(f"{path}: neither UTF-8 nor GB 18030 text", code="encoding")


def _read(
    path: str | Path, plan: Plan, index: dict[str, int], extra: Collection[str], encoding: str
) -> Answers:
    name = Path(path).name
    try:
        with Path(path).open(encoding=encoding, newline="") as stream:
            rows = csv.reader(stream, strict=True)
            reader = _Reader(plan, name, header_of(rows, name), index, set(extra))
            first = 0
            for chunk in _chunks(rows, name):
                reader.take(chunk, first)
                first += len(chunk)
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}", code="no_file") from None
    except csv.Error as error:
        raise InvalidInput(f"{name}: {error}", code="csv") from None
    return reader.result()


def _chunks(rows: Iterator[list[str]], name: str) -> Iterator[list[list[str]]]:
    first = 0
    width = 0
    while chunk := [row for row in islice(rows, CHUNK) if row]:
        width = width or len(chunk[0])
        for place, row in enumerate(chunk):
            if len(row) != width:
                line = first + place + 2
                raise InvalidInput(f"{name} line {line}: {len(row)} fields instead of {width}", code="fields")
        yield chunk
        first += len(chunk)
