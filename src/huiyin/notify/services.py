"""Telling people, and their saying that they have seen it."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.core import clock
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.core.outbox import enqueue
from huiyin.journal.services import record_action
from huiyin.notify.models import Notification, Preference, Robot, RobotKind
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Person, Unit
from huiyin.organization.selectors import holders, superior_post

# What was not acknowledged by then goes to the superior post.
CLIMB_AFTER = timedelta(minutes=30)
# These must be acknowledged by somebody.
MUST_ACKNOWLEDGE = frozenset({"breached", "escalated"})


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to tell: `key` names it for ever, so that it is told once."""

    key: str
    what: str
    at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    clause: str = ""


def tell_post(*, case: Case, matter: Matter, post: str) -> list[Notification]:
    """Tell whoever holds a post for the case's unit at this hour; upward where nobody does."""
    unit_id = case.assigned_unit_id or case.unit_id
    people = holders(company_id=case.company_id, post=post, unit_id=unit_id)
    return tell(case=case, matter=matter, people=people, post=post)


def tell(*, case: Case, matter: Matter, people: Iterable[Person], post: str = "") -> list[Notification]:
    """Write a notification for each person in the caller's transaction, and ask for mail after commit."""
    must = matter.what in MUST_ACKNOWLEDGE
    told = []
    for person in people:
        key = f"{matter.key}:{person.pk}"
        notification, created = Notification.objects.get_or_create(
            key=key,
            defaults={
                "company_id": case.company_id,
                "person": person,
                "case": case,
                "matter": matter.key,
                "what": matter.what,
                "params": dict(matter.params),
                "clause": matter.clause,
                "post": post,
                "at": matter.at,
                "must_acknowledge": must,
                "climbs_at": clock.now() + CLIMB_AFTER if must and post else None,
            },
        )
        if created:
            told.append(notification)
            _ask_for_mail(notification, person)
    return told


def _ask_for_mail(notification: Notification, person: Person) -> None:
    if not person.email:
        return
    wish = Preference.objects.filter(person=person).first()
    if wish is not None and not wish.mail:
        return
    enqueue(
        key=f"mail:{notification.key}",
        topic="notify.mail",
        payload={"notification": notification.pk},
        company_id=notification.company_id,
        at=_after_quiet(wish, clock.now()) if wish is not None else None,
    )


