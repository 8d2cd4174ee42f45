"""A company that runs PM1, whose people can be written to; servers of robots and of mail beside it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from tests.factories.organization import SmallCompany, add_people, make_company

from huiyin.cases.models import Case
from huiyin.cases.recording import record, register
from huiyin.config.environment import environment
from huiyin.core.outbox import deliver_due
from huiyin.core.ticking import run_tick
from huiyin.notify.models import Notification
from huiyin.organization.models import Person
from huiyin.procedures.services import install_pack

ZONE = ZoneInfo("Asia/Shanghai")
TEXT = "卫生间天花板一直滴水，王小姐家"
REPORTER = "慕容飞雪"
PHONE = "13987654321"


def at(text: str) -> datetime:
    """`2026-06-08 10:00` in the pack's zone: a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass
class Office:
    """Short ways to act in the company, and to ask what its people were told."""

    small: SmallCompany

    def register(self, who: str = "duty_a", **facts: Any) -> Case:
        data = {"kind": "complaint", "channel": "phone", "text": TEXT, "unit": "A", **facts}
        given = {"reporter": REPORTER, "reporter_phone": PHONE, **data}
        return register(actor=self.small.actor(who), data=given).case

    def record(self, case: Case, name: str, who: str = "head_a", **data: Any) -> Case:
        return record(actor=self.small.actor(who), case=case, name=name, data=data).case

    def told(self, who: str) -> list[str]:
        """What somebody was told, in order."""
        rows = Notification.objects.filter(person=self.small.people[who]).order_by("pk")
        return list(rows.values_list("what", flat=True))

    def of(self, who: str, what: str) -> Notification:
        return Notification.objects.filter(person=self.small.people[who], what=what).latest("pk")

    def tick(self, text: str) -> None:
        with time_machine.travel(at(text), tick=False):
            run_tick()

    @contextmanager
    def time(self, text: str) -> Iterator[None]:
        with time_machine.travel(at(text), tick=False):
            yield


@pytest.fixture
def office(db: None) -> Office:
    small = make_company(posts=False)
    install_pack(company=small.root, source="PM1")
    add_people(small)
    # the pack's handlers stand beside the site's head
    small.people["handler_a"].holdings.update(unit=small.site_a)
    return Office(small)


@pytest.fixture
def mailed(office: Office) -> Office:
    """Everybody has an address."""
    for name, person in office.small.people.items():
        person.email = f"{name}@example.com"
    Person.objects.bulk_update(office.small.people.values(), ["email"])
    return office


def deliver(text: str) -> None:
    with time_machine.travel(at(text), tick=False):
        deliver_due()


# ------------------------------------------------------------ a robot's server

Answer = tuple[int, bytes]


@dataclass
class RobotServer:
    """Answers what it is told to, in order; the last answer stays. Keeps what it was sent."""

    answers: list[Answer | str] = field(default_factory=lambda: [(200, b'{"errcode":0,"errmsg":"ok"}')])
    received: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    address: str = ""
    host: str = ""

    def next(self) -> Answer | str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def texts(self) -> list[str]:
        return [
            (one.get("text") or one.get("content"))[_TEXT[one.get("msgtype", "")]] for one in self.received
        ]


_TEXT = {"text": "content", "": "text"}


def _handler(server: RobotServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            server.received.append(json.loads(self.rfile.read(length)))
            server.paths.append(self.path)
            answer = server.next()
            if answer == "hang up":
                self.close_connection = True
                return
            if answer == "silent":
                threading.Event().wait(1)
                return
            assert isinstance(answer, tuple)
            status, body = answer
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", f"{server.address}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def robot_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[RobotServer]:
    """A local server that the operator has allowed."""
    server = RobotServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    server.host = f"127.0.0.1:{http.server_port}"
    server.address = f"http://{server.host}"
    monkeypatch.setattr(environment(), "robot_hosts", server.host)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    http.shutdown()
    http.server_close()


Allow = Callable[[str], None]


@pytest.fixture
def allow_hosts(monkeypatch: pytest.MonkeyPatch) -> Allow:
    def allow(hosts: str) -> None:
        monkeypatch.setattr(environment(), "robot_hosts", hosts)

    return allow
