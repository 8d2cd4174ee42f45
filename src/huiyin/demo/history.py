"""Twelve months of cases, told through the same services as any other day, each at its own time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from huiyin.cases.models import Case
from huiyin.cases.recording import advance_due, record, register
from huiyin.core import clock
from huiyin.core.errors import Refused
from huiyin.demo.company import Company
from huiyin.demo.people import SITES
from huiyin.demo.premises import Home
from huiyin.demo.stories import Moment, Story, Teller
from huiyin.notify.models import Notification

MONTHS = 12
A_DAY = {"JX": 0.82, "CL": 0.66, "YG": 0.5}  # cases a day
AT_ONCE = 200

Progress = Callable[[int, int], None]
Act = tuple[Story, Moment]


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
    stories = [*_stories(households, chance, now, months), *_open_stories(households, chance, now)]
    acts = [(story, moment) for story in stories for moment in story.moments if moment.at <= now]
    acts.sort(key=lambda act: act[1].at)
    cases: dict[int, Case] = {}
    pending = iter(acts)
    done = 0
    while batch := list(islice(pending, AT_ONCE)):
        with transaction.atomic():
            for story, moment in batch:
                _happens(company, cases, story, moment)
        done += len(batch)
        progress(done, len(acts))
    with clock.pretend(now):
        advance_due(now)
    _forget_old_news(now)
    return len(cases)


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
            at = now - timedelta(hours=hours)
            story = teller.complaint(at)
            story.moments = [
                Moment(min(one.at, at + timedelta(minutes=9 * index)), one.who, one.name, one.data)
                for index, one in enumerate(story.moments[:steps])
            ]
            found.append(story)
        late = teller.complaint(now - timedelta(days=9))
        late.moments = late.moments[:2]
        found.append(late)
    return found


def _happens(company: Company, cases: dict[int, Case], story: Story, moment: Moment) -> None:
    """One act at its own time. What the procedure refuses stays undone, as in life, and in the journal."""
    actor = company.actor(moment.who)
    with clock.pretend(moment.at):
        if moment.name == "registered":
            cases[id(story)] = register(actor=actor, data=moment.data, at=moment.at).case
            return
        case = cases[id(story)]
        try:
            record(actor=actor, case=case, name=moment.name, data=moment.data, at=moment.at)
        except Refused:
            return


def _forget_old_news(now: datetime) -> None:
    """People have read what is older than two days."""
    old = Notification.objects.filter(at__lt=now - timedelta(days=2))
    old.filter(must_acknowledge=True).update(acknowledged_at=now)
    old.update(read_at=now, climbs_at=None)
