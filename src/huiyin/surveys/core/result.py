"""The figures of a survey, and how they are written as JSON. Rates are fractions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from huiyin.surveys.core.estimate import Estimate

DIGITS = 6


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS) + 0.0


def pair(bounds: tuple[float, float] | None) -> list[float | None] | None:
    return None if bounds is None else [rounded(bounds[0]), rounded(bounds[1])]


def described(estimate: Estimate | None, *, wilson: bool = False) -> dict[str, Any] | None:
    """value, standard error, interval, number of answers, effective number."""
    if estimate is None:
        return None
    effective = estimate.effective if estimate.effective < 1e12 else None
    return {
        "value": rounded(estimate.value),
        "se": rounded(estimate.se),
        "interval": pair(estimate.wilson if wilson else estimate.interval),
        "n": estimate.n,
        "effective": rounded(effective),
    }


@dataclass(slots=True)
class ItemResult:
    """One item. `interval` is of the rate where there is one, else of the index, else of the mean."""

    key: str
    kind: str
    n: int
    satisfied: int
    dissatisfied: int
    not_answered: int
    counts: dict[str, int] = field(default_factory=dict)
    rate: Estimate | None = None
    mean: Estimate | None = None
    index: Estimate | None = None
    top_box: Estimate | None = None
    bounds: tuple[float, float] | None = None
    weight: float = 0.0

    @property
    def interval(self) -> tuple[float, float] | None:
        if self.rate is not None:
            return self.rate.wilson
        shown = self.index or self.mean
        return shown.interval if shown else None

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "n": self.n,
            "satisfied": self.satisfied,
            "dissatisfied": self.dissatisfied,
            "not_answered": self.not_answered,
            "rate": rounded(self.rate.value if self.rate else None),
            "mean": rounded(self.mean.value if self.mean else None),
            "index": rounded(self.index.value if self.index else None),
            "interval": pair(self.interval),
        }

    def in_detail(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind,
            "weight": rounded(self.weight),
            "counts": self.counts,
            "rate": described(self.rate, wilson=True),
            "mean": described(self.mean),
            "index": described(self.index),
            "top_box": described(self.top_box, wilson=True),
            "nonresponse_bounds": pair(self.bounds),
        }


@dataclass(slots=True)
class GroupResult:
    """One group of a breakdown. Where `shown` is False no figure of it may be told."""

    by: str
    group: str
    shown: bool
    handed_out: int
    returned: int
    rate: Estimate | None
    index: Estimate | None
    items: list[ItemResult]

    def as_json(self) -> dict[str, Any]:
        if not self.shown:
            return {"by": self.by, "group": self.group, "shown": False}
        return {
            "by": self.by,
            "group": self.group,
            "shown": True,
            "handed_out": self.handed_out,
            "returned": self.returned,
            "satisfaction_rate": described(self.rate, wilson=True),
            "index": described(self.index),
            "items": [item.as_json() for item in self.items],
        }


@dataclass(slots=True)
class Result:
    """All figures of a survey. `rate` before deduction; `after` loses what the return costs."""

    handed_out: int
    returned: int
    valid: bool
    reason: dict[str, Any]
    deduction: float
    items: list[ItemResult]
    rate: Estimate | None
    index: Estimate | None
    margin_of_error: float | None
    population: float
    flags: list[dict[str, Any]]
    indicators: dict[str, float] = field(default_factory=dict)
    groups: list[GroupResult] = field(default_factory=list)
    bounds: tuple[float, float] | None = None

    @property
    def response_rate(self) -> float:
        return self.returned / self.handed_out if self.handed_out else 0.0

    @property
    def after(self) -> float | None:
        return None if self.rate is None else max(0.0, self.rate.value - self.deduction)

    def as_json(self) -> dict[str, Any]:
        """The keys that are promised, and no other."""
        return {
            "handed_out": self.handed_out,
            "returned": self.returned,
            "response_rate": rounded(self.response_rate),
            "valid": self.valid,
            "reason": self.reason,
            "deduction": rounded(self.deduction),
            "items": [item.as_json() for item in self.items],
            "satisfaction_rate": {
                "before": rounded(self.rate.value if self.rate else None),
                "after": rounded(self.after),
            },
            "index": rounded(self.index.value if self.index else None),
            "margin_of_error": rounded(self.margin_of_error),
            "flags": self.flags,
        }

    def in_detail(self) -> dict[str, Any]:
        """What --detail adds: standard errors, counts, groups, bounds for non-response."""
        return {
            "population": rounded(self.population),
            "satisfaction_rate": described(self.rate, wilson=True),
            "index": described(self.index),
            "nonresponse_bounds": pair(self.bounds),
            "indicators": {code: rounded(weight) for code, weight in self.indicators.items()},
            "items": [item.in_detail() for item in self.items],
            "groups": [group.as_json() for group in self.groups],
        }
