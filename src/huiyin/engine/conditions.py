"""Matching tables over named facts, never expressions.

    { kind = "complaint", validity = ["valid", "unjudged"], amount = { above = 100 } }

All names must match; a list means any of; a table compares: above, at_least, below, at_most, not, given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

View = Mapping[str, Any]
Test = Callable[[Any], bool]
Condition = Callable[[View], bool]

OPERATORS = ("above", "at_least", "below", "at_most", "not", "given")


def always(_: View) -> bool:
    return True


def _number(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _compare(operator: str, bound: Any) -> Test:
    if operator == "given":
        return lambda value: (value not in (None, "", False)) is bound
    if operator == "not":
        refused = frozenset(bound if isinstance(bound, list | tuple) else [bound])
        return lambda value: value not in refused
    limit = Decimal(str(bound))

    def test(value: Any) -> bool:
        number = _number(value)
        if number is None:
            return False
        if operator == "above":
            return number > limit
        if operator == "at_least":
            return number >= limit
        return number < limit if operator == "below" else number <= limit

    return test


def compile_test(wanted: Any) -> Test:
    """One name's right-hand side as a test of its value."""
    if isinstance(wanted, Mapping):
        tests = [_compare(operator, bound) for operator, bound in wanted.items()]
        return lambda value: all(test(value) for test in tests)
    if isinstance(wanted, list | tuple):
        return frozenset(wanted).__contains__
    return lambda value: bool(value == wanted)


def compile_condition(table: Mapping[str, Any]) -> Condition:
    """A whole matching table; an empty one always matches. A name without a value is None."""
    tests = tuple((name, compile_test(wanted)) for name, wanted in table.items())
    if not tests:
        return always
    if len(tests) == 1:
        name, only = tests[0]
        return lambda view: only(view.get(name))

    def matches(view: View) -> bool:
        for name, test in tests:  # noqa: SIM110  a generator costs twice the time here
            if not test(view.get(name)):
                return False
        return True

    return matches


def with_descendants(wanted: Any, children: Mapping[str, Iterable[str]]) -> Any:
    """A category condition that also takes the categories below the ones it names."""
    if isinstance(wanted, str):
        wanted = [wanted]
    if not isinstance(wanted, list | tuple):
        return wanted
    result = list(wanted)
    for code in result:
        result.extend(child for child in children.get(code, ()) if child not in result)
    return result
