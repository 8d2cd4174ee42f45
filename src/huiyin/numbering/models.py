"""Counters of numbers, one row for each series."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.organization.models import Unit


class Counter(models.Model):
    """The last serial given in a series, such as `case.complaint:2026`."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=120)
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["company", "series"], name="counter_unique")]
