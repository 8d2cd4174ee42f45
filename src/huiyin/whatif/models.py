"""Replays of past cases through a draft: what was asked, how far it is, what came out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core.ids import new_uuid
from huiyin.organization.models import Unit


class State(models.TextChoices):
    RUNNING = "running", _("正在重演")
    DONE = "done", _("已完成")
    FAILED = "failed", _("没有完成")


class Replay(models.Model):
    """`pack` is the draft as it was when somebody asked; `result` a tally's JSON (`whatif.tally`)."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=240)
    pack = models.JSONField()
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    seen = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
