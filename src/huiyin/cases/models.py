"""Cases as they stand. The journal holds what happened; these rows are what lists, desks and reports read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.core.ids import new_uuid
from huiyin.core.models import StoredFile
from huiyin.customers.models import Customer, Household, Place
from huiyin.journal.models import Entry
from huiyin.organization.models import Person, Unit
from huiyin.procedures.models import Edition


class Case(models.Model):
    """One numbered piece of customer information."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cases", help_text="whose case it is"
    )
    number = models.CharField(max_length=60)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="cases")

    # what the engine made of it
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=20)
    open = models.BooleanField(default=True)
    level = models.CharField(max_length=40, blank=True)
    owner_post = models.CharField(max_length=60, blank=True)
    validity = models.CharField(max_length=20, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    standing = models.JSONField()
    version = models.PositiveIntegerField(
        default=1, help_text="counts the events; two people at once are told"
    )

    # facts as amended
    channel = models.CharField(max_length=40, blank=True)
    via = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=60, blank=True)
    severity = models.CharField(max_length=20, blank=True)
    urgency = models.CharField(max_length=20, blank=True)
    safety = models.BooleanField(default=False)
    region = models.CharField(max_length=40, blank=True)
    responsible_party = models.CharField(max_length=40, blank=True)
    external_number = models.CharField(max_length=80, blank=True)
    answer_by = models.DateTimeField(null=True)

    # who and where
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="cases")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="cases")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="cases")
    equipment = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    reporter = models.CharField(max_length=80, blank=True)
    reporter_phone = models.CharField(max_length=40, blank=True)
    text = models.TextField(help_text="the customer's words")
    demand = models.TextField(blank=True)

    # who works on it
    first_receiver = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_post = models.CharField(max_length=60, blank=True)
    handler = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="handled_cases")

    # times
    registered_at = models.DateTimeField(help_text="when the customer told it")
    recorded_at = models.DateTimeField(help_text="when it was entered")
    answered_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    historic = models.BooleanField(default=False)
    late_entry = models.BooleanField(default=False, help_text="entered long after it was told")

    # for the order of lists and the figures
    next_due = models.DateTimeField(null=True, help_text="the earliest due time of a running clock")
    next_clock = models.CharField(max_length=60, blank=True)
    breached = models.BooleanField(default=False, help_text="a clock of this case was ever breached")
    chased = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    follow_up_outcome = models.CharField(max_length=30, blank=True, help_text="the latest")
    follow_up_needed = models.BooleanField(default=False)
    approval_post = models.CharField(
        max_length=60, blank=True, help_text="the post whose approval it waits for"
    )
    approved_closure = models.BooleanField(default=False)
    last_event_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="case_number_unique_in_company")
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "next_due", "id"], name="case_open_by_due", condition=Q(open=True)),
            models.Index(
                fields=["company", "next_due", "id"],
                name="case_due_of_company",
                condition=Q(next_due__isnull=False),
            ),
            # all that the counts of desk and list ask of open cases, without reading their rows
            models.Index(
                fields=[
                    "company",
                    "open",
                    "next_due",
                    "id",
                    "unit",
                    "handler",
                    "assigned_unit",
                    "assigned_post",
                    "owner_post",
                    "urgency",
                    "follow_up_outcome",
                    "follow_up_needed",
                    "chased",
                ],
                name="case_open_counts",
                condition=Q(open=True),
            ),
            models.Index(fields=["handler", "next_due"], name="case_of_handler", condition=Q(open=True)),
            models.Index(fields=["unit", "registered_at"], name="case_by_month"),
            models.Index(fields=["company", "registered_at", "id"], name="case_by_registration"),
            models.Index(fields=["unit", "closed_at"], name="case_by_closing"),
            models.Index(fields=["household", "category"], name="case_repetition"),
            models.Index(fields=["company", "external_number"], name="case_external"),
            models.Index(
                fields=["company", "approval_post"], name="case_approval", condition=~Q(approval_post="")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseEvent(models.Model):
    """An event of a case, for timelines and figures. The journal's entry beside it is the evidence."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="case_event")
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_name = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict, help_text="codes and times; the words are in the journal's texts")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["case", "at", "id"]),
            models.Index(fields=["company", "name", "at"]),
        ]


class CaseClock(models.Model):
    """One run of a clock. The latest run of each name is the slot of the design."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    name = models.CharField(max_length=60)
    key = models.CharField(max_length=80, blank=True, help_text="the slip or promise that the clock is about")
    run = models.PositiveSmallIntegerField(default=1, help_text="1, 2 … of this name and key in this case")
    round = models.PositiveSmallIntegerField(default=1)
    clause = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10)
    started = models.DateTimeField()
    due = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned = models.BooleanField(default=False)
    breached = models.BooleanField(default=False)
    breached_due = models.DateTimeField(null=True)
    stopped = models.DateTimeField(null=True)
    limit = models.CharField(max_length=60, blank=True)
    limit_due = models.DateTimeField(
        null=True, help_text="what the limit gives where the customer asked for another time"
    )
    asked = models.BooleanField(default=False)
    estimated = models.BooleanField(default=False, help_text="counted through a year not yet announced")
    next_at = models.DateTimeField(
        null=True, help_text="when time alone brings something; null when nothing will"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "name", "key", "run"], name="clock_run_unique")
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="clock_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["company", "name", "due"]),
        ]


class CaseLink(models.Model):
    """This case and another one: a repetition, a duplicate, a part, or just related."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    to = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    relation = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "to", "relation"], name="case_link_unique")
        ]


class Attachment(models.Model):
    """A file of a case. Whoever may see the case may see it."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    voided_at = models.DateTimeField(null=True, help_text="taken down; the reason is in the journal")

    class Meta:
        ordering: ClassVar = ["id"]


class SavedView(models.Model):
    """A person's own choice of filters, with a name."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, help_text="the list's query string")

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_unique")]


class Draft(models.Model):
    """A registration that is not finished: kept while somebody types, gone once it is registered.

    `uuid` is made by the page and becomes the case's: sending the same draft twice makes one case.
    """

    uuid = models.UUIDField(unique=True)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    label = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict, help_text="the form's fields as typed")
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-updated_at"]
        indexes: ClassVar = [models.Index(fields=["updated_at"])]


class DraftFile(models.Model):
    """A file that came before its case."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="draft_files")
    name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "stored"], name="draft_file_once")]


class VisitDraw(models.Model):
    """The return visits of one period by one rule: out of how many, by which seed. Anybody can draw it again.

    `rule` is the rule's place among the edition's follow-ups, `ends` the day after the period. The cases are
    those of `share` with the smallest SHA-256 of `seed/number`.
    """

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    rule = models.PositiveSmallIntegerField()
    begins = models.DateField()
    ends = models.DateField()
    share = models.FloatField()
    seed = models.CharField(max_length=120)
    population = models.PositiveIntegerField(default=0)
    drawn_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-begins", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "rule", "begins"], name="one_draw_a_period")
        ]


class DrawnVisit(models.Model):
    """A case whose customer is to be visited because it was drawn, also where it is closed by now."""

    draw = models.ForeignKey(VisitDraw, on_delete=models.CASCADE, related_name="visits")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drawn_visits")
    due = models.DateTimeField(null=True)
    visited_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draw", "case"], name="drawn_once")]
        indexes: ClassVar = [
            models.Index(fields=["case"], condition=Q(visited_at=None), name="drawn_visit_to_make")
        ]
