"""Reading notifications and robots."""

from __future__ import annotations

import uuid as uuids

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.core.errors import NotFound
from huiyin.notify.models import Notification, Robot
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability


def own_notifications(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[Notification]:
    """One's own, newest first; `before` is the id the page before ended with."""
    rows = Notification.objects.filter(person_id=actor.person_id).select_related("case__edition")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit]) if actor.person_id else []


def visible_robots(actor: Actor) -> QuerySet[Robot]:
    return Robot.objects.filter(
        company_id=actor.company_id, unit_id__in=actor.unit_ids(Capability.ADMIN)
    ).select_related("unit")


def get_robot(actor: Actor, uuid: uuids.UUID) -> Robot:
    found = visible_robots(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(_("没有这个机器人。"))
    return found
