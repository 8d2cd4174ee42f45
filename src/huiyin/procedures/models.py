"""Procedures in the database: what a pack said when it was installed, edition by edition."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.organization.models import Unit


class EditionState(models.TextChoices):
    DRAFT = "draft", _("草案")
    REVIEWED = "reviewed", _("已会签")
    APPROVED = "approved", _("已批准")
    EFFECTIVE = "effective", _("现行有效")
    SUPERSEDED = "superseded", _("已作废")


class Procedure(models.Model):
    """A controlled document of a company."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "code"], name="procedure_code_unique_in_company")
        ]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One edition. `pack` is the whole content as installed; it never changes once effective."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="editions")
    label = models.CharField(max_length=30, help_text="A/0, A/1, B/0 …")
    state = models.CharField(max_length=20, choices=EditionState.choices)
    effective_from = models.DateField()
    pack = models.JSONField()
    forms = models.JSONField(default=dict, help_text="file name -> content in base64: the Word templates")
    digest = models.CharField(max_length=64, help_text="SHA-256 over pack and forms")
    installed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["effective_from", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procedure", "label"], name="edition_label_unique_in_procedure")
        ]

    def __str__(self) -> str:
        return f"{self.procedure.title} {self.label}"
