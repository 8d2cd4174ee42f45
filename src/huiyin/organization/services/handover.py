"""Handing everything of a leaving person to another in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.core.ids import new_uuid
from huiyin.organization.actors import Actor
from huiyin.organization.authority import keeping_an_administrator, may_see_person, require_manageable
from huiyin.organization.models import Holding, Person, Shift, StandIn
from huiyin.organization.recording import record
from huiyin.organization.services.people import deactivate_person


@dataclass(frozen=True, slots=True)
class HandoverHook:
    """A kind of open matters that a room keeps for people.

    `count(leaving)` says how many; `move(actor, leaving, to, reason)` gives them to the other through the
    room's own service, inside the caller's transaction, and returns how many it moved.
    """

    kind: str
    label: str | Promise
    count: Callable[[Person], int]
    move: Callable[[Actor, Person, Person, str], int]


@dataclass(frozen=True, slots=True)
class Moving:
    kind: str
    label: str
    count: int


_hooks: dict[str, HandoverHook] = {}


def register_handover(hook: HandoverHook) -> None:
    """Called in `AppConfig.ready` of the room that keeps open matters for people."""
    _hooks[hook.kind] = hook


def preview_hand_over(*, actor: Actor, leaving: Person) -> list[Moving]:
    """How many matters of which kind would move."""
    require_manageable(actor, leaving)
    return [Moving(hook.kind, str(hook.label), hook.count(leaving)) for hook in _all_hooks()]


@transaction.atomic
def hand_over_person(
    *, actor: Actor, leaving: Person, to: Person, reason: str, deactivate: bool = False
) -> list[Moving]:
    """From today `to` has the posts, shifts and open matters of `leaving`; one may close the account too."""
    require_manageable(actor, leaving)
    if not may_see_person(actor, to):
        raise NotFound(_("没有这个人。"))
    if leaving.pk == to.pk:
        raise InvalidInput(_("请选择另一个人来接手。"))
    if not to.is_active:
        raise Conflict(_("%(name)s的账号已停用，不能接手。") % {"name": to.name})
    if not reason.strip():
        message = _("请写明移交原因。")
        raise InvalidInput(message, fields={"reason": message})
    with keeping_an_administrator(actor):
        moved = [
            Moving(hook.kind, str(hook.label), hook.move(actor, leaving, to, reason.strip()))
            for hook in _all_hooks()
        ]
        record(
            actor=actor,
            subject_kind="person",
            subject_id=leaving.pk,
            name="person_handed_over",
            data={"to": to.pk, "moved": {one.kind: one.count for one in moved}},
            texts={"reason": reason.strip()},
        )
        if deactivate:
            deactivate_person(actor=actor, person=leaving)
    return moved


def _all_hooks() -> list[HandoverHook]:
    """What rooms keep first: while they move it, the leaving person still holds the posts."""
    return [*_hooks.values(), _HOLDINGS, _SHIFTS, _STAND_INS]


def _holdings(person: Person) -> list[Holding]:
    current = Holding.objects.filter(Q(until__isnull=True) | Q(until__gte=clock.today()), person=person)
    return list(current.select_related("post", "unit").order_by("since", "id"))


def _move_holdings(actor: Actor, leaving: Person, to: Person, reason: str) -> int:
    today = clock.today()
    moved = _holdings(leaving)
    for holding in moved:
        since, until = max(holding.since, today), holding.until
        # `to` may hold the same post there already; the time he lacks is what he is given
        if not _covered(to, holding):
            Holding.objects.create(
                company_id=holding.company_id,
                person=to,
                post=holding.post,
                unit=holding.unit,
                since=since,
                until=until,
            )
        holding.stand_ins.filter(since__gte=today).delete()
        holding.stand_ins.filter(until__gte=today).update(until=today - timedelta(days=1))
        if holding.since >= today:
            holding.delete()
        else:
            holding.until = today - timedelta(days=1)
            holding.save(update_fields=["until"])
    return len(moved)


def _covered(to: Person, holding: Holding) -> bool:
    same = Holding.objects.filter(
        person=to, post=holding.post, unit=holding.unit, since__lte=max(holding.since, clock.today())
    )
    if holding.until is None:
        return same.filter(until__isnull=True).exists()
    return same.filter(Q(until__isnull=True) | Q(until__gte=holding.until)).exists()


def _move_shifts(actor: Actor, leaving: Person, to: Person, reason: str) -> int:
    moment = clock.now()
    moved = 0
    for shift in Shift.objects.filter(person=leaving, ends__gt=moment).order_by("starts", "id"):
        moved += 1
        if shift.starts < moment:
            # the part that is over stays his
            Shift.objects.filter(pk=shift.pk).update(ends=moment)
            shift.pk, shift.starts = None, moment
            shift.uuid = new_uuid()
        shift.person = to
        shift.save()
    return moved


def _stand_ins(person: Person) -> list[StandIn]:
    found = StandIn.objects.filter(person=person, until__gte=clock.today())
    return list(found.select_related("holding").order_by("since", "id"))


def _move_stand_ins(actor: Actor, leaving: Person, to: Person, reason: str) -> int:
    """Where `to` is the very person stood in for, it simply ends: he is back in his own post."""
    today = clock.today()
    moved = _stand_ins(leaving)
    for one in moved:
        if one.holding.person_id != to.pk:
            StandIn.objects.create(
                company_id=one.company_id,
                holding=one.holding,
                person=to,
                since=max(one.since, today),
                until=one.until,
                reason=one.reason,
            )
        if one.since >= today:
            one.delete()
        else:
            one.until = today - timedelta(days=1)
            one.save(update_fields=["until"])
    return len(moved)


_HOLDINGS = HandoverHook(
    "holdings", gettext_lazy("岗位"), lambda person: len(_holdings(person)), _move_holdings
)
_SHIFTS = HandoverHook(
    "shifts",
    gettext_lazy("值班班次"),
    lambda person: Shift.objects.filter(person=person, ends__gt=clock.now()).count(),
    _move_shifts,
)
_STAND_INS = HandoverHook(
    "stand_ins", gettext_lazy("代理"), lambda person: len(_stand_ins(person)), _move_stand_ins
)
