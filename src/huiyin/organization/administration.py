"""Reading the organisation as its administrator: only what lies inside what he administers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from axes.helpers import get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core import clock
from huiyin.core.errors import NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.authority import (
    ELEVATED,
    administers_company,
    may_manage,
    may_see_person,
)
from huiyin.organization.models import ApiToken, Capability, Holding, Person, Post, Shift, StandIn, Unit
from huiyin.organization.selectors import subtree_ids

PAGE = 50
WEEKDAYS = [
    (0, gettext_lazy("周一")),
    (1, gettext_lazy("周二")),
    (2, gettext_lazy("周三")),
    (3, gettext_lazy("周四")),
    (4, gettext_lazy("周五")),
    (5, gettext_lazy("周六")),
    (6, gettext_lazy("周日")),
]


def units_of(actor: Actor, capability: str = Capability.ADMIN, *, closed: bool = False) -> list[Unit]:
    """The units the actor administers, in tree order; `.tree_depth` is counted from his topmost."""
    found: QuerySet[Unit] = Unit.objects.with_tree_fields()
    units = list(found.filter(pk__in=actor.unit_ids(capability)).select_related("parent"))
    top = min((unit.tree_depth for unit in units), default=0)
    for unit in units:
        unit.tree_depth -= top
    return [unit for unit in units if closed or unit.active]


def unit_of(actor: Actor, code: str, *capabilities: str) -> Unit:
    unit: Unit | None = (
        Unit.objects.select_related("parent").filter(company_id=actor.company_id, code=code).first()
    )
    wanted = capabilities or (Capability.ADMIN,)
    if unit is None or not any(actor.may(one, unit.pk) for one in wanted):
        raise NotFound(_("没有这个部门。"))
    return unit


def posts_of(actor: Actor) -> QuerySet[Post]:
    return Post.objects.filter(company_id=actor.company_id)


def post_of(actor: Actor, code: str) -> Post:
    post = posts_of(actor).filter(code=code).first()
    if post is None:
        raise NotFound(_("没有这个岗位。"))
    return post


def grantable_posts(actor: Actor) -> list[Post]:
    """Posts the actor may put somebody into, somewhere in what he administers."""
    posts = list(posts_of(actor).filter(active=True))
    if administers_company(actor):
        return posts
    return [
        post
        for post in posts
        if not post.whole_company and all(actor.may(one) for one in set(post.may) & ELEVATED)
    ]


def people_of(actor: Actor, *, words: str = "", state: str = "") -> QuerySet[Person]:
    """The people the actor sees, by username: those who belong there, and those who hold a post there."""
    found = Person.objects.filter(company_id=actor.company_id)
    if not administers_company(actor):
        scope = actor.unit_ids(Capability.ADMIN)
        unfinished = Holding.objects.filter(
            Q(until__isnull=True) | Q(until__gte=clock.today()), unit__in=scope
        )
        found = found.filter(Q(unit__in=scope) | Q(pk__in=unfinished.values("person")))
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(username__icontains=word) | Q(phone__contains=word))
    if state in {"active", "closed"}:
        found = found.filter(is_active=state == "active")
    return found.select_related("unit").order_by("username")


def person_of(actor: Actor, username: str) -> Person:
    person = (
        Person.objects.select_related("unit", "company")
        .filter(company_id=actor.company_id, username=username)
        .first()
    )
    if person is None or not may_see_person(actor, person):
        raise NotFound(_("没有这个人。"))
    return person


def posts_by_person(people: list[Person]) -> dict[int, list[Holding]]:
    """What each of these people holds today."""
    today = clock.today()
    held: dict[int, list[Holding]] = {}
    for holding in Holding.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), person__in=people, since__lte=today
    ).select_related("post", "unit"):
        held.setdefault(holding.person_id, []).append(holding)
    return held


def holdings_of(person: Person) -> list[Holding]:
    """All of a person's holdings, the latest first."""
    found = Holding.objects.filter(person=person).select_related("post", "unit", "person")
    return list(found.prefetch_related("stand_ins__person").order_by("-since", "-id"))


