"""The follow-up screen: whom to call next, and what each outcome brings."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from tests.cases.conftest import World, local
from tests.factories.customers import make_site

from huiyin.cases.models import Case
from huiyin.core.ids import new_uuid


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(local("2026-11-16 09:30"), tick=False):
        yield


def answered(world: World, text: str, at: str = "2026-11-12 10:00", **facts: Any) -> Case:
    """A valid complaint that was answered and waits for its return visit."""
    case = world.register(at=at, text=text, **facts).case
    world.record(case, "judged", at="2026-11-12 11:00", validity="valid", reason="是我们的事")
    world.record(case, "answered", at="2026-11-12 15:00", text="已经修好", means="phone")
    return Case.objects.get(pk=case.pk)


def browser(world: World, username: str = "supervisor_a") -> Client:
    client = Client()
    client.force_login(world.small.people[username])
    return client


def call(client: Client, case: Case, outcome: str, **data: Any) -> HttpResponse:
    filled = {
        "case": case.number,
        "uuid": str(new_uuid()),
        "expected_version": Case.objects.get(pk=case.pk).version,
        "outcome": outcome,
        "means": "phone",
        **data,
    }
    return client.post("/follow-ups/", filled)


def numbers(response: HttpResponse) -> list[str]:
    return [line.number for line in response.context["lines"]]


@pytest.mark.clause("PM1-7.2.10")
def test_every_valid_complaint_waits_for_its_visit_with_words_to_begin(world: World) -> None:
    garden = make_site(world.small.site_a)
    case = answered(
        world,
        "楼上漏水",
        category="leak",
        household=str(garden.household("3-2-501").uuid),
        customer=str(garden.customer("王小明").uuid),
    )
    world.register(text="还没有答复")
    page = browser(world).get("/follow-ups/")
    assert numbers(page) == [case.number]
    shown = page.content.decode()
    assert "您好，我是东湖花园管理处的张敏。您 11月12日 反映的“漏水渗水”" in shown
    assert "已经修好" in shown
    assert "138****8000" in shown
    assert "13800138000" not in shown


def test_after_each_outcome_the_next_one_opens(world: World) -> None:
    first, second = answered(world, "第一件"), answered(world, "第二件")
    client = browser(world)
    page = client.get("/follow-ups/")
    assert page.context["call"].case == first
    response = call(client, first, "satisfied", next=page.context["next"])
    assert response["Location"] == f"/follow-ups/?case={second.number}"
    assert Case.objects.get(pk=first.pk).follow_up_outcome == "satisfied"
    assert numbers(client.get(response["Location"])) == [second.number]


@pytest.mark.clause("PM1-7.2.10")
def test_calls_in_vain_are_counted_and_come_back_after_the_others(world: World) -> None:
    first, second = answered(world, "第一件"), answered(world, "第二件")
    client = browser(world)
    call(client, first, "unreachable", text="没人接")
    page = client.get("/follow-ups/")
    assert numbers(page) == [second.number, first.number]
    again = client.get(f"/follow-ups/?case={first.number}")
    assert again.context["call"].line.attempts == 1
    assert "没人接" in again.content.decode()
    with time_machine.travel(local("2026-11-17 09:00"), tick=False):
        assert numbers(browser(world).get("/follow-ups/")) == [first.number, second.number]


@pytest.mark.clause("PM1-7.2.6")
def test_not_satisfied_begins_another_round_and_the_screen_says_so_before(world: World) -> None:
    case = answered(world, "第一件")
    client = browser(world)
    brings = [note.text for note in client.get("/follow-ups/").context["call"].brings]
    assert "重新开始一轮处理" in brings
    assert any("已通知" in one for one in brings)
    call(client, case, "dissatisfied", text="还是漏")
    now = Case.objects.get(pk=case.pk)
    assert (now.round, now.reopened, now.open) == (2, 1, True)


def test_visits_by_who_did_the_work_are_marked(world: World) -> None:
    case = world.register(text="第一件", at="2026-11-12 10:00").case
    world.record(case, "assigned", at="2026-11-12 10:30", to_unit="A", person="supervisor_a")
    world.record(case, "judged", at="2026-11-12 11:00", validity="valid", reason="是我们的事")
    world.record(case, "answered", at="2026-11-12 15:00", text="已经修好")
    assert browser(world).get("/follow-ups/").context["call"].line.own
    assert not browser(world, "head_a").get("/follow-ups/").context["call"].line.own


def test_without_an_outcome_nothing_is_lost(world: World) -> None:
    case = answered(world, "第一件")
    response = call(browser(world), case, "", text="业主说了很多")
    assert response.status_code == 422
    assert "业主说了很多" in response.content.decode()


def test_somebody_else_called_meanwhile(world: World) -> None:
    case = answered(world, "第一件")
    seen = case.version
    call(browser(world, "head_a"), case, "satisfied")
    response = call(browser(world), case, "dissatisfied", text="我打的时候说不满意", expected_version=seen)
    assert response.status_code == 409
    assert "我打的时候说不满意" in response.content.decode()
    assert Case.objects.get(pk=case.pk).follow_up_outcome == "satisfied"


def test_each_site_calls_its_own(world: World) -> None:
    case = answered(world, "第一件")
    client = browser(world, "supervisor_b")
    assert numbers(client.get("/follow-ups/")) == []
    assert "现在没有要回访的" in client.get("/follow-ups/").content.decode()
    assert call(client, case, "satisfied").status_code == 404
    assert browser(world, "admin").get("/follow-ups/").status_code == 403
