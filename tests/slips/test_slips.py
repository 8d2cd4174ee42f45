"""Slips up the line and down it: numbered, signed for, answered, finished, evaluated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.cases.conftest import World, local

from huiyin.cases.models import Attachment, Case, CaseClock
from huiyin.core.errors import Forbidden, InvalidInput, NotFound, Refused
from huiyin.core.ids import new_uuid
from huiyin.journal.models import Entry
from huiyin.slips.models import Slip
from huiyin.slips.selectors import box, get_slip, visible_slips
from huiyin.slips.services import answer_slip, evaluate_slip, finish_slip, issue_slip, receive_slip

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4"
    "2mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(local("2026-11-16 09:30"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(world: World) -> Case:
    return world.register(text="601 业主不让进门，楼下一直漏").case


def order(world: World, case: Case, **given: Any) -> Slip:
    """A work order of the site's head to its engineers."""
    data = {"form": "work_order", "to_unit": "A-ENG", "text": "派两个人上门", **given}
    return issue_slip(actor=world.actor("head_a"), case=case, **data)


def browser(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.small.people[username])
    return client


@pytest.mark.clause("PM1-7.2.8")
def test_a_work_slip_goes_up_the_line_with_a_number_of_its_form(world: World, case: Case) -> None:
    slip = issue_slip(
        actor=world.actor("head_a"),
        case=case,
        form="work_slip",
        to_unit="HQ",
        text="请公司出面",
        reply_by=local("2026-11-17 12:00"),
    )
    assert slip.number == "CQ-2026-0001"
    assert (slip.state, slip.from_unit.code, slip.to_unit.code) == ("issued", "A", "HQ")
    assert slip.reply_by == local("2026-11-17 12:00")
    clock = CaseClock.objects.get(case=case, name="slip_reply")
    assert (clock.key, clock.clause) == (slip.number, "7.2.8")
    assert slip.next_due == clock.due
    entry = Entry.objects.get(chain__subject_id=str(case.uuid), name="slip_issued")
    assert "text" not in entry.data


@pytest.mark.clause("PM1-7.2.9")
def test_a_work_order_goes_down_it_and_through_to_its_end(world: World, case: Case) -> None:
    slip = order(world, case, finish_by=local("2026-11-16 17:00"))
    assert slip.number == "TZ-2026-0001"
    engineer = world.actor("handler_a")
    receive_slip(actor=engineer, slip=slip, signed_by="王建国")
    answer_slip(actor=engineer, slip=slip, text="下午两点去")
    finish_slip(actor=engineer, slip=slip, result="换了地漏，不漏了")
    slip.refresh_from_db()
    assert (slip.state, slip.open) == ("finished", True)
    assert CaseClock.objects.get(case=case, name="slip_finish").state == "met"
    evaluate_slip(actor=world.actor("head_a"), slip=slip, satisfied=True)
    slip.refresh_from_db()
    assert (slip.state, slip.open, slip.satisfied, slip.next_due) == ("evaluated", False, True, None)


def test_not_good_enough_is_another_round(world: World, case: Case) -> None:
    slip = order(world, case, finish_by=local("2026-11-16 17:00"))
    engineer, head = world.actor("handler_a"), world.actor("head_a")
    receive_slip(actor=engineer, slip=slip)
    finish_slip(actor=engineer, slip=slip, result="看过了")
    with pytest.raises(InvalidInput):
        evaluate_slip(actor=head, slip=slip, satisfied=False)
    evaluate_slip(actor=head, slip=slip, satisfied=False, text="还在漏")
    slip.refresh_from_db()
    assert (slip.round, slip.state, slip.open, slip.satisfied) == (2, "received", True, False)
    finish_slip(actor=engineer, slip=slip, result="重做了防水")
    evaluate_slip(actor=head, slip=slip, satisfied=True)
    slip.refresh_from_db()
    assert not slip.open


@pytest.mark.clause("PM1-7.2.8")
def test_a_case_with_an_unfinished_slip_does_not_close(world: World, case: Case) -> None:
    slip = order(world, case)
    with pytest.raises(Refused) as refusal:
        world.record(case, "closed")
    assert "slips" in refusal.value.missing
    with pytest.raises(Refused):
        finish_slip(actor=world.actor("handler_a"), slip=slip, result="")


def test_who_may_not_issue_the_form_is_refused_and_no_number_is_lost(world: World, case: Case) -> None:
    with pytest.raises(Refused):
        issue_slip(actor=world.actor("duty_a"), case=case, form="work_order", to_unit="A-ENG", text="快去")
    refusals = Entry.objects.filter(chain__subject_id=str(case.uuid), name="refused")
    assert refusals.count() == 1
    assert not Slip.objects.exists()
    assert order(world, case).number == "TZ-2026-0001"


def test_the_same_press_twice_is_one_slip(world: World, case: Case) -> None:
    client = browser(world, "head_a")
    data = {
        "uuid": str(new_uuid()),
        "expected_version": case.version,
        "slip_form": "work_order",
        "to_unit": "A-ENG",
        "text": "派两个人上门",
    }
    for _ in range(2):
        assert client.post(f"/cases/{case.number}/slips/new/", data).status_code in (302, 422)
    assert Slip.objects.count() == 1


