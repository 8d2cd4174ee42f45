"""What people are told, and what they said they have seen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.core.ids import new_uuid
from huiyin.organization.models import Person, Unit


class Notification(models.Model):
    """One thing one person is told about a case. `key` makes it once however often it is asked for.

    What must be acknowledged climbs: at `climbs_at` the superior post is told too, until somebody says that
    he has seen it; that settles it for all who were told of the same `matter`.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notifications")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="notifications")
    key = models.CharField(max_length=200, unique=True)
    matter = models.CharField(max_length=200, help_text="the effect that all these notifications are about")
    what = models.CharField(max_length=40, help_text="warned, breached, assigned, approval_required …")
    params = models.JSONField(default=dict, help_text="codes for the sentence; no personal text")
    clause = models.CharField(max_length=60, blank=True)
    post = models.CharField(max_length=60, blank=True, help_text="the post it was told to")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    must_acknowledge = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True, help_text="when anybody took care of the matter")
    settled_by = models.CharField(max_length=80, blank=True, help_text="who said so; empty: it was done")
    climbs_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "read_at", "id"], name="notification_of_person"),
            models.Index(
                fields=["climbs_at"], name="notification_climbs", condition=Q(climbs_at__isnull=False)
            ),
            models.Index(fields=["matter"], name="notification_matter"),
            models.Index(fields=["case", "what"], name="notification_of_case"),
        ]


class RobotKind(models.TextChoices):
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    FEISHU = "feishu", _("飞书")


class Robot(models.Model):
    """A group robot that is told what concerns a unit and everything below it."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="robots")
    kind = models.CharField(max_length=20, choices=RobotKind.choices)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500, help_text="the webhook's address; it is a secret")
    secret = models.CharField(
        max_length=200, blank=True, help_text="for signed robots of DingTalk and Feishu"
    )
    active = models.BooleanField(default=True)
    last_error = models.CharField(max_length=500, blank=True, help_text="code and detail")
    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]


class Preference(models.Model):
    """How a person wants to be told beside the page."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="notify_preference")
    mail = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