def holding_of(actor: Actor, uuid: UUID) -> Holding:
    holding = (
        Holding.objects.select_related("post", "unit", "person")
        .filter(company_id=actor.company_id, uuid=uuid)
        .first()
    )
    if holding is None or not actor.may(Capability.ADMIN, holding.unit_id):
        raise NotFound(_("没有这项任职。"))
    return holding


def stand_in_of(actor: Actor, uuid: UUID) -> StandIn:
    found = (
        StandIn.objects.select_related("holding__post", "holding__unit", "holding__person", "person")
        .filter(company_id=actor.company_id, uuid=uuid)
        .first()
    )
    if found is None or not actor.may(Capability.ADMIN, found.holding.unit_id):
        raise NotFound(_("没有这项代理。"))
    return found


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    found = ApiToken.objects.filter(company_id=actor.company_id, unit__in=actor.unit_ids(Capability.ADMIN))
    return found.select_related("unit", "post")


def token_of(actor: Actor, prefix: str) -> ApiToken:
    token = tokens_of(actor).filter(prefix=prefix).first()
    if token is None:
        raise NotFound(_("没有这个接口密钥。"))
    return token


def shift_of(actor: Actor, uuid: UUID) -> Shift:
    shift = (
        Shift.objects.select_related("post", "unit", "person")
        .filter(company_id=actor.company_id, uuid=uuid)
        .first()
    )
    roster = (Capability.ADMIN, Capability.ASSIGN)
    if shift is None or not any(actor.may(one, shift.unit_id) for one in roster):
        raise NotFound(_("没有这个班次。"))
    return shift


def rostered_people(unit: Unit) -> QuerySet[Person]:
    """Who can be put on a unit's roster: people of its subtree, and whoever holds a post in it."""
    today = clock.today()
    holders = Holding.objects.filter(Q(until__isnull=True) | Q(until__gte=today), unit=unit, since__lte=today)
    return Person.objects.filter(
        Q(unit__in=subtree_ids(unit)) | Q(pk__in=holders.values("person")),
        company_id=unit.company_id,
        is_active=True,
    ).order_by("name", "id")


@dataclass(frozen=True, slots=True)
class RosterDay:
    day: date
    shifts: list[Shift]

    @property
    def weekday(self) -> str:
        return str(WEEKDAYS[self.day.weekday()][1])


def roster_week(unit: Unit, monday: date) -> list[RosterDay]:
    """Seven days with the shifts that begin on each."""
    start = timezone.make_aware(datetime.combine(monday, time()))
    end = timezone.make_aware(datetime.combine(monday + timedelta(days=7), time()))
    days: dict[date, list[Shift]] = {monday + timedelta(days=offset): [] for offset in range(7)}
    shifts = Shift.objects.filter(unit=unit, starts__gte=start, starts__lt=end)
    for shift in shifts.select_related("person", "post").order_by("starts", "post__position", "id"):
        days[timezone.localtime(shift.starts).date()].append(shift)
    return [RosterDay(day, found) for day, found in days.items()]


@dataclass(frozen=True, slots=True)
class LockedOut:
    person: Person
    address: str
    failures: int
    until: datetime


def locked_out(actor: Actor) -> list[LockedOut]:
    """People of the actor's who are locked out now, after too many wrong passwords."""
    cool_off = get_cool_off()
    if cool_off is None:
        return []
    attempts = AccessAttempt.objects.filter(
        failures_since_start__gte=get_failure_limit(None, None),
        attempt_time__gt=clock.now() - cool_off,
    ).order_by("-attempt_time")
    names = {one.username for one in attempts}
    lowered = people_of(actor).annotate(lowered=Lower("username"))
    people = {one.username.lower(): one for one in lowered.filter(lowered__in=names)}
    return [
        LockedOut(
            people[one.username],
            one.ip_address or "",
            one.failures_since_start,
            one.attempt_time + cool_off,
        )
        for one in attempts
        if one.username in people and may_manage(actor, people[one.username])
    ]
