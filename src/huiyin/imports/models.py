"""Imports: what was taken in, from which row, and what was left out and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core.ids import new_uuid
from huiyin.organization.models import Person, Unit


class RunState(models.TextChoices):
    MAPPING = "mapping", _("等待对应列")
    READY = "ready", _("可以导入")
    RUNNING = "running", _("正在导入")
    DONE = "done", _("已完成")
    STOPPED = "stopped", _("中途停下")


class ImportRun(models.Model):
    """One file that is imported. Stopped in the middle, it goes on where it was: rows taken in are known."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=20, help_text="cases | customers")
    name = models.CharField(max_length=200, help_text="the file's name")
    digest = models.CharField(max_length=64)
    header = models.CharField(
        max_length=64, help_text="digest of the column titles: its mapping is remembered"
    )
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=RunState.choices)
    total = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text="rows an earlier import had taken in")
    refused = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, help_text="why it stopped")
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class ImportedRow(models.Model):
    """A row that was taken in, by its own key: the same row again, from whatever file, is not taken twice."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True, help_text="the case it became")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "source", "key"], name="imported_row_once")
        ]


class RefusedRow(models.Model):
    """A row that was left out, with its number in the file and the reason."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)

    class Meta:
        ordering: ClassVar = ["row"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "row"], name="refused_row_once")]


class SavedMapping(models.Model):
    """How the columns of files with these titles were matched last time."""

    company = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    header = models.CharField(max_length=64)
    mapping = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "kind", "header"], name="mapping_of_header_once")
        ]
