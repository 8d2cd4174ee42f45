"""How often the main pages ask the database: a number that does not grow with what they show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.cases import install_beside_posts, register_case
from tests.factories.customers import MadeSite, make_site
from tests.factories.organization import SmallCompany, make_company

from huiyin.cases.recording import record
from huiyin.core import clock
from huiyin.slips.services import issue_slip

# who signs in and how far his posts reach is asked once for each request
SIGNED_IN = 8
ALLOWED = {
    "/": 15,
    "/cases/": 15,
    "case": 15,
    "/register/": 15,
    "/follow-ups/": 15,
    "/reports/": 15,
    # every figure of a report is counted by the database
    "report": 20,
    "/customers/": 15,
    "/slips/": 15,
    "/notifications/": 15,
}


@pytest.fixture
def small(db: None) -> SmallCompany:
    made = make_company()
    install_beside_posts(made.root)
    return made


@pytest.fixture
def garden(small: SmallCompany) -> MadeSite:
    return make_site(small.site_a)


def _day(small: SmallCompany, garden: MadeSite) -> None:
    """One case in each stage of its life, each of another household."""
    head, desk = small.actor("head_a"), small.actor("duty_a")
    for room in ("1-1-101", "3-2-501", "3-2-502"):
        household = str(garden.household(room).uuid)
        facts = {"household": household, "unit": "A"}
        register_case(desk, **facts)
        answered = register_case(desk, **facts)
        record(actor=head, case=answered, name="judged", data={"validity": "valid", "reason": "属实"})
        record(actor=head, case=answered, name="answered", data={"text": "修好了", "means": "phone"})
        record(actor=head, case=answered, name="completed", data={"result": "换了水管"})
        by = (clock.now() + timedelta(hours=5)).isoformat()
        record(actor=head, case=answered, name="promised", data={"what": "visit", "by": by})
        issue_slip(
            actor=head, case=register_case(desk, **facts), form="work_order", to_unit="A-ENG", text="去看"
        )


def _count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)


@pytest.fixture
def ask(small: SmallCompany, garden: MadeSite) -> Callable[[], dict[str, int]]:
    client = Client()
    client.force_login(small.people["head_a"])
    _day(small, garden)
    number = register_case(small.actor("duty_a")).number
    month = clock.today().strftime("%Y-%m")
    named = {"case": f"/cases/{number}/", "report": f"/reports/{month}/"}

    def counts() -> dict[str, int]:
        cache.clear()
        return {name: _count(client, named.get(name, name)) for name in ALLOWED}

    return counts


def test_the_main_pages_ask_little_and_no_more_where_there_is_more(
    small: SmallCompany, garden: MadeSite, ask: Callable[[], dict[str, int]]
) -> None:
    first = ask()
    _day(small, garden)
    second = ask()
    assert {name: (first[name], second[name]) for name in first if second[name] > first[name]} == {}
    assert {name: count for name, count in second.items() if count > ALLOWED[name] + SIGNED_IN} == {}
