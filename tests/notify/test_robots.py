"""Group robots: errors inside a 200, nonsense, silence, redirects; tried again, delivered once in the end."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from tests.notify.conftest import Allow, Office, RobotServer, at

from huiyin.cases.models import Case
from huiyin.core.errors import Forbidden, InvalidInput
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import deliver_due
from huiyin.journal.models import Entry
from huiyin.notify.channels import robots
from huiyin.notify.channels.addresses import allowed
from huiyin.notify.models import Robot, RobotKind
from huiyin.notify.services import save_robot, try_robot

MONDAY = "2026-06-08"
GOOD = {
    "wecom": b'{"errcode":0,"errmsg":"ok"}',
    "dingtalk": b'{"errcode":0,"errmsg":"ok"}',
    "feishu": b'{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}',
}
REFUSALS = {
    "wecom": b'{"errcode":93000,"errmsg":"invalid webhook url"}',
    "dingtalk": b'{"errcode":310000,"errmsg":"sign not match"}',
    "feishu": b'{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}',
}
REAL = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=abc",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/abc",
}


def _robot(office: Office, server: RobotServer, kind: str = "wecom", **more: str) -> Robot:
    return save_robot(
        actor=office.small.actor("admin"),
        unit=office.small.site_a,
        kind=kind,
        name="东湖值班群",
        url=f"{server.address}/send?key=s3cret",
        **more,
    )


def _late(office: Office) -> Case:
    """An urgent complaint that is past its time."""
    with office.time(f"{MONDAY} 10:00"):
        case = office.register()
        office.record(case, "amended", urgency="urgent", reason="漏到楼下")
    office.tick(f"{MONDAY} 12:01")
    return case


def _deliver(minutes: float) -> None:
    with time_machine.travel(at(f"{MONDAY} 12:01") + timedelta(minutes=minutes), tick=False):
        deliver_due()


# ------------------------------------------------------------ delivered


@pytest.mark.parametrize("kind", list(RobotKind))
def test_a_breach_is_said_once_in_the_group(office: Office, robot_server: RobotServer, kind: str) -> None:
    """The breach and its escalation are one matter: one message."""
    robot_server.answers = [(200, GOOD[kind])]
    robot = _robot(office, robot_server, kind)
    case = _late(office)
    for minute in (0, 1, 60):
        _deliver(minute)
    (text,) = robot_server.texts
    assert case.number in text
    assert "超过时限" in text
    assert f"/cases/{case.number}/" in text
    robot.refresh_from_db()
    assert robot.last_error == ""
    assert robot.last_sent_at == at(f"{MONDAY} 12:01")


@pytest.mark.parametrize("kind", list(RobotKind))
def test_an_error_inside_a_200_is_tried_again(office: Office, robot_server: RobotServer, kind: str) -> None:
    robot_server.answers = [(200, REFUSALS[kind]), (200, REFUSALS[kind]), (200, GOOD[kind])]
    robot = _robot(office, robot_server, kind)
    _late(office)
    _deliver(0)
    robot.refresh_from_db()
    code = REFUSALS[kind].decode().split(":")[1].split(",")[0]
    assert robot.last_error == f"refused {code}"
    assert robot.last_sent_at is None
    _deliver(0.1)
    assert len(robot_server.received) == 1  # not before its time
    _deliver(1)
    _deliver(5)
    _deliver(60)
    assert len(robot_server.received) == 3
    robot.refresh_from_db()
    assert robot.last_error == ""
    assert robot.last_sent_at
    assert OutboxRow.objects.get(topic="notify.robot").done_at


BAD = {
    "500": ((500, b"oops"), "status 500"),
    "404 with a good body": ((404, GOOD["wecom"]), "status 404"),
    "redirect": ((302, b""), "status 302"),
    "redirect that keeps the method": ((307, b""), "status 307"),
    "page": ((200, b"<html>login</html>"), "nonsense"),
    "empty": ((200, b""), "nonsense"),
    "list": ((200, b"[0]"), "nonsense"),
    "no code": ((200, b'{"ok": true}'), "nonsense"),
    "nothing": ((200, b"null"), "nonsense"),
    "text instead of a code": ((200, b'{"errcode": "0"}'), "refused 0"),
    "true is no zero": ((200, b'{"errcode": null}'), "refused None"),
    "deep": ((200, b"[" * 60_000), "nonsense"),
    "endless": ((200, b'{"errcode":0,"x":"' + b"x" * 100_000 + b'"}'), "nonsense"),
    "hangs up": ("hang up", "unreachable"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_answer_is_none(office: Office, robot_server: RobotServer, what: str) -> None:
    answer, stored = BAD[what]
    robot_server.answers = [answer, (200, GOOD["wecom"])]
    robot = _robot(office, robot_server)
    _late(office)
    _deliver(0)
    robot.refresh_from_db()
    assert robot.last_error == stored
    assert not OutboxRow.objects.get(topic="notify.robot").done_at
    _deliver(5)
    robot.refresh_from_db()
    assert robot.last_error == ""
    assert [path.split("?")[0] for path in robot_server.paths] == ["/send", "/send"]


def test_a_silent_server(office: Office, robot_server: RobotServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "TIMEOUT", (1, 0.1))
    robot_server.answers = ["silent", (200, GOOD["wecom"])]
    robot = _robot(office, robot_server)
    _late(office)
    _deliver(0)
    robot.refresh_from_db()
    assert robot.last_error == "slow"
    _deliver(5)
    robot.refresh_from_db()
    assert robot.last_error == ""


def test_nobody_there(office: Office, allow_hosts: Allow) -> None:
    allow_hosts("127.0.0.1:9")
    with pytest.raises(robots.NotDelivered) as raised:
        robots.send(kind="wecom", url="http://127.0.0.1:9/send", secret="", text="x")
    assert raised.value.stored == "unreachable"


def test_every_stored_error_has_words() -> None:
    for _answer, stored in BAD.values():
        words = robots.error_words(stored)
        assert "对方" in words
        assert "%" not in words
    assert robots.error_words("") == ""


def test_dingtalk_and_feishu_are_signed(office: Office, robot_server: RobotServer) -> None:
    url = f"{robot_server.address}/send?access_token=a"
    with time_machine.travel(at(f"{MONDAY} 12:00"), tick=False):
        robots.send(kind="dingtalk", url=url, secret="SEC1", text="x")
        robots.send(kind="feishu", url=url, secret="SEC2", text="x")
    asked = parse_qs(urlsplit(robot_server.paths[0]).query)
    stamp = asked["timestamp"][0]
    sign = hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(sign).decode()]
    body = robot_server.received[1]
    sign = hmac.new(f"{body['timestamp']}\nSEC2".encode(), b"", hashlib.sha256).digest()
    assert body["sign"] == base64.b64encode(sign).decode()
    assert body["timestamp"] == str(int(at(f"{MONDAY} 12:00").timestamp()))


# ------------------------------------------------------------ which robots


def test_robots_of_the_unit_and_above(office: Office, robot_server: RobotServer) -> None:
    for unit, active in (("site_a", True), ("root", True), ("site_b", True), ("company", False)):
        Robot.objects.create(
            company=office.small.root,
            unit=getattr(office.small, unit),
            kind="wecom",
            name=unit,
            url=f"{robot_server.address}/{unit}",
            active=active,
        )
    _late(office)
    _deliver(0)
    assert sorted(robot_server.paths) == ["/root", "/site_a"]


def test_a_robot_switched_off_before_it_spoke(office: Office, robot_server: RobotServer) -> None:
    robot = _robot(office, robot_server)
    _late(office)
    Robot.objects.filter(pk=robot.pk).update(active=False)
    _deliver(0)
    assert robot_server.received == []


def test_an_urgent_new_case_is_said_too(office: Office, robot_server: RobotServer) -> None:
    _robot(office, robot_server)
    with office.time(f"{MONDAY} 12:01"):
        office.register()
        office.register(safety=True)
    _deliver(0)
    (text,) = robot_server.texts
    assert "新的紧急投诉" in text


# ------------------------------------------------------------ where a robot may be


@pytest.mark.parametrize("kind", list(RobotKind))
def test_the_vendors_own_hosts(kind: str) -> None:
    assert allowed(kind, REAL[kind])
    for other in set(REAL) - {kind}:
        assert not allowed(kind, REAL[other])


FORBIDDEN = [
    "",
    "nonsense",
    "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
    "https://qyapi.weixin.qq.com.evil.example/send",
    "https://evil.example/qyapi.weixin.qq.com",
    "https://qyapi.weixin.qq.com@evil.example/send",
    "https://user:password@qyapi.weixin.qq.com/send",
    "https://evil.example\\@qyapi.weixin.qq.com/send",
    "https://evil.example#@qyapi.weixin.qq.com/send",
    "https://qyapi.weixin.qq.com:8443/send",
    "https://qyapi.weixin.qq.com:99999999/send",
    "https://qyapi.weixin.qq.com /send",
    "https://qyapi.weixin.qq.com\n.evil.example/send",
    "https://qyapi。weixin.qq.com/send",
    "https://[::1]/send",
    "https://[::1",
    "https://127.0.0.1/send",
    "http://127.0.0.1:8000/send",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost/send",
    "http://0x7f000001/send",
    "ftp://qyapi.weixin.qq.com/send",
    "file:///etc/passwd",
    "//qyapi.weixin.qq.com/send",
]


@pytest.mark.parametrize("url", FORBIDDEN)
def test_no_other_address_is_called(office: Office, url: str) -> None:
    assert not allowed("wecom", url)
    with pytest.raises(InvalidInput) as raised:
        save_robot(
            actor=office.small.actor("admin"), unit=office.small.site_a, kind="wecom", name="x", url=url
        )
    assert "url" in raised.value.fields
    assert not Robot.objects.exists()


def test_an_address_that_was_allowed_once_is_asked_again(
    office: Office, robot_server: RobotServer, allow_hosts: Allow
) -> None:
    robot = _robot(office, robot_server)
    _late(office)
    allow_hosts("")
    _deliver(0)
    assert robot_server.received == []
    robot.refresh_from_db()
    assert robot.last_error == "address"


def test_what_the_operator_names_is_allowed(allow_hosts: Allow) -> None:
    allow_hosts("gateway.lan, 10.0.0.5:8080")
    assert allowed("wecom", "http://gateway.lan/robot")
    assert allowed("feishu", "http://gateway.lan:9999/robot")
    assert allowed("wecom", "http://10.0.0.5:8080/robot")
    assert not allowed("wecom", "http://10.0.0.5/robot")
    assert not allowed("wecom", "ftp://gateway.lan/robot")


# ------------------------------------------------------------ keeping


def test_the_address_is_kept_where_it_is_left_empty(office: Office, robot_server: RobotServer) -> None:
    robot = _robot(office, robot_server, secret="SEC")
    before = robot.url
    save_robot(
        actor=office.small.actor("admin"),
        unit=office.small.site_b,
        kind="wecom",
        name="改名",
        url="",
        robot=robot,
        active=False,
    )
    robot.refresh_from_db()
    assert (robot.url, robot.secret, robot.name, robot.active) == (before, "SEC", "改名", False)


def test_the_secret_address_is_not_in_the_journal(office: Office, robot_server: RobotServer) -> None:
    _robot(office, robot_server, secret="SEC")
    entry = Entry.objects.get(name="robot_saved")
    assert "s3cret" not in str(entry.data)
    assert "SEC" not in str(entry.data)


def test_only_an_administrator(office: Office, robot_server: RobotServer) -> None:
    robot = _robot(office, robot_server)
    for who in ("head_a", "quality"):
        with pytest.raises(Forbidden):
            save_robot(
                actor=office.small.actor(who),
                unit=office.small.site_a,
                kind="wecom",
                name="x",
                url="",
                robot=robot,
            )
        with pytest.raises(Forbidden):
            try_robot(actor=office.small.actor(who), robot=robot, text="x")
    assert robot_server.received == []


def test_a_kind_that_does_not_exist(office: Office) -> None:
    with pytest.raises(InvalidInput):
        save_robot(
            actor=office.small.actor("admin"),
            unit=office.small.site_a,
            kind="telegram",
            name="x",
            url="https://a",
        )
