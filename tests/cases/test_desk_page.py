"""The desk of a handler, a supervisor, a general manager, and of those who have no cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cases.conftest import World, local
from tests.cases.desk_kit import HTMX, signed_in

from huiyin.cases import desk
from huiyin.cases.models import Case

pytestmark = pytest.mark.django_db
MONDAY = local("2026-11-23 10:00")


def page_of(world: World, username: str) -> str:
    return signed_in(world, username).get(reverse("cases:desk")).content.decode()


@time_machine.travel(MONDAY, tick=False)
def test_a_handler_sees_his_own_most_urgent_first(world: World) -> None:
    calm = world.register(at="2026-11-23 09:00").case
    late = world.register(at="2026-11-10 09:00").case
    other = world.register(at="2026-11-23 09:00").case
    for case, person in ((calm, "handler_a"), (late, "handler_a"), (other, "head_a")):
        world.record(case, "assigned", "supervisor_a", person=person)
    page = page_of(world, "handler_a")
    assert page.index(late.number) < page.index(calm.number)
    assert other.number not in page.split('id="mine-title"')[1].split("</section>")[0]
    assert "已超" in page
    assert "待答复" in page


@time_machine.travel(MONDAY, tick=False)
def test_what_nobody_was_named_for_comes_to_the_post(world: World) -> None:
    case = world.register(kind="enquiry", at="2026-11-23 09:00").case
    assert case.owner_post == "duty"
    assert case.number in page_of(world, "duty_a").split('id="mine-title"')[1].split("</section>")[0]
    assert case.number not in page_of(world, "duty_b")


@time_machine.travel(MONDAY, tick=False)
def test_the_first_receiver_sees_through_what_others_work_on(world: World) -> None:
    case = world.register(at="2026-11-23 09:00").case
    world.record(case, "assigned", "supervisor_a", person="handler_a")
    assert [one.pk for one in desk.followed_through(world.actor("duty_a"))] == [case.pk]
    assert "我接的，别人在办" in page_of(world, "duty_a")


@time_machine.travel(MONDAY, tick=False)
def test_todays_promises_stand_beside(world: World) -> None:
    case = world.register(at="2026-11-23 09:00").case
    case = world.record(case, "assigned", "supervisor_a", person="handler_a").case
    world.record(case, "promised", "handler_a", what="visit", by="2026-11-23T16:30:00+08:00")
    later = world.register(at="2026-11-23 09:00").case
    later = world.record(later, "assigned", "supervisor_a", person="handler_a").case
    world.record(later, "promised", "handler_a", what="visit", by="2026-11-25T16:30:00+08:00")
    promised = desk.promises_today(world.actor("handler_a"))
    assert [one.case.pk for one in promised] == [case.pk]
    assert "今天答应过客户的" in page_of(world, "handler_a")


@time_machine.travel(MONDAY, tick=False)
def test_a_supervisor_sees_what_will_be_late_what_came_back_and_who_has_too_much(world: World) -> None:
    today = world.register(at="2026-11-23 09:30", urgency="urgent").case
    back = world.register(at="2026-11-20 09:00").case
    world.record(back, "assigned", "supervisor_a", person="handler_a")
    world.record(back, "judged", "supervisor_a", validity="valid", reason="属实")
    world.record(back, "answered", "supervisor_a", text="已修")
    world.record(back, "completed", "supervisor_a", result="已修")
    world.record(back, "followed_up", "supervisor_a", outcome="dissatisfied")
    actor = world.actor("supervisor_a")
    assert [one.pk for one in desk.marked(actor, "today")] == [today.pk]
    assert [one.pk for one in desk.marked(actor, "dissatisfied")] == [back.pk]
    assert [(one.person.username, one.open) for one in desk.loads(actor)] == [("handler_a", 1)]
    page = page_of(world, "supervisor_a")
    assert "今天会超时的" in page
    assert "回访不满意，要再处理" in page
    assert "还没派出去的" in page
    assert "已经超时的" not in page
    with time_machine.travel("2026-11-24 09:00+08:00", tick=False):
        assert "已经超时的" in page_of(world, "supervisor_a")
    assert "谁手上多" in page
    assert "今天会超时的" not in page_of(world, "duty_a")


def test_an_approval_waits_on_the_desk_of_who_must_give_it(world: World) -> None:
    case = world.register().case
    Case.objects.filter(pk=case.pk).update(approval_post="department_head")
    assert [one.pk for one in desk.waiting_for_approval(world.actor("head_a"))] == [case.pk]
    assert not desk.waiting_for_approval(world.actor("head_b")).exists()
    assert not desk.waiting_for_approval(world.actor("supervisor_a")).exists()
    assert "等我批准" in page_of(world, "head_a")


@time_machine.travel(MONDAY, tick=False)
def test_the_general_manager_sees_what_came_up_and_whether_it_gets_better(world: World) -> None:
    case = world.register(at="2026-11-23 09:00").case
    world.register(at="2026-10-03 09:00")
    world.record(case, "escalated", "head_a", to_post="general_manager", reason="解决不了")
    actor = world.actor("manager")
    assert [one.pk for one in desk.came_up(actor)] == [case.pk]
    months = desk.trend(actor, kind="complaint")
    assert len(months) == 13
    assert [one.received for one in months[-2:]] == [1, 1]
    assert months[-1].month.isoformat() == "2026-11-01"
    page = page_of(world, "manager")
    assert "升到我这里的" in page
    assert "desk-spark" in page
    assert "升到我这里的" not in page_of(world, "supervisor_a")


def test_the_counts_open_the_lists_they_count(world: World) -> None:
    world.register(at="2020-11-02 09:00")
    client = signed_in(world, "supervisor_a")
    page = client.get(reverse("cases:desk")).content.decode()
    assert f'href="{reverse("cases:list")}?mark=late"' in page
    numbers = desk.counts(world.actor("supervisor_a"), ["late", "unassigned"])
    assert numbers == {"late": 1, "unassigned": 1}
    shown = client.get(reverse("cases:list"), {"mark": "late"}).content.decode()
    assert shown.count("<tr data-href") == 1


def test_the_desk_comes_alone_when_it_refreshes_itself(world: World) -> None:
    world.register()
    answer = signed_in(world, "duty_a").get(reverse("cases:desk"), headers=HTMX).content.decode()
    assert "<html" not in answer
    assert "desk-grid" in answer


def test_an_empty_desk_says_so(world: World) -> None:
    assert "现在没有等您办的事" in page_of(world, "handler_a")


def test_who_has_no_cases_is_led_to_his_own_work(world: World) -> None:
    answer = signed_in(world, "admin").get(reverse("cases:desk"))
    assert answer.status_code == 302
    assert answer["Location"] != reverse("cases:desk")


def test_the_desk_costs_the_same_with_many_cases(world: World) -> None:
    client = signed_in(world, "supervisor_a")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("cases:desk")).status_code == 200
        return len(queries)

    for _number in range(3):
        case = world.register().case
        world.record(case, "assigned", "supervisor_a", person="handler_a")
    count()
    few = count()
    for _number in range(8):
        case = world.register().case
        world.record(case, "assigned", "supervisor_a", person="handler_a")
    assert count() == few <= 40


def test_months_without_any_are_zero_and_the_year_turns(world: World) -> None:
    with time_machine.travel(local("2027-01-15 10:00"), tick=False):
        months = desk.trend(world.actor("manager"), kind="complaint")
    assert [one.month.strftime("%Y-%m") for one in (months[0], months[-1])] == ["2026-01", "2027-01"]
    assert all(one.received == 0 for one in months)
    assert months[1].month - months[0].month < timedelta(days=32)
