"""Who holds which post from when to when, and who stands in."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.authority import (
    administers,
    keeping_an_administrator,
    may_see_person,
    require_may_grant,
)
from huiyin.organization.models import Holding, Person, Post, StandIn, Unit
from huiyin.organization.recording import record


@transaction.atomic
def give_post(
    *, actor: Actor, person: Person, post: Post, unit: Unit, since: date, until: date | None = None
) -> Holding:
    """Put a person into a post of a unit, from one day to another (both included) or without end."""
    require_may_grant(actor, post, unit)
    if not may_see_person(actor, person):
        raise NotFound(_("没有这个人。"))
    if not unit.active or not post.active:
        raise InvalidInput(_("部门或岗位已停用。"))
    if until is not None and until < since:
        message = _("截止日不能早于起始日。")
        raise InvalidInput(message, fields={"until": message})
    overlapping = Holding.objects.filter(
        Q(until__isnull=True) | Q(until__gte=since), person=person, post=post, unit=unit
    )
    if until is not None:
        overlapping = overlapping.filter(since__lte=until)
    if overlapping.exists():
        raise Conflict(
            _("%(name)s在这段时间已经担任%(unit)s的%(post)s。")
            % {"name": person.name, "unit": unit.name, "post": post.name}
        )
    holding = Holding.objects.create(
        company_id=actor.company_id, person=person, post=post, unit=unit, since=since, until=until
    )
    _record(actor, holding, "post_given")
    return holding


@transaction.atomic
def end_holding(*, actor: Actor, holding: Holding, last_day: date) -> None:
    """The post is held to the end of `last_day`. One that had not begun by then is taken back altogether."""
    _require(actor, holding)
    with keeping_an_administrator(actor):
        if last_day < holding.since:
            _record(actor, holding, "post_withdrawn")
            holding.stand_ins.all().delete()
            holding.delete()
            return
        holding.until = last_day
        holding.save(update_fields=["until"])
        holding.stand_ins.filter(since__gt=last_day).delete()
        holding.stand_ins.filter(until__gt=last_day).update(until=last_day)
        _record(actor, holding, "post_ended")


@transaction.atomic
def add_stand_in(
    *, actor: Actor, holding: Holding, person: Person, since: date, until: date, reason: str = ""
) -> StandIn:
    """While the stand-in is there, what comes to the post goes to him and not to the holder."""
    _require(actor, holding)
    require_may_grant(actor, holding.post, holding.unit)
    if not may_see_person(actor, person):
        raise NotFound(_("没有这个人。"))
    if person.pk == holding.person_id:
        raise InvalidInput(_("自己不能代理自己。"))
    if not person.is_active:
        raise InvalidInput(_("%(name)s的账号已停用。") % {"name": person.name})
    if until < since:
        message = _("截止日不能早于起始日。")
        raise InvalidInput(message, fields={"until": message})
    if holding.stand_ins.filter(since__lte=until, until__gte=since).exists():
        raise Conflict(_("这段时间已经有人代理。"))
    stand_in = StandIn.objects.create(
        company_id=actor.company_id,
        holding=holding,
        person=person,
        since=since,
        until=until,
        reason=reason.strip(),
    )
    _record(
        actor,
        holding,
        "stand_in_added",
        person=person.pk,
        stand_in_since=since.isoformat(),
        stand_in_until=until.isoformat(),
    )
    return stand_in


@transaction.atomic
def end_stand_in(*, actor: Actor, stand_in: StandIn) -> None:
    """Back from today on; one that had not begun by yesterday is taken back altogether."""
    _require(actor, stand_in.holding)
    yesterday = clock.today() - timedelta(days=1)
    if stand_in.until <= yesterday:
        raise Conflict(_("代理已经结束。"))
    _record(actor, stand_in.holding, "stand_in_ended", person=stand_in.person_id)
    if stand_in.since > yesterday:
        stand_in.delete()
    else:
        stand_in.until = yesterday
        stand_in.save(update_fields=["until"])


def _require(actor: Actor, holding: Holding) -> None:
    if holding.company_id != actor.company_id:
        raise NotFound(_("没有这项任职。"))
    if not administers(actor, holding.post, holding.unit):
        raise Forbidden(_("这项任职超出您的管理范围。"))


def _record(actor: Actor, holding: Holding, name: str, **data: object) -> None:
    record(
        actor=actor,
        subject_kind="person",
        subject_id=holding.person_id,
        name=name,
        data={
            "post": holding.post.code,
            "unit": holding.unit.code,
            "since": holding.since.isoformat(),
            "until": holding.until.isoformat() if holding.until else None,
            **data,
        },
    )
