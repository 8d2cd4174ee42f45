"""Reading notifications and robots."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.selectors import visible_cases
from huiyin.core.errors import NotFound
from huiyin.notify.models import Notification, Robot
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability


def own(actor: Actor) -> QuerySet[Notification]:
    """What the actor himself was told; nothing where nobody is signed in."""
    if actor.person_id is None:
        return Notification.objects.none()
    return Notification.objects.filter(person_id=actor.person_id, company_id=actor.company_id)


def ordinary_new(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """New cases that are not urgent and that nobody has looked at."""
    return rows.filter(what="registered", read_at__isnull=True).exclude(params__urgent=True)


def own_notifications(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[Notification]:
    """One's own, newest first; `before` is the id the page before ended with.

    New cases that wait to be looked at are left out: they are one line, see `new_cases`.
    """
    rows = own(actor).select_related("case__edition").defer("case__edition__pack", "case__edition__forms")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if new_cases(actor) > 1:
        rows = rows.exclude(pk__in=ordinary_new(own(actor)).values("pk"))
    return list(rows[:limit])


def seen_cases(actor: Actor, rows: Iterable[Notification]) -> dict[int, Case]:
    """The cases of notifications that the actor may look at still, by their id."""
    wanted = {row.case_id for row in rows if row.case_id is not None}
    cases = visible_cases(actor).filter(pk__in=wanted)
    return cases.select_related("unit", "customer", "place", "equipment").in_bulk()


def new_cases(actor: Actor) -> int:
    """How many ordinary new cases one has been told of and not looked at, capped at 100."""
    return ordinary_new(own(actor))[:100].count()


def unread(actor: Actor) -> int:
    """How many of one's own ask for a look, capped at 100. New ordinary cases count as one together."""
    waiting = Q(read_at__isnull=True) | Q(must_acknowledge=True, settled_at__isnull=True)
    others = own(actor).filter(waiting).exclude(pk__in=ordinary_new(own(actor)).values("pk"))
    return others[:100].count() + ordinary_new(own(actor)).exists()


def visible_robots(actor: Actor) -> QuerySet[Robot]:
    return Robot.objects.filter(
        company_id=actor.company_id, unit_id__in=actor.unit_ids(Capability.ADMIN)
    ).select_related("unit")


def get_robot(actor: Actor, uuid: uuids.UUID) -> Robot:
    found = visible_robots(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(_("没有这个机器人。"))
    return found


def get_own(actor: Actor, uuid: uuids.UUID) -> Notification:
    found = own(actor).filter(uuid=uuid).select_related("case").first()
    if found is None:
        raise NotFound(_("没有这条通知。"))
    return found
