"""The cases behind a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.core.errors import NotFound
from huiyin.reports.figures.conditions import FIGURES, Figure
from huiyin.reports.figures.frame import DIMENSIONS, Frame


@dataclass(frozen=True, slots=True)
class Selection:
    """A figure of a frame, perhaps of one bucket only. A row of it stands for one case, counted once."""

    figure: Figure
    frame: Frame
    bucket: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> QuerySet[Any]:
        frame = self.frame.narrowed(**self.bucket) if self.bucket else self.frame
        return self.figure.source.rows(frame).filter(self.figure.condition(frame))

    def case_ids(self) -> list[int]:
        return list(self.rows.order_by("case_id", "pk").values_list("case_id", flat=True))

    def count(self) -> int:
        return self.rows.count()


def selection(name: str, frame: Frame, bucket: Mapping[str, Any] | None = None) -> Selection:
    """Raises NotFound for a figure or dimension that does not exist."""
    if name not in FIGURES or not set(bucket or {}) <= set(DIMENSIONS):
        raise NotFound(_("没有这个指标。"))
    return Selection(FIGURES[name], frame, dict(bucket or {}))


def bucket_key(bucket: Mapping[str, Any]) -> str:
    """A bucket as one stable line, such as kind=complaint&site=12."""
    return urlencode(sorted(bucket.items()))
