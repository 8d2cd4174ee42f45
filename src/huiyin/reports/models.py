"""What the figures read, and what was issued from them.

`Snapshot`, `OpenSpan` and `PromiseRun` are kept beside the cases by `projection`, event by event, each with
the time at which it was known. So a figure "as known at the cut-off" is one grouped query, even years later.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.core.ids import new_uuid
from huiyin.organization.models import Person, Unit
from huiyin.reports.periods import parse_period


class Snapshot(models.Model):
    """A case as it was known from one moment to the next. The present one has no `known_until`."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="snapshots", db_index=False)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)

    registered_at = models.DateTimeField()
    month = models.PositiveIntegerField(help_text="of registration, 201904, in the installation's zone")
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=20)
    open = models.BooleanField()
    channel = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=40, blank=True)
    validity = models.CharField(max_length=20, blank=True)

    answer_started = models.DateTimeField(null=True)
    answer_due = models.DateTimeField(null=True)
    answer_stopped = models.DateTimeField(null=True)
    answer_state = models.CharField(
        max_length=10, blank=True, help_text="of the first round's clock to answer"
    )
    answer_breached = models.BooleanField(default=False)
    asked_beyond = models.BooleanField(default=False, help_text="the customer asked for later than the limit")
    rework_due = models.DateTimeField(null=True, help_text="of the running clock to answer of a later round")
    rework_late = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    solve_seconds = models.BigIntegerField(null=True)
    chased = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=30, blank=True, help_text="of the latest follow-up")
    visit_own = models.BooleanField(null=True, help_text="by whoever handled the case")
    approved_closure = models.BooleanField(default=False)
    downgraded = models.BooleanField(
        default=False, help_text="due later by a change shortly before the deadline"
    )
    late_entry = models.BooleanField(default=False, help_text="registered long after it was told")
    late_event = models.BooleanField(default=False, help_text="something else of it was entered long after")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], name="one_present_snapshot", condition=Q(known_until__isnull=True)
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "known_from"], name="snapshot_of_case"),
            models.Index(
                fields=["company", "month"],
                name="snapshot_present_company",
                condition=Q(known_until__isnull=True),
            ),
            models.Index(
                fields=["unit", "month"], name="snapshot_present_unit", condition=Q(known_until__isnull=True)
            ),
            models.Index(fields=["company", "month", "known_until"], name="snapshot_company_month"),
            models.Index(fields=["unit", "month", "known_until"], name="snapshot_unit_month"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.known_from:%Y-%m-%d %H:%M}"


class SpanOpened(models.TextChoices):
    NEW = "new", _("新收")
    REOPENED = "reopened", _("重开")


class OpenSpan(models.Model):
    """A case was open from one moment to another: the balance of open cases is made of these.

    `closed_as` is the state it ended in: closed, withdrawn, returned, voided.
    """

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="spans")
    registered_at = models.DateTimeField()
    opened_as = models.CharField(max_length=10, choices=SpanOpened.choices)
    opened_at = models.DateTimeField()
    opened_known = models.DateTimeField()
    closed_as = models.CharField(max_length=20, blank=True)
    approved = models.BooleanField(
        default=False, help_text="closed by approval, without the customer's consent"
    )
    closed_at = models.DateTimeField(null=True)
    closed_known = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], name="one_running_span", condition=Q(closed_at__isnull=True)
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "closed_at"], name="span_company_closed"),
            models.Index(fields=["company", "closed_known"], name="span_company_known"),
            models.Index(fields=["unit", "closed_at"], name="span_unit_closed"),
            models.Index(fields=["unit", "closed_known"], name="span_unit_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.opened_at:%Y-%m-%d}"


class PromiseRun(models.Model):
    """One promise of a case and what became of it."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="promises")
    month = models.PositiveIntegerField(help_text="of the case's registration")
    key = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    known_from = models.DateTimeField()
    due = models.DateTimeField()
    state = models.CharField(max_length=10)
    breached = models.BooleanField(default=False)
    stopped = models.DateTimeField(null=True)
    stopped_known = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key", "made_at"], name="promise_run_unique")
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "month"], name="promise_company_month"),
            models.Index(fields=["unit", "month"], name="promise_unit_month"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class PeriodKind(models.TextChoices):
    MONTH = "month", _("月度")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年度")


class IssuedReport(models.Model):
    """A report as it was issued. The row is never written again: what happened to it since are its acts."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    period_kind = models.CharField(max_length=10, choices=PeriodKind.choices)
    period = models.CharField(max_length=10, help_text="2019-04, 2019-Q2, 2019")
    cutoff = models.DateTimeField()
    figures = models.JSONField(help_text="everything the page, Word, PDF and XLSX show")
    remark = models.TextField(blank=True, help_text="what the issuer says to the figures")
    approver_post = models.CharField(max_length=60, blank=True, help_text="who must approve by the procedure")
    clause = models.CharField(max_length=60, blank=True)
    issued_by = models.CharField(max_length=80)
    issuer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="SHA-256 over content and lists; also in the journal")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="report_number_unique_in_company")
        ]
        indexes: ClassVar = [models.Index(fields=["company", "unit", "period"], name="report_of_period")]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """The period in words."""
        return parse_period(self.period).title

    @property
    def progress(self) -> str:
        """declined, published, approved, waiting (for approval) or issued."""
        done = {act.kind for act in self.acts.all()}
        for kind in (ActKind.DECLINED, ActKind.PUBLISHED, ActKind.APPROVED):
            if kind in done:
                return str(kind)
        return "waiting" if self.approver_post else "issued"


class IssuedList(models.Model):
    """The cases behind one figure of an issued report, in order; a case stands twice that counted twice."""

    report = models.ForeignKey(IssuedReport, on_delete=models.PROTECT, related_name="lists")
    figure = models.CharField(max_length=40)
    bucket = models.CharField(max_length=200, blank=True, help_text="site=A&category=漏水")
    cases = models.JSONField(help_text="ids of cases")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "figure", "bucket"], name="issued_list_unique")
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.bucket}"


class ActKind(models.TextChoices):
    APPROVED = "approved", _("批准")
    DECLINED = "declined", _("退回重做")
    PUBLISHED = "published", _("公布")
    DECIDED = "decided", _("改进决定")


class Decision(models.TextChoices):
    CORRECTIVE = "corrective", _("采取纠正措施")
    PREVENTIVE = "preventive", _("采取预防措施")
    NONE = "none", _("不需要采取措施")


class ReportAct(models.Model):
    """What somebody did with an issued report."""

    report = models.ForeignKey(IssuedReport, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=ActKind.choices)
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    text = models.TextField(blank=True)
    post = models.CharField(max_length=60, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.report} {self.kind}"


class WeeklyReview(models.Model):
    """A department's head has looked through the week's records and slips. One for each unit and week."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    week = models.DateField(help_text="its Monday")
    cases = models.JSONField(help_text="ids of the cases that were looked through")
    slips = models.JSONField(default=list, help_text="numbers of the slips")
    remark = models.TextField(blank=True)
    post = models.CharField(max_length=60, blank=True)
    by = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-week"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "week"], name="one_review_a_week")]

    def __str__(self) -> str:
        return f"{self.unit} {self.week}"


class Objective(models.Model):
    """What the company aims at for a rate, from a month on: the line in the trend."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    rate = models.CharField(max_length=40)
    since = models.PositiveIntegerField(help_text="month, 201904")
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "rate", "since"], name="objective_unique")
        ]

    def __str__(self) -> str:
        return f"{self.rate} {self.percent}%"
