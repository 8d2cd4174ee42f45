"""A company that runs PM1, with one household, for the tests of the main job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.factories.organization import SmallCompany, add_people, make_company

from huiyin.cases.models import Case
from huiyin.cases.recording import Recorded, record, register
from huiyin.organization.actors import Actor
from huiyin.procedures.services import install_pack

ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    """`2026-09-30 16:30` in the pack's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass
class World:
    """The company and short ways to act in it."""

    small: SmallCompany

    def actor(self, username: str) -> Actor:
        return self.small.actor(username)

    def register(self, username: str = "duty_a", at: str | None = None, **facts: Any) -> Recorded:
        data = {"kind": "complaint", "channel": "phone", "text": "楼上漏水，卫生间天花板一直滴水。", **facts}
        return register(actor=self.actor(username), data=data, at=local(at) if at else None)

    def record(
        self, case: Case, name: str, username: str = "head_a", at: str | None = None, **data: Any
    ) -> Recorded:
        return record(
            actor=self.actor(username), case=case, name=name, data=data, at=local(at) if at else None
        )


@pytest.fixture
def world(db: None) -> World:
    small = make_company(posts=False)
    install_pack(company=small.root, source="PM1")
    add_people(small)
    return World(small)
