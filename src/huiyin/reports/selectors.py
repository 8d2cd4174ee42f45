"""Reading reports: only of units for which the actor may see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.selectors import subtree_ids
from huiyin.reports.figures.compute import build
from huiyin.reports.figures.frame import Frame
from huiyin.reports.names import Names
from huiyin.reports.periods import Period


def report_units(actor: Actor) -> list[Unit]:
    """The units an actor may have a report of, from the top down."""
    rows = Unit.objects.filter(company_id=actor.company_id, active=True).with_tree_fields()
    if not actor.system:
        rows = rows.filter(pk__in=actor.unit_ids(Capability.REPORT))
    return list(rows)


def unit_for(actor: Actor, code: str = "") -> Unit:
    """The unit of that code, the topmost of the actor where none is given. NotFound where not his."""
    for unit in report_units(actor):
        if not code or unit.code == code:
            return unit
    raise NotFound(_("没有这个单位的报表，或不在您的范围内。"))


def frame_for(actor: Actor, unit: Unit, period: Period, cutoff: datetime | None = None) -> Frame:
    """The root of a company is taken as a whole, everything else as its subtree."""
    ids = None if unit.parent_id is None else subtree_ids(unit)
    return Frame(actor.company_id, ids, period, cutoff or clock.now())


def live_report(
    actor: Actor, *, period: Period, unit: Unit, cutoff: datetime | None = None
) -> dict[str, Any]:
    """The report as it is now, or as it was known at the cut-off."""
    frame = frame_for(actor, unit, period, cutoff)
    return build(actor=actor, unit=unit, frame=frame, names=Names(actor))
