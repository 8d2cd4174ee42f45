"""The duty roster: who holds a post at which hours. A shift beats the holdings while it lasts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.authority import may_roster
from huiyin.organization.models import Person, Post, Shift, Unit
from huiyin.organization.recording import record

LONGEST = timedelta(hours=48)
MOST_DAYS = 62
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ShiftLine:
    person: Person
    starts: datetime
    ends: datetime


def hours(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """A shift's hours on a day; one that ends at or before its beginning ends the next day."""
    last = day if ends > starts else day + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, starts)), timezone.make_aware(
        datetime.combine(last, ends)
    )


@transaction.atomic
def add_shifts(*, actor: Actor, unit: Unit, post: Post, lines: Sequence[ShiftLine]) -> list[Shift]:
    """All or none. Refused where somebody would be twice on the same duty at once."""
    _require(actor, unit, post)
    known: dict[int, list[tuple[datetime, datetime]]] = {}
    for line in lines:
        _check_line(actor, line)
        if line.person.pk not in known:
            known[line.person.pk] = _taken(line.person, unit, post, lines)
        if _overlaps(known[line.person.pk], line.starts, line.ends):
            raise Conflict(_already_on_duty(line.person, line.starts))
        known[line.person.pk].append((line.starts, line.ends))
    made = Shift.objects.bulk_create(
        Shift(
            company_id=actor.company_id,
            unit=unit,
            post=post,
            person=line.person,
            starts=line.starts,
            ends=line.ends,
        )
        for line in lines
    )
    _record(actor, unit, post, "shifts_added", made)
    return made


@transaction.atomic
def fill_roster(
    *,
    actor: Actor,
    unit: Unit,
    post: Post,
    people: Sequence[Person],
    first: date,
    last: date,
    starts: time,
    ends: time,
    weekdays: Collection[int] = range(7),
) -> int:
    """A week or a month at once: on each chosen weekday (Monday is 0) the next of the people has the shift.

    Days on which that person already has this duty are left as they are. Returns how many were added.
    """
    if not people:
        raise InvalidInput(_("请选择值班的人。"))
    if last < first or (last - first).days >= MOST_DAYS:
        raise InvalidInput(_("请选择起止日期，一次最多 %(days)d 天。") % {"days": MOST_DAYS})
    days = [day for day in _days(first, last) if day.weekday() in weekdays]
    wanted = [
        ShiftLine(people[index % len(people)], *hours(day, starts, ends)) for index, day in enumerate(days)
    ]
    return len(add_shifts(actor=actor, unit=unit, post=post, lines=_free(unit, post, wanted)))


@transaction.atomic
def copy_week(*, actor: Actor, unit: Unit, monday: date) -> int:
    """The shifts of the week before, the same hours in this week; what is there already stays.

    Returns how many were added. Posts that the actor may not roster, and people who have left, are left out.
    """
    start, end = hours(monday - WEEK, time(), time())[0], hours(monday, time(), time())[0]
    shifts = Shift.objects.filter(
        company_id=actor.company_id, unit=unit, starts__gte=start, starts__lt=end, person__is_active=True
    ).select_related("person", "post")
    by_post: dict[int, list[Shift]] = {}
    for shift in shifts.order_by("starts", "id"):
        by_post.setdefault(shift.post_id, []).append(shift)
    added = 0
    for group in by_post.values():
        post = group[0].post
        if post.active and may_roster(actor, post, unit):
            wanted = [ShiftLine(one.person, _week_later(one.starts), _week_later(one.ends)) for one in group]
            added += len(add_shifts(actor=actor, unit=unit, post=post, lines=_free(unit, post, wanted)))
    return added


