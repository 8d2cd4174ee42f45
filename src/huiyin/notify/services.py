"""What people do with notifications and robots."""

from __future__ import annotations

import uuid as uuids
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.journal.services import record_action
from huiyin.notify.channels import robots
from huiyin.notify.channels.addresses import allowed
from huiyin.notify.models import Notification, Preference, Robot, RobotKind
from huiyin.notify.selectors import ordinary_new, own
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit


@transaction.atomic
def acknowledge(*, actor: Actor, uuid: uuids.UUID) -> Notification:
    """Say that one has seen it and takes care: it climbs no further and is settled for all who were told.

    Pressing twice is once.
    """
    notification = _own(actor, uuid)
    if notification.acknowledged_at is not None:
        return notification
    moment = clock.now()
    same = Notification.objects.filter(company_id=actor.company_id, matter=notification.matter)
    same.update(climbs_at=None)
    same.filter(settled_at__isnull=True).update(settled_at=moment, settled_by=actor.name[:80])
    notification.refresh_from_db()
    notification.acknowledged_at = moment
    notification.read_at = notification.read_at or moment
    notification.save(update_fields=["acknowledged_at", "read_at"])
    record_action(
        actor=actor,
        subject_kind="notification",
        subject_id=notification.pk,
        name="notification_acknowledged",
        data={
            "matter": notification.matter,
            "what": notification.what,
            "case": notification.case.number if notification.case else "",
        },
    )
    return notification


def mark_read(*, actor: Actor, uuid: uuids.UUID | None = None) -> int:
    """Mark one notification, or all of one's own, as read; what must be acknowledged stays to be."""
    rows = own(actor).filter(read_at__isnull=True)
    if uuid is not None:
        rows = rows.filter(uuid=uuid)
    return rows.update(read_at=clock.now())


def mark_new_read(*, actor: Actor) -> int:
    """Somebody looked at the list of new cases: they are news no more."""
    waiting = list(ordinary_new(own(actor)).values_list("pk", flat=True))
    return Notification.objects.filter(pk__in=waiting).update(read_at=clock.now())


def _own(actor: Actor, uuid: uuids.UUID) -> Notification:
    found = own(actor).filter(uuid=uuid).select_for_update(of=("self",)).select_related("case").first()
    if found is None:
        raise NotFound(_("没有这条通知。"))
    return found


@transaction.atomic
def save_robot(
    *,
    actor: Actor,
    unit: Unit,
    kind: str,
    name: str,
    url: str,
    secret: str = "",
    active: bool = True,
    robot: Robot | None = None,
) -> Robot:
    """Make or change a robot. An empty address or secret keeps the one it has. Raises InvalidInput."""
    actor.require(Capability.ADMIN, unit.pk)
    if robot is not None:
        actor.require(Capability.ADMIN, robot.unit_id)
    if kind not in RobotKind.values:
        raise InvalidInput(_("请选择机器人的种类。"), fields={"kind": _("请选择")})
    row = robot or Robot(company_id=actor.company_id)
    address = url.strip() or row.url
    if not address or not allowed(kind, address):
        hint = _("请粘贴从%(kind)s复制的地址，以 https:// 开头") % {"kind": RobotKind(kind).label}
        raise InvalidInput(_("机器人的地址不对。"), fields={"url": hint})
    row.unit, row.kind, row.name, row.active = unit, kind, name.strip() or str(RobotKind(kind).label), active
    if url.strip():
        row.last_error = ""
    row.url, row.secret = address, secret.strip() or row.secret
    row.save()
    record_action(
        actor=actor,
        subject_kind="robot",
        subject_id=row.pk,
        name="robot_saved",
        data={"kind": kind, "unit": unit.code, "active": active, "address_changed": bool(url.strip())},
    )
    return row


def try_robot(*, actor: Actor, robot: Robot, text: str) -> None:
    """Say one line in the group now. Raises NotDelivered with what came of it."""
    actor.require(Capability.ADMIN, robot.unit_id)
    with transaction.atomic():
        record_action(actor=actor, subject_kind="robot", subject_id=robot.pk, name="robot_tried")
    try:
        robots.send(kind=robot.kind, url=robot.url, secret=robot.secret, text=text)
    except robots.NotDelivered as error:
        Robot.objects.filter(pk=robot.pk).update(last_error=error.stored)
        raise
    Robot.objects.filter(pk=robot.pk).update(last_error="", last_sent_at=clock.now())


@transaction.atomic
def save_preference(
    *, actor: Actor, mail: bool, quiet_from: time | None = None, quiet_until: time | None = None
) -> Preference:
    """How one wants to be told beside the page."""
    if actor.person is None:
        raise NotFound(_("没有登录。"))
    if (quiet_from is None) != (quiet_until is None):
        empty = "quiet_from" if quiet_from is None else "quiet_until"
        raise InvalidInput(_("不发邮件的时间要填起止两个。"), fields={empty: _("请填写")})
    row, _made = Preference.objects.update_or_create(
        person=actor.person, defaults={"mail": mail, "quiet_from": quiet_from, "quiet_until": quiet_until}
    )
    record_action(
        actor=actor,
        subject_kind="person",
        subject_id=actor.person.pk,
        name="notify_preference_saved",
        data={"mail": mail},
    )
    return row
