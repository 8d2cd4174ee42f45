"""Procedures in the database: what a pack said when it was installed, edition by edition."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.core.phrases import in_language
from huiyin.organization.models import Person, Unit


class EditionState(models.TextChoices):
    DRAFT = "draft", _("草案")
    REVIEWED = "reviewed", _("已会签")
    APPROVED = "approved", _("已批准")
    EFFECTIVE = "effective", _("现行有效")
    SUPERSEDED = "superseded", _("已作废")
    DECLINED = "declined", _("已退回")


class Procedure(models.Model):
    """A controlled document of a company."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    units = models.JSONField(
        default=list, help_text="keys of units where it applies, with all below; none: the whole company"
    )
    kinds = models.JSONField(default=list, help_text="kinds of case it is for; none: all that its pack has")

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
    calendar = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 over the company's revised years; empty: none"
    )
    installed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["effective_from", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["procedure", "label"],
                name="edition_label_unique_in_procedure",
                condition=~models.Q(state="declined"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure.title} {self.label}"

    @property
    def title(self) -> str:
        """The document's title in the language of the page."""
        document = self.pack["procedure"]
        return in_language(document["title"], document.get("title_en", ""))


class Act(models.TextChoices):
    SUBMITTED = "submitted", _("提交")
    COUNTERSIGNED = "countersigned", _("会签")
    APPROVED = "approved", _("批准")
    DECLINED = "declined", _("退回")


class Signature(models.Model):
    """Somebody's act on an edition before it came into force, in the post he acted in."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="signatures")
    act = models.CharField(max_length=20, choices=Act.choices)
    post = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=80, help_text="as it was when he signed")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "post"], name="countersigned_once", condition=models.Q(act="countersigned")
            ),
            models.UniqueConstraint(
                fields=["edition", "post"], name="approved_once", condition=models.Q(act="approved")
            ),
        ]


class Draft(models.Model):
    """The text of an edition that is being written. It may be wrong in every way until it is submitted."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField(help_text="procedure.toml as typed, with its comments")
    forms = models.JSONField(default=dict, help_text="file name -> content in base64")
    sample = models.TextField(blank=True, help_text="events of the sample case, one a line")
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, null=True, related_name="+", help_text="what it was submitted as"
    )
    version = models.PositiveIntegerField(default=1, help_text="two people at once are told")
    updated_by = models.CharField(max_length=80)
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-updated_at"]


class CalendarYear(models.Model):
    """A year whose working days the company entered itself; years without a row are those that ship."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    off = models.JSONField(help_text="weekdays that are off, ISO dates in order")
    work = models.JSONField(help_text="weekend days that are worked, ISO dates in order")
    source = models.CharField(max_length=200, help_text="where it is announced")
    revised_by = models.CharField(max_length=80)
    revised_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "year"], name="calendar_year_once_in_company")
        ]
