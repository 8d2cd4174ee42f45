"""Units, posts, people, and who holds which post when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode

from huiyin.core.ids import new_uuid


class Capability(models.TextChoices):
    """What a post may do in the application. A pack grants them; rules of the procedure come on top."""

    REGISTER = "register", _("登记")
    VIEW = "view", _("查看工单")
    HANDLE = "handle", _("处理")
    JUDGE = "judge", _("判定")
    ASSIGN = "assign", _("派单")
    APPROVE = "approve", _("审批")
    FOLLOW_UP = "follow_up", _("回访")
    REPORT = "report", _("查看报表")
    PUBLISH = "publish", _("签发报表")
    CUSTOMERS = "customers", _("维护业主资料")
    PROCEDURES = "procedures", _("管理程序文件")
    ADMIN = "admin", _("系统管理")
    AUDIT = "audit", _("审核")
    IMPORT = "import", _("导入")


class UnitKind(models.TextChoices):
    GROUP = "group", _("集团")
    COMPANY = "company", _("公司")
    BRANCH = "branch", _("分公司")
    SITE = "site", _("管理处")
    DEPARTMENT = "department", _("部门")
    TEAM = "team", _("班组")


class Unit(TreeNode):  # type: ignore[misc]
    """A node of the organisation. The root of a tree is the company that everything else belongs to."""

    company = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="the root; its own for a root",
    )
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "code"], name="unit_code_unique_in_company")
        ]

    def __str__(self) -> str:
        return self.name


class Person(AbstractUser):
    """Somebody who signs in. A person belongs to one company and sees nothing of another."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="people")
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="where the person belongs: its administrator looks after the account",
    )
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=10, blank=True)
    must_change_password = models.BooleanField(default=False)

    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Post(models.Model):
    """A responsibility that rules name. Made from the pack when it is installed."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    reports_to = models.CharField(max_length=60, blank=True, help_text="code of the superior post")
    may = models.JSONField(default=list, help_text="list of Capability values")
    whole_company = models.BooleanField(default=False, help_text="sees the whole company, not only its unit")
    second_factor = models.BooleanField(default=False, help_text="whoever holds it signs in with two steps")
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "code"], name="post_code_unique_in_company")
        ]

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """A person holds a post in a unit from one day to another, both included."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "post", "since"]), models.Index(fields=["person"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="holding_ends_after_it_begins",
            )
        ]


class StandIn(models.Model):
    """Somebody acts for an absent holder of a post, on these days."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="stand_ins")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stand_ins")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="stand_in_ends_after_it_begins")
        ]


class Shift(models.Model):
    """The duty roster: who is on duty for a post of a unit in these hours."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="shifts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "post", "starts"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="shift_ends_after_it_begins")
        ]


class ApiToken(models.Model):
    """A program's key. It acts in a post within one unit's subtree, with some of that post's capabilities.

    The secret is shown once, when it is made. What is kept is SHA-256 of it: the secret has 256 random bits,
    so that a slow hash would add nothing but time to each request.
    """

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    may = models.JSONField(default=list, help_text="list of Capability values, some of the post's")
    prefix = models.CharField(
        max_length=12, unique=True, help_text="the part of the secret that may be shown"
    )
    digest = models.CharField(max_length=64)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