def _after_quiet(wish: Preference, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls in."""
    if wish.quiet_from is None or wish.quiet_until is None:
        return moment
    time = moment.timetz().replace(tzinfo=None)
    over_midnight = wish.quiet_from > wish.quiet_until
    quiet = (
        time >= wish.quiet_from or time < wish.quiet_until
        if over_midnight
        else wish.quiet_from <= time < wish.quiet_until
    )
    if not quiet:
        return moment
    end = moment.replace(hour=wish.quiet_until.hour, minute=wish.quiet_until.minute, second=0)
    return end if end > moment else end + timedelta(days=1)


def tell_robots(*, case: Case, matter: Matter) -> None:
    """Ask every robot of the case's unit or above it to say it, after commit."""
    upward = case.unit.ancestors(include_self=True).values_list("pk", flat=True)
    for robot in Robot.objects.filter(company_id=case.company_id, unit_id__in=list(upward), active=True):
        enqueue(
            key=f"robot:{robot.pk}:{matter.key}",
            topic="notify.robot",
            payload={
                "robot": robot.pk,
                "case": case.pk,
                "what": matter.what,
                "params": dict(matter.params),
            },
            company_id=case.company_id,
        )


@transaction.atomic
def acknowledge(*, actor: Actor, uuid: uuids.UUID) -> Notification:
    """Say that one has seen it and takes care: it climbs no further. Pressing twice is once."""
    notification = _own(actor, uuid)
    moment = clock.now()
    if notification.acknowledged_at is None:
        Notification.objects.filter(company_id=actor.company_id, matter=notification.matter).update(
            climbs_at=None
        )
        notification.acknowledged_at = moment
        notification.read_at = notification.read_at or moment
        notification.climbs_at = None
        notification.save(update_fields=["acknowledged_at", "read_at", "climbs_at"])
        record_action(
            actor=actor,
            subject_kind="notification",
            subject_id=notification.pk,
            name="acknowledged",
            data={"matter": notification.matter, "what": notification.what},
        )
    return notification


def mark_read(*, actor: Actor, uuid: uuids.UUID | None = None) -> int:
    """Mark one notification, or all of one's own, as read; what must be acknowledged stays to be."""
    rows = Notification.objects.filter(person_id=actor.person_id, read_at__isnull=True)
    if uuid is not None:
        rows = rows.filter(uuid=uuid)
    return rows.update(read_at=clock.now())


def _own(actor: Actor, uuid: uuids.UUID) -> Notification:
    rows = Notification.objects.select_for_update()
    found = rows.filter(uuid=uuid, person_id=actor.person_id, company_id=actor.company_id).first()
    if found is None or actor.person_id is None:
        raise NotFound(_("没有这条通知。"))
    return found


def climb(now: datetime, *, limit: int = 500) -> int:
    """Tell the superior post of what nobody acknowledged in time; returns how many climbed."""
    due = Notification.objects.filter(climbs_at__lte=now).order_by("climbs_at").values_list("pk", flat=True)
    return sum(_climb_one(pk, now) for pk in list(due[:limit]))


@transaction.atomic
def _climb_one(pk: int, now: datetime) -> bool:
    rows = Notification.objects.select_for_update(of=("self",)).select_related("case__unit")
    one = rows.filter(pk=pk, climbs_at__lte=now).first()
    if one is None or one.case is None:
        return False
    one.climbs_at = None
    one.save(update_fields=["climbs_at"])
    told = Notification.objects.filter(matter=one.matter)
    if told.filter(acknowledged_at__isnull=False).exists():
        return False
    above = superior_post(company_id=one.company_id, post=one.post)
    if not above or told.filter(post=above).exists():
        return False
    matter = Matter(key=one.matter, what=one.what, at=one.at, params=one.params, clause=one.clause)
    return bool(tell_post(case=one.case, matter=matter, post=above))


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
    if kind not in RobotKind.values:
        raise InvalidInput(_("请选择机器人的种类。"), fields={"kind": _("请选择")})
    if url and not url.startswith("https://") and not url.startswith("http://127.0.0.1:"):
        raise InvalidInput(_("机器人的地址不对。"), fields={"url": _("请粘贴 https:// 开头的地址")})
    if robot is None and not url:
        raise InvalidInput(_("请填写机器人的地址。"), fields={"url": _("请粘贴 https:// 开头的地址")})
    row = robot or Robot(company_id=actor.company_id)
    row.unit, row.kind, row.name, row.active = unit, kind, name.strip() or str(RobotKind(kind).label), active
    row.url, row.secret = url or row.url, secret or row.secret
    row.save()
    record_action(
        actor=actor,
        subject_kind="robot",
        subject_id=row.pk,
        name="robot_saved",
        data={"kind": kind, "unit": unit.code, "active": active},
    )
    return row


@transaction.atomic
def save_preference(
    *, actor: Actor, mail: bool, quiet_from: Any = None, quiet_until: Any = None
) -> Preference:
    """How one wants to be told beside the page."""
    if actor.person is None:
        raise NotFound(_("没有登录。"))
    row, _created = Preference.objects.update_or_create(
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


def unread(actor: Actor) -> int:
    """How many of one's own are not read, capped at 100."""
    rows = Notification.objects.filter(
        Q(read_at__isnull=True) | Q(must_acknowledge=True, acknowledged_at__isnull=True),
        person_id=actor.person_id,
    )
    return rows[:100].count()
