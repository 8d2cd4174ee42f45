"""A company that runs PM1, and histories of cases made through the services at moments of our choice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from tests.factories.organization import SmallCompany, add_people, make_company

from huiyin.cases.models import Case
from huiyin.cases.recording import Recorded, record, register
from huiyin.core.errors import HuiyinError
from huiyin.organization.actors import Actor
from huiyin.procedures.services import install_pack

ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    """`2026-09-30 16:30` in the pack's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass
class World:
    """Acts at a moment: what is registered or recorded at `now` is known from `now` on."""

    small: SmallCompany
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        if username not in self._actors:
            self._actors[username] = self.small.actor(username)
        return self._actors[username]

    def register(
        self, now: str | datetime, *, who: str = "duty_a", told: str | None = None, **facts: Any
    ) -> Case:
        data = {"kind": "complaint", "channel": "phone", "text": "楼上漏水，卫生间天花板一直滴水。", **facts}
        with time_machine.travel(_moment(now), tick=False):
            return register(actor=self.actor(who), data=data, at=local(told) if told else None).case

    def record(
        self,
        now: str | datetime,
        case: Case,
        name: str,
        *,
        who: str = "head_a",
        at: str | None = None,
        **data: Any,
    ) -> Recorded:
        with time_machine.travel(_moment(now), tick=False):
            return record(
                actor=self.actor(who), case=case, name=name, data=data, at=local(at) if at else None
            )

    def handled(self, day: str, *, who: str = "duty_a", head: str = "head_a", **facts: Any) -> Case:
        """A valid complaint of that day: judged, completed, answered, visited, closed."""
        case = self.register(f"{day} 09:00", who=who, **facts)
        self.record(f"{day} 09:30", case, "judged", who=head, validity="valid", reason="维修不到位")
        self.record(f"{day} 11:00", case, "completed", who=head, result="已更换水管")
        self.record(f"{day} 11:10", case, "answered", who=head, text="水管已经换好。", means="phone")
        self.record(f"{day} 15:00", case, "followed_up", who=head, outcome="satisfied", means="phone")
        self.record(f"{day} 15:05", case, "closed", who=head)
        case.refresh_from_db()
        return case


def _moment(now: str | datetime) -> datetime:
    return local(now) if isinstance(now, str) else now


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(scope="module")
def _history(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One random history for all tests of a module; each test runs in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        random_history(world, seed=7, cases=45)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def history(_history: World, db: None) -> World:
    return _history


def make_world() -> World:
    small = make_company(posts=False)
    install_pack(company=small.root, source="PM1")
    add_people(small)
    return World(small)


CATEGORIES = ("leak", "lift", "drain", "repair", "decoration", "")
CHANNELS = ("phone", "front_desk", "wechat", "letter")
KINDS = ("complaint", "complaint", "complaint", "suggestion", "enquiry", "repair")
LIKELY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("judged", {"validity": "valid", "reason": "我们的责任"}),
    ("answered", {"text": "已经处理。", "means": "phone"}),
    ("completed", {"result": "修好了"}),
    ("followed_up", {"outcome": "satisfied", "means": "phone"}),
    ("closed", {}),
    ("chased", {"text": "怎么还没来"}),
)
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("judged", {"validity": "valid", "reason": "我们的责任"}),
    ("judged", {"validity": "invalid", "reason": "不属于我们"}),
    ("judged", {"validity": "partly_valid", "reason": "各有责任", "urgency": "ordinary"}),
    ("amended", {"category": "lift", "reason": "归错类"}),
    ("amended", {"urgency": "urgent", "reason": "更急"}),
    ("amended", {"urgency": "ordinary", "reason": "不急"}),
    ("assigned", {"to_post": "handler"}),
    ("accepted", {}),
    ("answered", {"text": "已经处理。", "means": "phone"}),
    ("completed", {"result": "修好了"}),
    ("followed_up", {"outcome": "satisfied", "means": "phone"}),
    ("followed_up", {"outcome": "dissatisfied", "means": "phone"}),
    ("followed_up", {"outcome": "unreachable", "means": "phone"}),
    ("chased", {"text": "怎么还没来"}),
    ("closed", {}),
    ("closed", {}),
    ("withdrawn", {"reason": "顾客撤回"}),
    ("voided", {"reason": "录错"}),
    ("returned", {"reason": "不归我们"}),
    ("reopened", {"reason": "又漏了"}),
    ("appealed", {"by": "业主", "reason": "不同意"}),
)


def random_history(
    world: World, *, seed: int, cases: int, start: str = "2026-03-01 08:00", days: int = 75
) -> None:
    """Cases of two sites with random steps over some weeks; what the procedure refuses is left."""
    dice = random.Random(seed)
    moments = sorted(
        local(start) + timedelta(minutes=dice.randrange(days * 24 * 60)) for _ in range(cases * 7)
    )
    made: list[tuple[Case, str]] = []
    for moment in moments:
        if len(made) < cases and (not made or dice.random() < 0.18):
            made.append(_random_case(world, dice, moment))
            continue
        case, site = dice.choice(made)
        name, data = dice.choice(STEPS if dice.random() < 0.4 else LIKELY)
        if dice.random() < 0.08:
            name, data = "promised", {"what": "visit", "by": (moment + timedelta(hours=30)).isoformat()}
        try:
            world.record(moment, case, name, who=dice.choice((f"head_{site}", f"supervisor_{site}")), **data)
        except HuiyinError:
            continue


def _random_case(world: World, dice: random.Random, moment: datetime) -> tuple[Case, str]:
    site = dice.choice("ab")
    facts: dict[str, Any] = {
        "kind": dice.choice(KINDS),
        "channel": dice.choice(CHANNELS),
        "category": dice.choice(CATEGORIES),
        "urgency": dice.choice(("urgent", "ordinary", "")),
    }
    if dice.random() < 0.2:
        facts["answer_by"] = (moment + timedelta(days=dice.choice((1, 6)))).isoformat()
    told = None
    if dice.random() < 0.15:
        told = (moment - timedelta(days=3)).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
        facts.pop("answer_by", None)
    return world.register(moment, who=f"duty_{site}", told=told, **facts), site
