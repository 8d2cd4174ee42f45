"""Where the figures look: a company or part of it, a period, a cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from huiyin.cases.models import CaseEvent
from huiyin.reports.models import OpenSpan, PromiseRun, Snapshot
from huiyin.reports.periods import Period

DIMENSIONS = ("site", "kind", "channel", "category", "validity", "level")
"""What the cases of a figure can be narrowed by; `site` is the id of a unit."""
UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Frame:
    """`unit_ids` is None for the whole company. `bucket` narrows by dimensions.

    `present` where the cut-off is this very moment: what is known now is then all that has to be read.
    """

    company_id: int
    unit_ids: frozenset[int] | None
    period: Period
    cutoff: datetime
    bucket: Mapping[str, Any] = field(default_factory=dict)
    present: bool = False

    def narrowed(self, **bucket: Any) -> Frame:
        return replace(self, bucket={**self.bucket, **bucket})

    @property
    def seen_until(self) -> datetime:
        """The end of the period, or the cut-off where the period was still running then."""
        return min(self.period.end, self.cutoff)

    def place(self, prefix: str = "") -> Q:
        found = Q(**{f"{prefix}company_id": self.company_id})
        if self.unit_ids is not None:
            found &= Q(**{f"{prefix}unit_id__in": self.unit_ids})
        return found


def _dimensions(frame: Frame, prefix: str = "") -> Q:
    found = Q()
    for name, value in frame.bucket.items():
        column = f"{prefix}{name}_id" if name == "site" else f"{prefix}{name}"
        found &= Q(**{column: "" if name == "validity" and value == UNJUDGED else value})
    return found


def known(frame: Frame, prefix: str = "") -> Q:
    """The snapshot that was the present one at the cut-off."""
    if frame.present:
        return Q(**{f"{prefix}known_until__isnull": True})
    later = Q(**{f"{prefix}known_until__isnull": True}) | Q(**{f"{prefix}known_until__gt": frame.cutoff})
    return Q(**{f"{prefix}known_from__lte": frame.cutoff}) & later


def received(frame: Frame) -> QuerySet[Snapshot]:
    """The cases registered in the period, as known at the cut-off."""
    months = Q(month__gte=frame.period.first, month__lte=frame.period.last)
    return Snapshot.objects.filter(frame.place(), months, known(frame), _dimensions(frame)).order_by()


def _whole(frame: Frame) -> bool:
    return set(frame.bucket) <= {"site"}


def spans(frame: Frame) -> QuerySet[OpenSpan]:
    """The spans that touch the period: not begun after it, and not known to have ended before it."""
    touching = (
        Q(closed_at__isnull=True) | Q(closed_at__gte=frame.period.start) | Q(closed_known__gt=frame.cutoff)
    )
    rows = OpenSpan.objects.filter(
        frame.place(), touching, opened_at__lt=frame.period.end, opened_known__lte=frame.cutoff
    )
    if _whole(frame):
        return rows.filter(_dimensions(frame)).order_by()
    narrow = known(frame, "case__snapshots__") & _dimensions(frame, "case__snapshots__")
    return rows.filter(narrow).order_by()


def _of_received(frame: Frame) -> Q:
    """Joined to the case's snapshot at the cut-off: at most one, so that nothing counts twice."""
    prefix = "case__snapshots__"
    months = Q(**{f"{prefix}month__gte": frame.period.first, f"{prefix}month__lte": frame.period.last})
    return known(frame, prefix) & months & frame.place(prefix) & _dimensions(frame, prefix)


def promises(frame: Frame) -> QuerySet[PromiseRun]:
    """The promises in cases of the period."""
    months = Q(month__gte=frame.period.first, month__lte=frame.period.last)
    rows = PromiseRun.objects.filter(frame.place(), months, known_from__lte=frame.cutoff)
    if _whole(frame):
        return rows.filter(_dimensions(frame)).order_by()
    return rows.filter(_of_received(frame)).order_by()


def chases(frame: Frame) -> QuerySet[CaseEvent]:
    """Each time a customer asked again about a case of the period."""
    rows = CaseEvent.objects.filter(company_id=frame.company_id, name="chased", recorded_at__lte=frame.cutoff)
    return rows.filter(_of_received(frame)).order_by()
