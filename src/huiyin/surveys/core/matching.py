"""Matching tables over the columns of a file, whose values are all text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from huiyin.core.errors import InvalidInput
from huiyin.engine.conditions import compile_test
from huiyin.engine.due import add_months
from huiyin.engine.durations import parse_duration

Test = Callable[[str], bool]
RowTest = Callable[[Sequence[str]], bool]

_YES = frozenset({"1", "true", "yes", "y", "t", "是", "有"})


def row_test(
    table: Mapping[str, Any], columns: Sequence[str], *, on: date | None = None, what: str = ""
) -> RowTest:
    """A test of rows. Raises InvalidInput for a column that is missing, or an age without a day."""
    tests = _tests(table, columns, on, what)
    return lambda row: all(test(row[place]) for place, test in tests)


def matching(
    table: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    on: date | None = None,
    what: str = "",
) -> list[bool]:
    """Which rows match. Each different value of a column is looked at once."""
    found = [True] * len(rows)
    for place, test in _tests(table, columns, on, what):
        values = [row[place] for row in rows]
        known = {value: test(value) for value in set(values)}
        found = [one and known[value] for one, value in zip(found, values, strict=True)]
    return found


def _tests(
    table: Mapping[str, Any], columns: Sequence[str], on: date | None, what: str
) -> list[tuple[int, Test]]:
    for name in table:
        if name not in columns:
            raise InvalidInput(f"{what}: there is no column {name}", code="no_column", column=name)
    return [(columns.index(name), _test(wanted, on)) for name, wanted in table.items()]


def _test(wanted: Any, on: date | None) -> Test:
    if isinstance(wanted, bool):
        return lambda value: (value.strip().lower() in _YES) is wanted
    if isinstance(wanted, int | float):
        number = Decimal(str(wanted))
        return lambda value: _number(value) == number
    if isinstance(wanted, Mapping):
        ages = [
            _age(name, str(span), on)
            for name, span in wanted.items()
            if name in ("older_than", "at_least_old")
        ]
        rest = {name: bound for name, bound in wanted.items() if name not in ("older_than", "at_least_old")}
        other = compile_test(rest) if rest else None
        return lambda value: all(age(value) for age in ages) and (other is None or other(value))
    texts = frozenset(map(str, wanted)) if isinstance(wanted, list) else frozenset((str(wanted),))
    return texts.__contains__


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _age(name: str, span: str, on: date | None) -> Test:
    """older_than: the span was over before the day; at_least_old: on it at the latest. A blank date never
    matches.
    """
    if on is None:
        raise InvalidInput("this plan counts back from a day: say which with --on", code="no_day")
    length = parse_duration(span)

    def test(value: str) -> bool:
        if not value:
            return False
        try:
            begin = date.fromisoformat(value)
        except ValueError:
            raise InvalidInput(f"not a date: {value!r}", code="date", value=value) from None
        over = (
            add_months(begin, length.count) if length.unit == "mo" else begin + timedelta(days=length.count)
        )
        return over < on if name == "older_than" else over <= on

    return test
