"""The whole demonstration, once; a second time finds it there."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from huiyin.core import clock
from huiyin.demo import company as companies
from huiyin.demo import history, premises
from huiyin.demo.people import COMPANY_STAFF, GROUP, PASSWORD, SITE_STAFF, SITES
from huiyin.organization.models import Unit

SEED = 20260101

Progress = Callable[[str, int, int], None]


def exists() -> bool:
    found: bool = Unit.objects.filter(code=GROUP[0], parent__isnull=True).exists()
    return found


def build(*, progress: Progress, months: int = history.MONTHS, households: int = premises.HOUSEHOLDS) -> int:
    """Make the demonstration company with its past; returns how many cases it has."""
    chance = random.Random(SEED)  # noqa: S311  a demonstration, not a secret
    since = clock.today() - timedelta(days=30 * (months + 2))
    progress("company", 0, 1)
    company = companies.found(since)
    progress("households", 0, 1)
    homes = premises.settle(company, chance, households)
    return history.tell(
        company,
        homes,
        chance,
        months=months,
        progress=lambda done, total: progress("cases", done, total),
    )


def sign_ins() -> list[tuple[str, str, str]]:
    """(post, username, password) of one person for each post, for the terminal."""
    titles = {
        "duty": "前台",
        "service_supervisor": "客服主管",
        "handler": "处理人",
        "department_head": "管理处主任",
        "deputy_general_manager": "副总经理",
        "general_manager": "总经理",
        "quality": "品质主管",
        "administrator": "系统管理员",
        "worker": "维修工",
    }
    people = [*SITE_STAFF[SITES[0].code], *COMPANY_STAFF]
    found: dict[str, tuple[str, str, str]] = {}
    for one in people:
        found.setdefault(one.post, (titles[one.post], one.username, PASSWORD))
    return list(found.values())
