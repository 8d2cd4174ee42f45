"""Mail through a real server of mail, one that refuses, quiet hours, and what is never written."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st
from tests.notify.conftest import PHONE, REPORTER, TEXT, Office, RobotServer, at

from huiyin.config.environment import environment
from huiyin.core.errors import InvalidInput
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import deliver_due
from huiyin.core.ticking import run_tick
from huiyin.journal.models import Seal
from huiyin.journal.seals import deposit_line
from huiyin.notify.models import Notification, Preference
from huiyin.notify.sentences import sentence
from huiyin.notify.services import mark_read, save_preference, save_robot
from huiyin.notify.telling import after_quiet

MONDAY = "2026-06-08"


class Post:
    """Keeps what it is given; `refuse` is answered instead while it is set."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuse = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return self.refuse
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.letters.append(found)
        return "250 OK"


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    handler = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
    settings.EMAIL_HOST_USER = ""
    yield handler
    controller.stop()


def _deliver(text: str) -> None:
    with time_machine.travel(at(text), tick=False):
        deliver_due()


def _wish(office: Office, who: str, **wish: Any) -> None:
    save_preference(actor=office.small.actor(who), **{"mail": True, **wish})


# ------------------------------------------------------------ sent


def test_a_mail_says_what_and_where(mailed: Office, post: Post) -> None:
    with mailed.time(f"{MONDAY} 10:00"):
        case = mailed.register(urgency="urgent")
        for _twice in range(2):
            deliver_due()
    (letter,) = post.letters
    assert letter["To"] == "handler_a@example.com"
    assert letter["Subject"] == f"新的紧急投诉 {case.number}"
    assert f"{environment().base_url}/cases/{case.number}/" in letter.get_content()
    assert str(Notification.objects.get().uuid) in letter["Message-ID"]


def test_a_server_that_refuses_is_asked_again(mailed: Office, post: Post) -> None:
    post.refuse = "451 try later"
    with mailed.time(f"{MONDAY} 10:00"):
        mailed.register(urgency="urgent")
        deliver_due()
    row = OutboxRow.objects.get(topic="notify.mail")
    assert row.attempts == 1
    assert "451" in row.last_error
    post.refuse = ""
    _deliver(f"{MONDAY} 10:05")
    _deliver(f"{MONDAY} 10:30")
    assert len(post.letters) == 1
    row.refresh_from_db()
    assert row.done_at


