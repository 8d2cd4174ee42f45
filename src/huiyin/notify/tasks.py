"""Sending after commit, and climbing as time passes."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation

from huiyin.cases.models import Case
from huiyin.config.environment import environment
from huiyin.core import clock
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import handles
from huiyin.core.ticking import ticks
from huiyin.notify.channels import robots
from huiyin.notify.climbing import climb
from huiyin.notify.models import Notification, Robot
from huiyin.notify.sentences import sentence


@handles("notify.mail")
def send_mail(row: OutboxRow) -> None:
    """One mail for one notification; its message id is the notification's: a repeat is seen as one.

    Who has read it in the page by then needs no mail.
    """
    found = Notification.objects.select_related("person", "case__edition").filter(
        pk=row.payload["notification"], person__is_active=True, read_at__isnull=True
    )
    notification = found.first()
    if notification is None or notification.case is None or not notification.person.email:
        return
    with translation.override(notification.person.language or settings.LANGUAGE_CODE):
        text = sentence(what=notification.what, case=notification.case, params=notification.params)
    link = f"{environment().base_url}/cases/{notification.case.number}/"
    EmailMessage(
        subject=text,
        body=f"{text}\n\n{link}\n",
        to=[notification.person.email],
        headers={"Message-ID": f"<{notification.uuid}@huiyin>"},
    ).send()


@handles("notify.robot")
def send_to_robot(row: OutboxRow) -> None:
    """One message of one robot. A failure is written on the robot's page and tried again later."""
    robot = Robot.objects.filter(pk=row.payload["robot"], active=True, company_id=row.company_id).first()
    case = Case.objects.select_related("edition").filter(pk=row.payload["case"]).first()
    if robot is None or case is None:
        return
    text = sentence(what=row.payload["what"], case=case, params=row.payload["params"])
    link = f"{environment().base_url}/cases/{case.number}/"
    try:
        robots.send(kind=robot.kind, url=robot.url, secret=robot.secret, text=f"{text}\n{link}")
    except robots.NotDelivered as error:
        Robot.objects.filter(pk=robot.pk).update(last_error=error.stored)
        raise
    Robot.objects.filter(pk=robot.pk).update(last_error="", last_sent_at=clock.now())


@ticks("notify.climb")
def climb_unacknowledged(now: datetime) -> int:
    return climb(now)
