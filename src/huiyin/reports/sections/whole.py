"""A report in the order in which it is read."""

from __future__ import annotations

from huiyin.reports.sections import causes, flow, keeping
from huiyin.reports.sections.parts import Data, Section


def sections_of(data: Data) -> list[Section]:
    found = [
        flow.balance(data),
        causes.pareto(data),
        causes.funnel(data),
        keeping.trend(data),
        keeping.in_time(data),
        keeping.visits(data),
        flow.ages(data),
        keeping.promises(data),
        keeping.sites(data),
        causes.heat(data),
        *[flow.received(data, one) for one in ("kind", "channel", "validity", "level", "category")],
        keeping.openly(data),
    ]
    return [one for one in found if one is not None]
