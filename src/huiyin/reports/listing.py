"""The cases behind a figure as rows: live from the selection, or frozen from an issued report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.reports.figures.conditions import FIGURES
from huiyin.reports.figures.frame import DIMENSIONS
from huiyin.reports.models import IssuedReport
from huiyin.reports.selection import Selection, bucket_key

PAGE = 50
# what a list exported at once may hold
EXPORT_LIMIT = 50_000
_RELATED = ("unit", "place", "handler")


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One case that was counted; `at` is when what was counted happened."""

    case: Case
    at: datetime | None
    readable: bool

    @property
    def text(self) -> str:
        """The customer's words, for who may read the case."""
        return self.case.text if self.readable else ""

    @property
    def room(self) -> str:
        return str(self.case.place) if self.readable and self.case.place else ""


@dataclass(frozen=True, slots=True)
class CasePage:
    rows: Sequence[ListedCase]
    total: int
    next: str


def _listed(actor: Actor, counted: Iterable[tuple[int, datetime | None]]) -> list[ListedCase]:
    pairs = list(counted)
    cases = Case.objects.select_related(*_RELATED).in_bulk([case_id for case_id, _at in pairs])
    view = actor.unit_ids(Capability.VIEW)
    return [
        ListedCase(cases[case_id], at, actor.system or cases[case_id].unit_id in view)
        for case_id, at in pairs
        if case_id in cases
    ]


def live_page(actor: Actor, chosen: Selection, after: str = "", size: int = PAGE) -> CasePage:
    """A page of the list, by the key of the last row seen."""
    rows = chosen.rows.order_by("pk")
    try:
        start = int(after or 0)
    except ValueError as error:
        raise InvalidInput(_("这一页的地址不对。")) from error
    column = chosen.figure.source.at
    found = list(rows.filter(pk__gt=start).values_list("pk", "case_id", column)[: size + 1])
    more = len(found) > size
    found = found[:size]
    return CasePage(
        _listed(actor, ((case_id, at) for _pk, case_id, at in found)),
        chosen.count(),
        str(found[-1][0]) if more else "",
    )


def frozen_page(
    actor: Actor,
    report: IssuedReport,
    figure: str,
    bucket: Mapping[str, Any],
    after: str = "",
    size: int = PAGE,
) -> CasePage:
    """A page of a list as it was issued."""
    ids = frozen_ids(report, figure, bucket)
    start = int(after) if after.isdigit() else 0
    part = ids[start : start + size]
    following = str(start + size) if start + size < len(ids) else ""
    return CasePage(_listed(actor, ((case_id, None) for case_id in part)), len(ids), following)


def frozen_ids(report: IssuedReport, figure: str, bucket: Mapping[str, Any]) -> list[int]:
    """The ids that were frozen; none where the figure was nought. NotFound for an unknown figure."""
    if figure not in FIGURES:
        raise NotFound(_("没有这个指标。"))
    key = bucket_key(bucket)
    if set(bucket) == {"site"} and len(report.figures["sites"]) == 1:
        key = ""
    found = report.lists.filter(figure=figure, bucket=key).first()
    return list(found.cases) if found else []


def bucket_from(query: Mapping[str, Any], company_id: int) -> dict[str, Any]:
    """The bucket that an address names; a site stands there by its code."""
    found: dict[str, Any] = {name: query[name] for name in DIMENSIONS if name in query}
    if "site" in found:
        site = (
            Unit.objects.filter(company_id=company_id, code=found["site"])
            .values_list("pk", flat=True)
            .first()
        )
        if site is None:
            raise NotFound(_("没有这个单位。"))
        found["site"] = site
    return found
