"""Slips as they stand: a projection of the slip events of a case. The words are in the journal's texts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.journal.models import Entry
from huiyin.organization.models import Person, Unit


class SlipState(models.TextChoices):
    """How far a slip has got."""

    ISSUED = "issued", _("已发出")
    RECEIVED = "received", _("已签收")
    ANSWERED = "answered", _("已回复")
    FINISHED = "finished", _("已办完")
    EVALUATED = "evaluated", _("已评价")


class Slip(models.Model):
    """One numbered request from a unit to a unit about a case.

    `round` counts how often the work was asked for: an evaluation that is not satisfied begins another one.
    `next_due` is the earliest due time of its running clocks, whichever of receive, reply and finish.
    """

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="slips")
    number = models.CharField(max_length=60)
    form = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=SlipState.choices)
    round = models.PositiveSmallIntegerField(default=1)
    open = models.BooleanField(default=True)

    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_post = models.CharField(max_length=60, blank=True)
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    issued = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="+", help_text="holds the words"
    )

    issued_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(null=True)
    reply_by = models.DateTimeField(null=True)
    finish_by = models.DateTimeField(null=True)
    satisfied = models.BooleanField(null=True)
    next_due = models.DateTimeField(null=True)
    next_clock = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="slip_number_unique_in_company")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["to_unit", "next_due", "id"], name="slip_open_by_due", condition=Q(open=True)
            ),
            models.Index(fields=["from_unit", "id"], name="slip_from_unit"),
        ]

    def __str__(self) -> str:
        return self.number
