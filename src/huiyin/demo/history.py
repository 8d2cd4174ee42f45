"""Twelve months of cases, told through the same services as any other day, each at its own time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.db import transaction

from huiyin.cases.models import Case
from huiyin.cases.recording import advance_due, record, register
from huiyin.core import clock
from huiyin.core.errors import Refused
from huiyin.demo.company import Company
from huiyin.demo.papers import Doing, paperwork
from huiyin.demo.people import SITES
from huiyin.demo.premises import Home
from huiyin.demo.stories import Moment, Story, Teller
from huiyin.notify.models import Notification
from huiyin.organization.actors import Actor
from huiyin.slips import services as slips
from huiyin.slips.models import Slip

MONTHS = 12
A_DAY = {"JX": 0.82, "CL": 0.66, "YG": 0.5}  # cases a day
AT_ONCE = 200

SLIP_STEPS: dict[str, Callable[..., object]] = {
    "slip_received": slips.receive_slip,
    "slip_answered": slips.answer_slip,
    "slip_finished": slips.finish_slip,
    "slip_evaluated": slips.evaluate_slip,
}

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Known:
    """What the acts so far have made, by the story they belong to."""

    company: Company
    cases: dict[int, Case] = field(default_factory=dict)
    slips: dict[int, Slip] = field(default_factory=dict)


def tell(
    company: Company,
    households: dict[str, list[Home]],
    chance: random.Random,
    *,
    progress: Progress,
    months: int = MONTHS,
) -> int:
    """Tell the stories up to now; what would come later has not happened yet. Returns how many cases."""
    now = clock.now()
    known = Known(company)
    acts: list[Doing] = [
        (moment.at, partial(_happens, known, story, moment))
        for story in (*_stories(households, chance, now, months), *_open_stories(households, chance, now))
        for moment in story.moments
        if moment.at <= now
    ]
    acts += paperwork(company, now, months)
    acts.sort(key=lambda act: act[0])
    pending = iter(acts)
    done = 0
    while batch := list(islice(pending, AT_ONCE)):
        with transaction.atomic():
            for at, act in batch:
                with clock.pretend(at):
                    act()
        done += len(batch)
        progress(done, len(acts))
    with clock.pretend(now):
        advance_due(now)
    _forget_old_news(now)
    return len(known.cases)


def _stories(
    households: dict[str, list[Home]], chance: random.Random, now: datetime, months: int
) -> list[Story]:
    found: list[Story] = []
    days = months * 30 + 5
    for site in SITES:
        teller = Teller(site.code, households[site.code], chance, now)
        for back in range(days, 0, -1):
            day = now - timedelta(days=back)
            busy = 1.35 if day.month in (6, 7, 8) else 1.0
            expected = A_DAY[site.code] * busy
            count = int(expected) + (chance.random() < expected % 1)
            found += teller.stories(day, count)
    return found


def _open_stories(households: dict[str, list[Home]], chance: random.Random, now: datetime) -> list[Story]:
    """What is on the desks today: fresh, waiting, nearly due, waiting for a visit, and one that is late."""
    found: list[Story] = []
    for site in SITES:
        teller = Teller(site.code, households[site.code], chance, now)
        for hours, steps in ((0.3, 1), (0.9, 2), (2, 3), (4, 4), (20, 3), (26, 6), (30, 5), (45, 6)):
            found.append(_begun(teller.complaint(teller.by_day(now - timedelta(hours=hours))), steps))
        late = teller.complaint(teller.by_day(now - timedelta(days=9)))
        late.moments = late.moments[:2]
        found.append(late)
    first = SITES[0].code
    teller = Teller(first, households[first], chance, now)
    found += teller.same_trouble(teller.by_day(now - timedelta(hours=3)))
    return found


def _begun(story: Story, steps: int) -> Story:
    """The same story as far as its first steps, one soon after the other."""
    begin = story.moments[0].at
    story.moments = [
        replace(one, at=min(one.at, begin + timedelta(minutes=9 * index)))
        for index, one in enumerate(story.moments[:steps])
    ]
    return story


def _happens(known: Known, story: Story, moment: Moment) -> None:
    """One act at its own time. What the procedure refuses stays undone, as in life, and in the journal."""
    actor = known.company.actor(moment.who)
    if moment.name == "registered":
        known.cases[id(story)] = register(actor=actor, data=moment.data, at=moment.at).case
        return
    try:
        if moment.name.startswith("slip_"):
            _slip(known, story, moment, actor)
        else:
            record(actor=actor, case=known.cases[id(story)], name=moment.name, data=moment.data, at=moment.at)
    except Refused:
        return


def _slip(known: Known, story: Story, moment: Moment, actor: Actor) -> None:
    if moment.name == "slip_issued":
        case = known.cases[id(story)]
        known.slips[id(story)] = slips.issue_slip(actor=actor, case=case, **moment.data)
    elif slip := known.slips.get(id(story)):
        SLIP_STEPS[moment.name](actor=actor, slip=slip, **moment.data)


def _forget_old_news(now: datetime) -> None:
    """People have read what is older than two days."""
    old = Notification.objects.filter(at__lt=now - timedelta(days=2))
    old.filter(must_acknowledge=True).update(acknowledged_at=now, settled_at=now)
    old.update(read_at=now, climbs_at=None)
