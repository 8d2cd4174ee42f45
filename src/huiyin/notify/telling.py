"""Who is told what, once each: notifications in the page, and what goes out by mail and robots."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from huiyin.cases.models import Case
from huiyin.core import clock
from huiyin.core.outbox import enqueue
from huiyin.notify.models import Notification, Preference, Robot
from huiyin.organization.models import Person
from huiyin.organization.selectors import holders, superior_post
from huiyin.organization.tree import upward_ids
from huiyin.procedures.selectors import rules_of

# What was not acknowledged by then goes to the superior post: service time, where it is urgent any time.
CLIMB_AFTER = timedelta(minutes=30)
# These must be acknowledged by somebody.
MUST_ACKNOWLEDGE = frozenset({"breached", "escalated"})
# Who has not said otherwise gets no mail in these hours, unless it is urgent.
QUIET_FROM, QUIET_UNTIL = time(22), time(7)


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to tell: `key` names it for ever, so that each person is told once.

    What belongs together has one key: a breach, and the escalation and notices that come of it.
    `params` are codes and times, never words of or about a customer. `to_know`: nothing to take care of.
    """

    key: str
    what: str
    at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    clause: str = ""
    to_know: bool = False


def matter_key(case: Case, *parts: object) -> str:
    """The same parts give the same key. Hashed, because a part may be somebody's own words."""
    text = "\n".join(str(part) for part in parts)
    return f"{case.pk}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def is_urgent(case: Case) -> bool:
    return case.urgency == "urgent" or case.safety


def people_of(case: Case, post: str) -> tuple[str, list[Person]]:
    """Who answers for a post at the case's unit at this hour, or for the next post above it that is held."""
    unit_id = case.assigned_unit_id or case.unit_id
    asked: set[str] = set()
    while post and post not in asked:
        asked.add(post)
        if people := holders(company_id=case.company_id, post=post, unit_id=unit_id):
            return post, people
        post = superior_post(company_id=case.company_id, post=post)
    return "", []


def tell_post(*, case: Case, matter: Matter, post: str, but: Person | None = None) -> list[Notification]:
    """Tell whoever holds a post; where nobody does, the post above it."""
    held, people = people_of(case, post)
    return tell(case=case, matter=matter, people=people, post=held, but=but)


def tell(
    *, case: Case, matter: Matter, people: Iterable[Person], post: str = "", but: Person | None = None
) -> list[Notification]:
    """Write a notification for each person in the caller's transaction, and ask for mail after commit.

    `but` is who did it himself. Returns those who were not told of the matter before.
    """
    must = matter.what in MUST_ACKNOWLEDGE and not matter.to_know
    climbs_at = climb_time(case, clock.now()) if must and post else None
    wanted = {f"{matter.key}:{person.pk}": person for person in people if but is None or person.pk != but.pk}
    if not wanted:
        return []
    known = set(Notification.objects.filter(key__in=wanted).values_list("key", flat=True))
    told = [
        Notification(
            company_id=case.company_id,
            person=person,
            case=case,
            key=key,
            matter=matter.key,
            what=matter.what,
            params=dict(matter.params),
            clause=matter.clause,
            post=post,
            at=matter.at,
            must_acknowledge=must,
            climbs_at=climbs_at,
        )
        for key, person in wanted.items()
        if key not in known
    ]
    # the key is unique: whoever is told at the same moment elsewhere is told once
    Notification.objects.bulk_create(told, ignore_conflicts=True)
    _ask_for_mails(case, [one for one in told if one.person.email])
    return told


def climb_time(case: Case, moment: datetime) -> datetime:
    """Half an hour later; what is not urgent climbs in service hours, so that nobody is called at night."""
    if is_urgent(case):
        return moment + CLIMB_AFTER
    calendar = rules_of(case.edition).calendar
    return calendar.add_service(moment, int(CLIMB_AFTER.total_seconds()))


def settle(case: Case, *, clock_name: str = "") -> None:
    """What was late has been done, or the case is over: nothing of it climbs any further."""
    rows = Notification.objects.filter(case=case, must_acknowledge=True, settled_at__isnull=True)
    if clock_name:
        rows = rows.filter(params__clock=clock_name)
    rows.update(settled_at=clock.now(), climbs_at=None)


def settle_new(case: Case) -> None:
    """Somebody has taken it: it is no longer new for the others."""
    rows = Notification.objects.filter(case=case, what="registered", read_at__isnull=True)
    rows.update(read_at=clock.now())


# ------------------------------------------------------------ what goes out


def _ask_for_mails(case: Case, told: Sequence[Notification]) -> None:
    if not told:
        return
    people = {one.key: one.person for one in told}
    for notification in Notification.objects.filter(key__in=people).order_by("pk"):
        _ask_for_mail(case, notification, people[notification.key])


def _ask_for_mail(case: Case, notification: Notification, person: Person) -> None:
    wish = Preference.objects.filter(person=person).first()
    if (wish is not None and not wish.mail) or _is_one_of_many(notification):
        return
    if wish is None:
        wish = Preference(quiet_from=QUIET_FROM, quiet_until=QUIET_UNTIL) if not is_urgent(case) else None
    enqueue(
        key=f"mail:{notification.key}",
        topic="notify.mail",
        payload={"notification": notification.pk},
        company_id=notification.company_id,
        at=after_quiet(wish, clock.now()) if wish is not None else None,
    )


def _is_one_of_many(notification: Notification) -> bool:
    """An ordinary new case while others wait to be looked at: one mail for all of them is enough."""
    if notification.what != "registered" or notification.params.get("urgent"):
        return False
    waiting = Notification.objects.filter(
        person_id=notification.person_id, what="registered", read_at__isnull=True
    )
    return waiting.exclude(pk=notification.pk).exists()


def after_quiet(wish: Preference, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls in."""
    if wish.quiet_from is None or wish.quiet_until is None or wish.quiet_from == wish.quiet_until:
        return moment
    hour = moment.time()
    over_midnight = wish.quiet_from > wish.quiet_until
    quiet = (
        hour >= wish.quiet_from or hour < wish.quiet_until
        if over_midnight
        else wish.quiet_from <= hour < wish.quiet_until
    )
    if not quiet:
        return moment
    end = moment.replace(hour=wish.quiet_until.hour, minute=wish.quiet_until.minute, second=0)
    return end if end > moment else end + timedelta(days=1)


def tell_robots(*, case: Case, matter: Matter) -> None:
    """Ask every robot of the case's unit or above it to say it, once for a matter, after commit."""
    upward = upward_ids(case.unit_id, company_id=case.company_id)
    for robot in Robot.objects.filter(company_id=case.company_id, unit_id__in=upward, active=True):
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
