"""Reading reports: only of units for which the actor may see them."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.selectors import subtree_ids
from huiyin.reports.figures.compute import build
from huiyin.reports.figures.frame import Frame
from huiyin.reports.models import ActKind, IssuedReport
from huiyin.reports.names import Names
from huiyin.reports.periods import Period


def report_units(actor: Actor) -> list[Unit]:
    """The units an actor may have a report of, from the top down."""
    rows = Unit.objects.filter(company_id=actor.company_id, active=True).with_tree_fields()
    if not actor.system:
        rows = rows.filter(pk__in=actor.unit_ids(Capability.REPORT))
    return list(rows)


def unit_for(actor: Actor, code: str = "", *, among: Sequence[Unit] | None = None) -> Unit:
    """The unit of that code, the topmost of the actor where none is given. NotFound where not his.

    `among` are the units of `report_units` where the caller has them.
    """
    for unit in report_units(actor) if among is None else among:
        if not code or unit.code == code:
            return unit
    raise NotFound(_("没有这个单位的报表，或不在您的范围内。"))


def frame_for(actor: Actor, unit: Unit, period: Period, cutoff: datetime | None = None) -> Frame:
    """The root of a company is taken as a whole, everything else as its subtree."""
    ids = None if unit.parent_id is None else subtree_ids(unit)
    return Frame(actor.company_id, ids, period, cutoff or clock.now(), present=cutoff is None)


def live_report(
    actor: Actor, *, period: Period, unit: Unit, cutoff: datetime | None = None
) -> dict[str, Any]:
    """The report as it is now, or as it was known at the cut-off."""
    frame = frame_for(actor, unit, period, cutoff)
    return build(actor=actor, unit=unit, frame=frame, names=Names(actor))


PAGE = 30


def _issued(actor: Actor) -> QuerySet[IssuedReport]:
    rows = IssuedReport.objects.filter(company_id=actor.company_id).select_related("unit")
    return rows if actor.system else rows.filter(unit_id__in=actor.unit_ids(Capability.REPORT))


def _paged(rows: QuerySet[IssuedReport], after: str) -> tuple[Sequence[IssuedReport], str]:
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.defer("figures").prefetch_related("acts").order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def issued_reports(actor: Actor, unit: Unit, *, after: str = "") -> tuple[Sequence[IssuedReport], str]:
    """The issued reports of a unit and of what is below it, newest first; and the key of the next page."""
    return _paged(_issued(actor).filter(unit_id__in=subtree_ids(unit)), after)


def issued_report(actor: Actor, uuid: uuids.UUID) -> IssuedReport:
    """An issued report of a unit whose reports the actor may see. NotFound otherwise."""
    report = _issued(actor).filter(uuid=uuid).first()
    if report is None:
        raise NotFound(_("没有这份报表，或不在您的范围内。"))
    return report


def published_reports(actor: Actor, *, after: str = "") -> tuple[Sequence[IssuedReport], str]:
    """What was published to the actor: reports of a unit above or below one where he sees cases."""
    return _paged(_published(actor), after)


def _published(actor: Actor) -> QuerySet[IssuedReport]:
    own = actor.unit_ids(Capability.VIEW)
    near = own | _above(actor.company_id, own)
    rows = IssuedReport.objects.filter(company_id=actor.company_id, unit_id__in=near)
    return rows.filter(acts__kind=ActKind.PUBLISHED).select_related("unit")


def _above(company_id: int, units: Iterable[int]) -> set[int]:
    """The units above these."""
    parents = dict(Unit.objects.filter(company_id=company_id).values_list("pk", "parent_id"))
    found: set[int] = set()
    for pk in units:
        at = parents.get(pk)
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
    return found


def readable_report(actor: Actor, uuid: uuids.UUID) -> IssuedReport:
    """An issued report that the actor may see because of his post, or because it was published to him."""
    report = _issued(actor).filter(uuid=uuid).first() or _published(actor).filter(uuid=uuid).first()
    if report is None:
        raise NotFound(_("没有这份报表，或不在您的范围内。"))
    return report
