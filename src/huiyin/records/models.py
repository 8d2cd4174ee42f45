"""Requests to erase what is past its retention: asked by the keeper, approved by another, then done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core.ids import new_uuid
from huiyin.organization.models import Person, Unit


class ErasureState(models.TextChoices):
    ASKED = "asked", _("待批准")
    DECLINED = "declined", _("不批准")
    DONE = "done", _("已删除")


class ErasureRequest(models.Model):
    """The words of these cases are to be erased; numbers, times and codes stay, and so does the chain."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=200, help_text="title of the rule of retention")
    clause = models.CharField(max_length=60, blank=True)
    before = models.DateField(help_text="closed before this day")
    cases = models.JSONField(help_text="ids of the cases, as they were listed to the keeper")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=ErasureState.choices, default=ErasureState.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    texts = models.PositiveIntegerField(default=0, help_text="how many texts were erased")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.rule} {self.before}"
