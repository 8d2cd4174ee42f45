"""Pages of notifications: one's own list, the bell, wishes, robots."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client
from tests.notify.conftest import PHONE, REPORTER, TEXT, Office, RobotServer, at

from huiyin.cases.models import Case
from huiyin.notify.models import Notification, Preference, Robot

MONDAY = "2026-06-08"


def _client(office: Office, who: str) -> Client:
    client = Client()
    client.force_login(office.small.people[who])
    return client


@pytest.fixture
def late(office: Office) -> Case:
    with office.time(f"{MONDAY} 10:00"):
        case = office.register(urgency="urgent")
    office.tick(f"{MONDAY} 12:01")
    return case


def _page(client: Client, path: str, status: int = 200) -> str:
    with time_machine.travel(at(f"{MONDAY} 12:05"), tick=False):
        response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_says_what_happened(office: Office, late: Case) -> None:
    page = _page(_client(office, "head_a"), "/notifications/")
    assert f"{late.number}：「答复」超过时限，已上报部门负责人" in page
    assert "知道了，我来处理" in page
    assert TEXT in page
    for secret in (REPORTER, PHONE):
        assert secret not in page


def test_who_no_longer_sees_the_case_is_not_told_its_words(office: Office, late: Case) -> None:
    Case.objects.filter(pk=late.pk).update(unit=office.small.site_b, assigned_unit=None, handler=None)
    page = _page(_client(office, "head_a"), "/notifications/")
    assert late.number in page
    assert TEXT not in page


def test_the_bell_counts(office: Office, late: Case) -> None:
    head = _client(office, "head_a")
    assert _page(head, "/notifications/count/") == "1"
    assert _page(_client(office, "duty_a"), "/notifications/count/") == ""


def test_taking_it_over(office: Office, late: Case) -> None:
    row = office.of("head_a", "escalated")
    head = _client(office, "head_a")
    with time_machine.travel(at(f"{MONDAY} 12:05"), tick=False):
        response = head.post(f"/notifications/{row.uuid}/acknowledge/", follow=True)
    assert response.redirect_chain == [(f"/cases/{late.number}/", 302)]
    assert "不再上报" in response.content.decode()
    page = _page(_client(office, "handler_a"), "/notifications/")
    assert "陈志强 已接手" in page
    assert "知道了，我来处理" not in page
    assert _page(head, "/notifications/count/") == ""


def test_opening_one_reads_it(office: Office, late: Case) -> None:
    row = office.of("handler_a", "registered")
    client = _client(office, "handler_a")
    response = client.post(f"/notifications/{row.uuid}/")
    assert response["Location"] == f"/cases/{late.number}/"
    row.refresh_from_db()
    assert row.read_at


def test_new_cases_in_one_line(office: Office) -> None:
    client = _client(office, "handler_a")
    for _each in range(3):
        office.register()
    page = client.get("/notifications/").content.decode()
    assert "3 张新工单等您看" in page
    assert page.count("新的投诉") == 0
    assert client.get("/notifications/count/").content == b"1"
    assert client.post("/notifications/new/")["Location"] == "/cases/?mark=unassigned"
    page = client.get("/notifications/").content.decode()
    assert "张新工单等您看" not in page
    assert page.count("新的投诉") == 3


def test_all_read(office: Office, late: Case) -> None:
    client = _client(office, "handler_a")
    client.post("/notifications/read/")
    assert not Notification.objects.filter(
        person=office.small.people["handler_a"], read_at__isnull=True
    ).exists()
    assert "知道了，我来处理" in _page(client, "/notifications/")


def test_an_empty_list_says_what_comes_here(office: Office) -> None:
    assert "还没有通知" in _page(_client(office, "duty_a"), "/notifications/")


def test_long_lists_go_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.notify import views

    monkeypatch.setattr(views, "PAGE", 2)
    with office.time(f"{MONDAY} 10:00"):
        case = office.register()
        for _each in range(4):
            office.record(case, "chased", "duty_a")
    client = _client(office, "handler_a")
    found, page = 0, _page(client, "/notifications/")
    for _page_number in range(3):
        found += page.count("notify-line")
        following = re.search(r"id=\"more\".*?after=(\d+)", page, re.DOTALL)
        if following is None:
            break
        page = _page(client, f"/notifications/?after={following[1]}")
    assert found == 5


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "%00"])
def test_nonsense_in_the_address(office: Office, after: str) -> None:
    assert _client(office, "duty_a").get(f"/notifications/?after={after}").status_code == 200


def test_wishes(office: Office) -> None:
    client = _client(office, "duty_a")
    assert "quiet_from" in _page(client, "/me/notifications/")
    wrong = client.post("/me/notifications/", {"mail": "on", "quiet_from": "20:00"})
    assert wrong.status_code == 422
    assert not Preference.objects.exists()
    right = client.post("/me/notifications/", {"quiet_from": "20:00", "quiet_until": "07:00"})
    assert right.status_code == 302
    wish = Preference.objects.get()
    assert (wish.mail, str(wish.quiet_from)) == (False, "20:00:00")


def test_a_robot_is_added_and_tried(office: Office, robot_server: RobotServer) -> None:
    admin = _client(office, "admin")
    data = {
        "unit": office.small.site_a.pk,
        "kind": "wecom",
        "name": "值班群",
        "url": f"{robot_server.address}/send?key=s3cret",
        "active": "on",
    }
    assert admin.post("/settings/robots/new/", data).status_code == 302
    robot = Robot.objects.get()
    for path in ("/settings/robots/", f"/settings/robots/{robot.uuid}/"):
        page = _page(admin, path)
        assert "值班群" in page
        assert "s3cret" not in page
    response = admin.post(f"/settings/robots/{robot.uuid}/try/", follow=True)
    assert "已发到群里" in response.content.decode()
    robot_server.answers = [(200, b'{"errcode":93000}')]
    response = admin.post(f"/settings/robots/{robot.uuid}/try/", follow=True)
    page = response.content.decode()
    assert "没有发出去：对方不收，错误代码 93000" in page
    assert len(robot_server.received) == 2


def test_a_wrong_address_is_shown_at_its_field(office: Office) -> None:
    admin = _client(office, "admin")
    data = {"unit": office.small.site_a.pk, "kind": "wecom", "url": "http://169.254.169.254/"}
    response = admin.post("/settings/robots/new/", data)
    assert response.status_code == 422
    assert "请粘贴从企业微信复制的地址" in response.content.decode()
    assert not Robot.objects.exists()


def test_the_settings_lead_there(office: Office) -> None:
    admin, desk = _client(office, "admin"), _client(office, "duty_a")
    assert "/settings/robots/" in _page(admin, "/settings/")
    page = _page(desk, "/settings/")
    assert "/settings/robots/" not in page
    assert "/me/notifications/" in page
