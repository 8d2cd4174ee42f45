"""What `projection` does with each event, done with whole histories of new cases, many at once.

All events of such a history became known at the same moment, so nobody can ask for what was between them: of
each case one snapshot stays, as it is known after the last.
"""

from __future__ import annotations

from collections.abc import Sequence

from huiyin.cases.hooks import History
from huiyin.core.rows import insert
from huiyin.reports.models import OpenSpan, Snapshot
from huiyin.reports.places import SiteMap
from huiyin.reports.projection import PROMISE, close_span, opened_span, project, snapshot_of


def project_whole(histories: Sequence[History]) -> None:
    """Store how these cases are known, and when they were open."""
    maps: dict[int, SiteMap] = {}
    snapshots: list[Snapshot] = []
    spans: list[OpenSpan] = []
    for history in histories:
        if _has_promises(history):
            for case, event in history:
                project(case, event)
            continue
        company_id = history[0][0].company_id
        if company_id not in maps:
            maps[company_id] = SiteMap(company_id)
        snapshots.append(_follow(history, maps[company_id], spans))
    insert(snapshots)
    insert(spans)


def _has_promises(history: History) -> bool:
    case, _event = history[-1]
    return any(one["name"] == PROMISE for one in case.standing.get("clocks", ()))


def _follow(history: History, sites: SiteMap, spans: list[OpenSpan]) -> Snapshot:
    """The last snapshot; spans are added as the case opens and closes."""
    before: Snapshot | None = None
    span: OpenSpan | None = None
    for case, event in history:
        after = snapshot_of(before, case, event, site_id=sites.site_of(case.unit_id))
        if before is None or before.open != after.open:
            if after.open:
                span = opened_span(case, event, after)
                spans.append(span)
            elif span is not None:
                close_span(span, case, event)
        before = after
    assert before is not None, "a history has at least its registration"
    return before
