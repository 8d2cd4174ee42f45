"""The draw: who is asked, and with what weight each one stands for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.choosing import Class, choose
from huiyin.surveys.core.matching import matching
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.quotas import Quota, quotas
from huiyin.surveys.core.ranking import ranks
from huiyin.surveys.core.tables import Table, write_rows

OWN_COLUMNS = ("stratum", "reason", "weight")


class Chosen(NamedTuple):
    """A row of the frame in the sample. reason: random | targeted | reserve; a reserve weighs nothing yet."""

    row: Sequence[str]
    stratum: str
    reason: str
    weight: float


@dataclass(frozen=True, slots=True)
class Draw:
    """`notes` are codes with parameters of what could not be had as the plan wants it."""

    columns: tuple[str, ...]
    chosen: list[Chosen]
    frame_size: int
    population: int
    notes: list[dict[str, object]] = field(default_factory=list)

    def csv(self) -> str:
        """The frame's columns, then stratum, reason and weight. By stratum, then in the order of the
        ranks.
        """
        rows = [[*row, name, reason, weight_text(weight)] for row, name, reason, weight in self.chosen]
        return write_rows([*self.columns, *OWN_COLUMNS], rows)


@lru_cache(maxsize=4096)
def weight_text(weight: float) -> str:
    return format(weight, ".15g")


def draw(plan: Plan, frame: Table, seed: int, *, on: date | None = None) -> Draw:
    """Draw by the plan. `on` is the day that ages in the plan count back from.

    Raises InvalidInput where frame and plan do not fit: missing columns, ids that are empty or stand twice,
    strata without a size, nobody to draw.
    """
    ids = frame.ids(plan.population.id)
    columns, keep = _columns(plan, frame)
    wanted = matching(plan.population.where, frame.columns, frame.rows, on=on, what="population.where")
    rows = [place for place, one in enumerate(wanted) if one]
    notes: list[dict[str, object]] = []
    rows = _within_groups(plan, frame, rows, on, notes)
    if not rows:
        raise InvalidInput("nobody in the frame belongs to the population of this plan", code="nobody")
    rank = ranks(seed, [ids[place] for place in rows])
    strata = _strata(plan, frame, rows)
    targeted = _targeted(plan, frame, rows, on)
    members: dict[str, list[int]] = {}
    for place, name in enumerate(strata):
        members.setdefault(name, []).append(place)
    shares = quotas(plan.sample, {name: members[name] for name in sorted(members)}, targeted, notes)
    chosen = _choose_all(plan, frame, rows, rank, targeted, members, shares, seed)
    if keep is not None:
        chosen = [Chosen([one.row[k] for k in keep], one.stratum, one.reason, one.weight) for one in chosen]
    return Draw(columns, chosen, len(ids), len(rows), notes)


def _choose_all(
    plan: Plan,
    frame: Table,
    rows: list[int],
    rank: np.ndarray,
    targeted: list[bool],
    members: dict[str, list[int]],
    shares: dict[str, Quota],
    seed: int,
) -> list[Chosen]:
    chosen: list[Chosen] = []
    for name in sorted(members):
        taken: list[tuple[int, str, float]] = []
        for part in _classes(name, members[name], targeted, shares[name]):
            taken += choose(plan.sample, frame, rows, rank, part, seed)
        order = np.argsort(rank[[place for place, _, _ in taken]], kind="stable").tolist()
        for at in order:
            place, reason, weight = taken[at]
            chosen.append(Chosen(frame.rows[rows[place]], name, reason, weight))
    return chosen


def _classes(name: str, places: list[int], targeted: list[bool], quota: Quota) -> list[Class]:
    """The targeted of a stratum and the others are drawn apart, and each class has its own weight."""
    focus = [place for place in places if targeted[place]] if quota.apart else []
    rest = [place for place in places if not targeted[place]] if quota.apart else places
    parts = [
        Class(name, "targeted", focus, quota.targeted, quota.targeted_reserve),
        Class(name, "random", rest, quota.random, quota.reserve),
    ]
    return [part for part in parts if part.places]


def _columns(plan: Plan, frame: Table) -> tuple[tuple[str, ...], list[int] | None]:
    """Columns of the output; `stratum` may stand in the frame where it is the stratum, the other two
    never.
    """
    strata = plan.sample.strata
    same = strata is not None and strata.by == ["stratum"]
    for name in OWN_COLUMNS:
        if name in frame.columns and not (same and name == "stratum"):
            raise InvalidInput(
                f"{frame.name}: the draw writes a column {name}; name yours otherwise", code="column"
            )
    if "stratum" not in frame.columns:
        return frame.columns, None
    keep = [place for place, name in enumerate(frame.columns) if name != "stratum"]
    return tuple(frame.columns[place] for place in keep), keep


def _within_groups(
    plan: Plan, frame: Table, rows: list[int], on: date | None, notes: list[dict[str, object]]
) -> list[int]:
    """Rows of the groups that meet the plan's condition on a group, reckoned over the whole frame."""
    groups = plan.population.groups
    if groups is None:
        return rows
    names = frame.values(groups.by)
    matches = matching(groups.of, frame.columns, frame.rows, on=on, what="population.groups.of")
    counts: dict[str, list[int]] = {}
    for name, one in zip(names, matches, strict=True):
        count = counts.setdefault(name, [0, 0])
        count[0] += one
        count[1] += 1
    kept = {
        name
        for name, (some, total) in counts.items()
        if (groups.above is None or some > groups.above * total)
        and (groups.at_least is None or some >= groups.at_least * total)
    }
    if set(counts) - kept:
        notes.append(
            {
                "code": "groups_left_out",
                "groups": sorted(set(counts) - kept),
                "clause": groups.clause or plan.survey.clause,
            }
        )
    return [place for place in rows if names[place] in kept]


def _strata(plan: Plan, frame: Table, rows: list[int]) -> list[str]:
    """The stratum of each row: the values of its columns, joined by a slash."""
    strata = plan.sample.strata
    if strata is None:
        return ["all"] * len(rows)
    places = [frame.place(column) for column in strata.by]
    if len(places) == 1:
        names = [frame.rows[row][places[0]] for row in rows]
    else:
        names = ["/".join([frame.rows[row][place] for place in places]) for row in rows]
    if "" in names:
        line = rows[names.index("")] + 2
        raise InvalidInput(f"{frame.name} line {line}: {strata.by[0]} is empty", code="empty_stratum")
    return names


def _targeted(plan: Plan, frame: Table, rows: list[int], on: date | None) -> list[bool]:
    rule = plan.sample.targeted
    if rule is None:
        return [False] * len(rows)
    matches = matching(rule.where, frame.columns, frame.rows, on=on, what="sample.targeted.where")
    return [matches[row] for row in rows]