def test_a_server_that_is_not_there(mailed: Office, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with mailed.time(f"{MONDAY} 10:00"):
        mailed.register(urgency="urgent")
        deliver_due()
    assert OutboxRow.objects.get(topic="notify.mail").last_error
    assert mailed.told("handler_a") == ["registered"]


def test_in_the_language_of_the_person(mailed: Office, post: Post) -> None:
    person = mailed.small.people["handler_a"]
    person.language = "en"
    person.save()
    with mailed.time(f"{MONDAY} 10:00"):
        mailed.register(urgency="urgent")
        deliver_due()
    assert "Complaint" in post.letters[0]["Subject"]


def test_several_new_cases_are_one_mail(mailed: Office, post: Post) -> None:
    with mailed.time(f"{MONDAY} 10:00"):
        for _each in range(3):
            mailed.register()
        deliver_due()
    assert len(post.letters) == 1
    assert mailed.told("handler_a") == ["registered"] * 3


def test_who_has_read_it_gets_no_mail(mailed: Office, post: Post) -> None:
    with mailed.time(f"{MONDAY} 10:00"):
        mailed.register()
        mark_read(actor=mailed.small.actor("handler_a"))
        deliver_due()
    assert post.letters == []


def test_who_left_gets_no_mail(mailed: Office, post: Post) -> None:
    with mailed.time(f"{MONDAY} 10:00"):
        mailed.register()
        person = mailed.small.people["handler_a"]
        person.is_active = False
        person.save()
        deliver_due()
    assert post.letters == []


# ------------------------------------------------------------ when


def test_who_wants_no_mail_gets_none(mailed: Office, post: Post) -> None:
    _wish(mailed, "handler_a", mail=False)
    with mailed.time(f"{MONDAY} 10:00"):
        mailed.register(urgency="urgent")
        deliver_due()
    assert post.letters == []
    assert mailed.told("handler_a") == ["registered"]


def test_quiet_hours_hold_the_mail_back(mailed: Office, post: Post) -> None:
    _wish(mailed, "handler_a", quiet_from=time(20), quiet_until=time(7, 30))
    with mailed.time(f"{MONDAY} 23:00"):
        mailed.register(urgency="urgent")
        deliver_due()
    assert mailed.told("handler_a") == ["registered"]
    _deliver("2026-06-09 07:29")
    assert post.letters == []
    _deliver("2026-06-09 07:30")
    assert len(post.letters) == 1


@pytest.mark.parametrize(("urgency", "letters"), [("ordinary", 0), ("urgent", 1)])
def test_at_night_only_what_is_urgent(mailed: Office, post: Post, urgency: str, letters: int) -> None:
    """Of who has not said otherwise."""
    with mailed.time(f"{MONDAY} 23:00"):
        mailed.register(urgency=urgency)
        deliver_due()
    assert len(post.letters) == letters
    _deliver("2026-06-09 07:00")
    assert len(post.letters) == 1


_times = st.none() | st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(_times, _times, st.integers(0, 500_000))
def test_quiet_hours_end(begin: time | None, end: time | None, minutes: int) -> None:
    """Never earlier, never more than a day later, and never within the quiet hours."""
    moment = at("2026-01-01 00:00") + timedelta(minutes=minutes)
    wish = Preference(quiet_from=begin, quiet_until=end)
    after = after_quiet(wish, moment)
    assert moment <= after <= moment + timedelta(days=1)
    assert after_quiet(wish, after) == after


def test_quiet_hours_have_two_ends(office: Office) -> None:
    with pytest.raises(InvalidInput):
        _wish(office, "handler_a", quiet_from=time(20))
    assert not Preference.objects.exists()


# ------------------------------------------------------------ never


def test_no_word_of_the_customer_leaves_the_house(
    mailed: Office, post: Post, robot_server: RobotServer
) -> None:
    """A whole story in which everybody types the customer's name, phone and words wherever he can."""
    save_robot(
        actor=mailed.small.actor("admin"),
        unit=mailed.small.root,
        kind="wecom",
        name="总群",
        url=f"{robot_server.address}/send",
    )
    words = f"{REPORTER}{PHONE}{TEXT}"
    with mailed.time(f"{MONDAY} 10:00"):
        case = mailed.register(urgency="urgent", demand=words, external_number=PHONE)
        mailed.record(case, "promised", what="call", by="2026-06-08T11:30:00+08:00", text=words)
        mailed.record(case, "escalated", "handler_a", reason=words)
        mailed.record(case, "assigned", to_post="handler", to_unit="A", person="supervisor_a", text=words)
        mailed.record(case, "chased", "duty_a", text=words)
    for minute in ("11:01", "12:01", "12:35", "13:10"):
        mailed.tick(f"{MONDAY} {minute}")
    with mailed.time(f"{MONDAY} 14:00"):
        mailed.record(case, "judged", validity="valid", reason=words)
        mailed.record(case, "answered", means="phone", text=words)
        mailed.record(case, "followed_up", "duty_a", outcome="dissatisfied", means="phone", text=words)
        deliver_due(limit=1000)
    told = list(Notification.objects.select_related("case__edition"))
    assert len({one.what for one in told}) >= 5
    assert len(post.letters) > 8
    assert len(robot_server.received) > 2
    said = [sentence(what=one.what, case=one.case, params=one.params) for one in told if one.case]
    said += [f"{one.params}{one.key}{one.matter}" for one in told]
    said += [str(letter) + letter.get_content() for letter in post.letters]
    said += robot_server.texts
    said += [f"{row.key}{row.payload}" for row in OutboxRow.objects.filter(topic__startswith="notify.")]
    for secret in (REPORTER, PHONE, TEXT):
        assert not [line for line in said if secret in line]


# ------------------------------------------------------------ seals of the journal


def test_a_seal_is_sent_out_of_reach(office: Office, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment(), "seal_mail", "board@example.com, audit@example.com")
    with office.time(f"{MONDAY} 10:00"):
        run_tick()
        run_tick()
        deliver_due()
        deliver_due()
    (letter,) = post.letters
    assert letter["To"] == "board@example.com, audit@example.com"
    assert deposit_line(Seal.objects.get()) in letter.get_content().replace("\n", " ")


def test_without_an_address_no_seal_is_sent(office: Office, post: Post) -> None:
    with office.time(f"{MONDAY} 10:00"):
        run_tick()
        deliver_due()
    assert Seal.objects.exists()
    assert post.letters == []
