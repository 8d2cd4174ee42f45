"""Putting a reserve in the place of somebody who cannot or will not answer: never without a reason."""

from __future__ import annotations

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.samples import BECAUSE, REPLACES
from huiyin.surveys.core.tables import Table


def replace(plan: Plan, sample: Table, identity: str, *, because: str) -> Table:
    """The sample with the next reserve of the same stratum in the place of `identity`.

    Raises InvalidInput: no reason, or none that the plan allows; not in the sample; replaced already; no
    reserve left in the stratum.
    """
    rule = plan.sample.reserve
    if rule is None:
        raise InvalidInput("this plan has no reserve", code="no_reserve")
    allowed = (*rule.ineligible, *rule.nonresponse)
    if because not in allowed:
        known = ", ".join(allowed)
        raise InvalidInput(
            f"a replacement needs one of these reasons: {known}", code="because", because=because
        )
    table = _with_columns(sample)
    ids, reasons, strata = table.ids(plan.population.id), table.values("reason"), table.values("stratum")
    if identity not in ids or reasons[ids.index(identity)] == "reserve":
        raise InvalidInput(f"{identity} is not in the sample", code="not_in_sample")
    at, replaces = ids.index(identity), table.values(REPLACES)
    if identity in replaces:
        raise InvalidInput(f"{identity} has been replaced already", code="replaced")
    free = (
        place
        for place, (reason, stratum) in enumerate(zip(reasons, strata, strict=True))
        if reason == "reserve" and stratum == strata[at] and not replaces[place]
    )
    place = next(free, None)
    if place is None:
        raise InvalidInput(
            f"no reserve is left in stratum {strata[at]}", code="no_reserve", stratum=strata[at]
        )
    rows = [list(row) for row in table.rows]
    rows[place][table.place(REPLACES)], rows[place][table.place(BECAUSE)] = identity, because
    rows[place][table.place("weight")] = rows[at][table.place("weight")]
    return Table(table.name, table.columns, rows, table.digest)


def _with_columns(table: Table) -> Table:
    missing = [name for name in (REPLACES, BECAUSE) if name not in table.columns]
    rows = [[*row, *[""] * len(missing)] for row in table.rows]
    return Table(table.name, (*table.columns, *missing), rows, table.digest)
