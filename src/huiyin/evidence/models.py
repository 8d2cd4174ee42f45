"""What people say about how a clause was followed that the system does not run itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.organization.models import Person, Unit
from huiyin.procedures.models import Procedure


class Statement(models.Model):
    """Somebody's word for a clause over some days; where the records are kept is part of the text."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    text = models.CharField(max_length=1000)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=80)
    post = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["procedure", "clause", "since"])]
