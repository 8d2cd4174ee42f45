"""Whether one matching table takes everything another takes, and whether two can both match one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from huiyin.engine.conditions import compile_test

Table = Mapping[str, Any]
Values = Mapping[str, tuple[str, ...] | None]
"""Names with all the values they can have, None where nobody lists them."""

_BOUNDS = frozenset({"above", "at_least", "below", "at_most"})


@dataclass(frozen=True, slots=True)
class _Span:
    """Numbers between two bounds; a bound that is left out is None, `open_…` leaves out the bound itself."""

    low: Decimal | None = None
    open_low: bool = False
    high: Decimal | None = None
    open_high: bool = False

    def within(self, other: _Span) -> bool:
        if other.low is not None:
            if self.low is None or self.low < other.low:
                return False
            if self.low == other.low and other.open_low and not self.open_low:
                return False
        if other.high is not None:
            if self.high is None or self.high > other.high:
                return False
            if self.high == other.high and other.open_high and not self.open_high:
                return False
        return True

    def meets(self, other: _Span) -> bool:
        return _before(self, other) and _before(other, self)


def _before(one: _Span, other: _Span) -> bool:
    """Whether `one` begins before `other` ends."""
    if one.low is None or other.high is None or one.low < other.high:
        return True
    return one.low == other.high and not (one.open_low or other.open_high)


def covers(wider: Table, narrower: Table, values: Values) -> bool:
    """Whether every case that `narrower` takes is taken by `wider` as well. False where it is not certain."""
    return all(
        name in narrower and _implied(narrower[name], wanted, values.get(name))
        for name, wanted in wider.items()
    )


def compatible(one: Table, other: Table, values: Values) -> bool:
    """Whether some case could be taken by both. True where it is not certain."""
    return all(
        _common(wanted, other[name], values.get(name)) for name, wanted in one.items() if name in other
    )


def _implied(given: Any, wanted: Any, values: tuple[str, ...] | None) -> bool:
    listed = _listed(given, values)
    if listed is not None:
        return all(map(compile_test(wanted), listed))
    if given == wanted:
        return True
    if not isinstance(given, Mapping) or not isinstance(wanted, Mapping):
        return False
    if set(given) == set(wanted) == {"not"}:
        return set(_many(wanted["not"])) <= set(_many(given["not"]))
    if set(given) <= _BOUNDS and set(wanted) <= _BOUNDS:
        return _span(given).within(_span(wanted))
    return set(given) <= _BOUNDS and wanted == {"given": True}


def _common(one: Any, other: Any, values: tuple[str, ...] | None) -> bool:
    first, second = _listed(one, values), _listed(other, values)
    if first is not None:
        return any(map(compile_test(other), first))
    if second is not None:
        return any(map(compile_test(one), second))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if set(one) <= _BOUNDS and set(other) <= _BOUNDS:
            return _span(one).meets(_span(other))
        return {one.get("given", None), other.get("given", None)} != {True, False}
    return True


def _listed(value: Any, values: tuple[str, ...] | None) -> list[Any] | None:
    """All the values that a right-hand side takes, where they can be told."""
    if not isinstance(value, Mapping):
        return _many(value)
    if values is not None and set(value) == {"not"}:
        return [one for one in values if one not in _many(value["not"])]
    return None


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _span(bounds: Mapping[str, Any]) -> _Span:
    low = _strictest(max, [(name, bounds[name]) for name in ("above", "at_least") if name in bounds])
    high = _strictest(min, [(name, bounds[name]) for name in ("below", "at_most") if name in bounds])
    return _Span(*low, *high)


def _strictest(pick: Any, bounds: list[tuple[str, Any]]) -> tuple[Decimal | None, bool]:
    """The bound that counts, and whether it is left out itself."""
    if not bounds:
        return None, False
    bound = pick(Decimal(str(value)) for _name, value in bounds)
    return bound, any(name in ("above", "below") and Decimal(str(value)) == bound for name, value in bounds)