@transaction.atomic
def change_shift(*, actor: Actor, shift: Shift, person: Person) -> None:
    """Somebody else takes over this shift."""
    _require(actor, shift.unit, shift.post)
    _check_line(actor, ShiftLine(person, shift.starts, shift.ends))
    before = shift.person_id
    if person.pk == before:
        return
    if _overlaps(_taken(person, shift.unit, shift.post, [shift]), shift.starts, shift.ends):
        raise Conflict(_already_on_duty(person, shift.starts))
    shift.person = person
    shift.save(update_fields=["person"])
    _record(actor, shift.unit, shift.post, "shift_changed", [shift], before=before)


@transaction.atomic
def remove_shift(*, actor: Actor, shift: Shift) -> None:
    """Past shifts stay: they say who was on duty when it happened."""
    _require(actor, shift.unit, shift.post)
    moment = clock.now()
    if shift.ends <= moment:
        raise Conflict(_("已经过去的班次不能删除。"))
    _record(actor, shift.unit, shift.post, "shift_removed", [shift])
    if shift.starts < moment:
        shift.ends = moment
        shift.save(update_fields=["ends"])
    else:
        shift.delete()


def _require(actor: Actor, unit: Unit, post: Post) -> None:
    if unit.company_id != actor.company_id or not (
        actor.may("admin", unit.pk) or actor.may("assign", unit.pk)
    ):
        raise NotFound(_("没有这个部门。"))
    if not may_roster(actor, post, unit):
        raise Forbidden(_("岗位“%(post)s”的权限超出您能排班的范围。") % {"post": post.name})


def _check_line(actor: Actor, line: ShiftLine) -> None:
    if line.person.company_id != actor.company_id:
        raise NotFound(_("没有这个人。"))
    if not line.person.is_active:
        raise InvalidInput(_("%(name)s的账号已停用。") % {"name": line.person.name})
    if not timedelta() < line.ends - line.starts <= LONGEST:
        raise InvalidInput(_("一个班次最长 48 小时，结束要晚于开始。"))


def _taken(
    person: Person, unit: Unit, post: Post, around: Sequence[ShiftLine | Shift]
) -> list[tuple[datetime, datetime]]:
    """The person's shifts on this duty that could touch any of these."""
    return list(
        Shift.objects.filter(
            person=person,
            unit=unit,
            post=post,
            ends__gt=min(one.starts for one in around),
            starts__lt=max(one.ends for one in around),
        ).values_list("starts", "ends")
    )


def _free(unit: Unit, post: Post, wanted: Sequence[ShiftLine]) -> list[ShiftLine]:
    """Those for which the person is not on this duty already."""
    taken: dict[int, list[tuple[datetime, datetime]]] = {}
    free: list[ShiftLine] = []
    for line in wanted:
        if line.person.pk not in taken:
            taken[line.person.pk] = _taken(line.person, unit, post, wanted)
        if not _overlaps(taken[line.person.pk], line.starts, line.ends):
            taken[line.person.pk].append((line.starts, line.ends))
            free.append(line)
    return free


def _overlaps(taken: Sequence[tuple[datetime, datetime]], starts: datetime, ends: datetime) -> bool:
    return any(one < ends and other > starts for one, other in taken)


def _already_on_duty(person: Person, starts: datetime) -> str:
    day = timezone.localtime(starts)
    return _("%(name)s在 %(month)d月%(day)d日 这个时段已有班次。") % {
        "name": person.name,
        "month": day.month,
        "day": day.day,
    }


def _week_later(moment: datetime) -> datetime:
    """The same hour by the wall clock, also where the clocks change in between."""
    local = timezone.localtime(moment).replace(tzinfo=None)
    return timezone.make_aware(local + WEEK)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _record(actor: Actor, unit: Unit, post: Post, name: str, shifts: Sequence[Shift], **data: object) -> None:
    described = [[one.person_id, one.starts.isoformat(), one.ends.isoformat()] for one in shifts]
    record(
        actor=actor,
        subject_kind="unit",
        subject_id=unit.pk,
        name=name,
        data={"unit": unit.code, "post": post.code, "shifts": described, **data},
    )
