"""The sample that was handed out, as the draw wrote it and replacements changed it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.tables import Table

REASONS = ("random", "targeted", "reserve")
REPLACES, BECAUSE = "replaces", "because"
"""Columns that a replacement adds: on the reserve's row whom it replaces, and why."""


@dataclass(slots=True)
class SampleFile:
    """Rows of the sample. `cls` numbers the classes (stratum, reason) that were drawn together, -1 for
    reserves that were not used; a used reserve belongs to the class of whom it replaces and has its weight.

    `handed_out`: rows that got a form and could answer; `total`: what each class stands for.
    """

    table: Table
    index: dict[str, int]
    cls: NDArray[np.int64]
    weight: NDArray[np.float64]
    handed_out: NDArray[np.bool_]
    classes: list[tuple[str, str]]
    total: NDArray[np.float64]
    flags: list[dict[str, object]] = field(default_factory=list)


def read_sample(plan: Plan, table: Table) -> SampleFile:
    """Raises InvalidInput for unknown reasons, weights below 0, replacements that do not fit the plan."""
    ids = table.ids(plan.population.id)
    index = {identity: place for place, identity in enumerate(ids)}
    size = len(ids)
    weight = _weights(table)
    reasons = table.values("reason") if "reason" in table.columns else ["random"] * size
    strata = table.values("stratum") if "stratum" in table.columns else ["all"] * size
    for line, reason in enumerate(reasons, 2):
        if reason not in REASONS:
            raise InvalidInput(f"{table.name} line {line}: no such reason: {reason}", code="reason")
    numbers: dict[tuple[str, str], int] = {}
    cls = np.full(size, -1, dtype=np.int64)
    for place, key in enumerate(zip(strata, reasons, strict=True)):
        if key[1] != "reserve":
            cls[place] = numbers.setdefault(key, len(numbers))
    drawn = cls >= 0
    total = np.bincount(cls[drawn], weights=weight[drawn], minlength=len(numbers)).astype(float)
    found = SampleFile(table, index, cls, weight, drawn.copy(), list(numbers), total)
    if "weight" not in table.columns:
        found.flags.append({"code": "no_weights"})
    _replacements(plan, found, reasons)
    return found


def _weights(table: Table) -> NDArray[np.float64]:
    if "weight" not in table.columns:
        return np.ones(len(table.rows))
    found = np.empty(len(table.rows))
    for place, text in enumerate(table.values("weight")):
        try:
            found[place] = float(text or 0)
        except ValueError:
            found[place] = -1
        if not (isfinite(found[place]) and found[place] >= 0):
            raise InvalidInput(f"{table.name} line {place + 2}: no weight: {text}", code="weight")
    return found


def _replacements(plan: Plan, found: SampleFile, reasons: list[str]) -> None:
    """A reserve that replaces somebody counts in that one's class; who could not be asked at all leaves
    the count.
    """
    if REPLACES not in found.table.columns:
        return
    rule = plan.sample.reserve
    because = found.table.values(BECAUSE)
    used: dict[str, int] = {}
    for place, replaced in enumerate(found.table.values(REPLACES)):
        if not replaced:
            continue
        at, line = found.index.get(replaced), f"{found.table.name} line {place + 2}"
        if at is None or reasons[place] != "reserve" or reasons[at] == "reserve" or replaced in used:
            raise InvalidInput(f"{line}: {replaced} cannot be replaced by this row", code="replacement")
        if rule is None or because[place] not in (*rule.ineligible, *rule.nonresponse):
            raise InvalidInput(
                f"{line}: the plan knows no replacement because {because[place]!r}", code="because"
            )
        used[replaced] = place
        found.cls[place], found.weight[place] = found.cls[at], found.weight[at]
        found.handed_out[place] = True
        if because[place] in rule.ineligible:
            found.handed_out[at] = False
    if used:
        found.flags.append({"code": "replaced", "count": len(used), "clause": rule.clause if rule else ""})