def test_the_receiving_unit_sees_the_slip_where_the_case_is_not_its_own(world: World, case: Case) -> None:
    slip = order(world, case)
    engineer = browser(world, "handler_a")
    assert engineer.get(f"/cases/{case.number}/").status_code == 404
    page = engineer.get(f"/slips/{slip.number}/")
    assert page.status_code == 200
    shown = page.content.decode()
    assert "派两个人上门" in shown
    assert case.number in shown
    assert f"/cases/{case.number}/" not in shown
    assert case.text not in shown


def test_another_site_sees_nothing_of_it(world: World, case: Case) -> None:
    slip = order(world, case)
    for username in ("head_b", "handler_b"):
        client = browser(world, username)
        assert client.get(f"/slips/{slip.number}/").status_code == 404
        assert client.get(f"/slips/{slip.number}/slip_received/").status_code == 404
        assert client.post(f"/slips/{slip.number}/slip_received/", {}).status_code == 404
        assert slip.number not in client.get("/slips/").content.decode()
        actor = world.actor(username)
        assert not visible_slips(actor).exists()
        with pytest.raises(NotFound):
            get_slip(actor, slip.number)
        with pytest.raises(NotFound):
            receive_slip(actor=actor, slip=slip)
    assert Client().get(f"/slips/{slip.number}/").status_code == 302


def test_a_slip_lets_its_unit_do_nothing_else_to_the_case(world: World, case: Case) -> None:
    order(world, case)
    with pytest.raises(Forbidden):
        world.record(case, "answered", "handler_a", text="我来答复")


def test_signing_on_the_screen_is_kept_with_the_case(
    world: World, case: Case, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    slip = order(world, case)
    client = browser(world, "handler_a")
    assert "签收联络单" in client.get(f"/slips/{slip.number}/").content.decode()
    data = {"uuid": str(new_uuid()), "signed_by": "王建国", "signature": PIXEL}
    assert client.post(f"/slips/{slip.number}/slip_received/", data).status_code == 302
    assert Attachment.objects.get(case=case).note == "签名"
    slip.refresh_from_db()
    assert slip.state == "received"
    assert "王建国" in client.get(f"/slips/{slip.number}/").content.decode()


def test_nobody_evaluates_his_own_work(world: World, case: Case) -> None:
    slip = order(world, case)
    finish_slip(actor=world.actor("handler_a"), slip=slip, result="好了")
    client = browser(world, "handler_a")
    assert client.get(f"/slips/{slip.number}/slip_evaluated/").status_code == 404
    assert browser(world, "head_a").get(f"/slips/{slip.number}/slip_evaluated/").status_code == 200


def test_the_boxes_of_the_list(world: World, case: Case, monday: Any) -> None:
    slip = order(world, case, finish_by=local("2026-11-16 17:00"))
    engineer, head = world.actor("handler_a"), world.actor("head_a")
    assert list(box(engineer, "in")) == [slip]
    assert list(box(head, "out")) == [slip]
    assert not box(head, "in").exists()
    assert not box(engineer, "late").exists()
    monday.move_to(local("2026-11-16 17:30"))
    assert list(box(engineer, "late")) == [slip]
    shown = browser(world, "handler_a").get("/slips/?box=late").content.decode()
    assert slip.number in shown
    assert "已超 30 分" in shown
    finish_slip(actor=engineer, slip=slip, result="好了")
    evaluate_slip(actor=head, slip=slip, satisfied=True)
    assert list(box(head, "done")) == [slip]


def test_the_list_pages_by_key(world: World, case: Case, monkeypatch: Any) -> None:
    monkeypatch.setattr("huiyin.slips.pages.PAGE", 2)
    made = [order(world, case).number for _ in range(3)]
    made.append(order(world, case, finish_by=local("2026-11-17 12:00")).number)
    client = browser(world, "handler_a")
    seen: list[str] = []
    after = ""
    for _ in range(3):
        page = client.get("/slips/", {"box": "in", "after": after}).context["page"]
        seen += [row.number for row in page.rows]
        after = page.next
        if not after:
            break
    assert seen == [made[3], made[2], made[1], made[0]]


def test_it_stands_on_the_page_of_its_case(world: World, case: Case) -> None:
    slip = order(world, case, finish_by=local("2026-11-16 17:00"))
    shown = browser(world, "head_a").get(f"/cases/{case.number}/").content.decode()
    assert slip.number in shown
    assert "工作安排通知单" in shown
    assert "发往" in shown


def test_the_forms_a_post_may_issue_are_the_ones_offered(world: World, case: Case) -> None:
    shown = browser(world, "duty_a").get(f"/cases/{case.number}/slips/new/").content.decode()
    assert "工作传签单" in shown
    assert "工作安排通知单" not in shown
    assert browser(world, "quality").get(f"/cases/{case.number}/slips/new/").status_code == 404


def test_words_stay_when_something_is_missing(world: World, case: Case) -> None:
    client = browser(world, "head_a")
    data = {
        "uuid": str(new_uuid()),
        "expected_version": case.version,
        "slip_form": "work_order",
        "text": "快去",
    }
    response = client.post(f"/cases/{case.number}/slips/new/", data)
    assert response.status_code == 422
    assert "快去" in response.content.decode()
