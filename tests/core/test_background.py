"""Ticking and outbox: each effect once, whoever crashes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from huiyin.core import outbox, ticking
from huiyin.core.models import OutboxRow, Ticking
from huiyin.core.outbox import ATTEMPTS, LEASE, deliver_due, enqueue, handles, hold_sending, release_held
from huiyin.core.ticking import run_tick, ticks

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking, "_recurring", {})
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(outbox, "_inward", set())
    monkeypatch.setattr(ticking, "load_tasks", lambda: None)
    monkeypatch.setattr(outbox, "load_tasks", lambda: None)


@pytest.fixture
def at_nine() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_a_tick_runs_everything_although_one_fails(at_nine: time_machine.Traveller) -> None:
    @ticks("bad")
    def bad(now: datetime) -> int:
        raise ValueError("broken")

    @ticks("good")
    def good(now: datetime) -> int:
        return 3

    ran = {one.name: (one.done, one.error) for one in run_tick(START)}
    assert ran == {"bad": (0, "ValueError: broken"), "good": (3, "")}
    assert Ticking.objects.get(name="bad").last_ran_at is None
    assert Ticking.objects.get(name="good").last_ran_at == START


def test_an_interval_that_was_missed_runs_once(at_nine: time_machine.Traveller) -> None:
    moments: list[datetime] = []

    @ticks("hourly", every=timedelta(hours=1))
    def hourly(now: datetime) -> int:
        moments.append(now)
        return 1

    for minutes in (0, 30, 59, 60 * 24, 60 * 24 + 1):
        run_tick(START + timedelta(minutes=minutes))
    assert moments == [START, START + timedelta(days=1)]


def test_a_second_ticker_stays_out_until_the_lease_ends(at_nine: time_machine.Traveller) -> None:
    inner: list[int] = []

    @ticks("slow")
    def slow(now: datetime) -> int:
        if len(inner) < 1:
            inner.append(len(run_tick(now)))
        return 1

    assert [one.name for one in run_tick(START)] == ["slow"]
    assert inner == [0]
    Ticking.objects.update(leased_until=START + ticking.LEASE)  # a ticker that died
    assert run_tick(START) == []
    at_nine.shift(ticking.LEASE)
    assert len(run_tick(START + ticking.LEASE)) == 1


def test_what_bears_running_twice_is_taken_over_sooner(at_nine: time_machine.Traveller) -> None:
    until: list[datetime | None] = []

    @ticks("clocks", lease=timedelta(minutes=1))
    def clocks(now: datetime) -> int:
        until.append(Ticking.objects.get(name="clocks").leased_until)
        return 1

    run_tick(START)
    assert until == [START + timedelta(minutes=1)]


@pytest.mark.django_db(transaction=True)
def test_two_tickers_at_once_give_one_effect() -> None:
    done: list[int] = []
    together = threading.Barrier(2)

    @ticks("once", every=timedelta(hours=1))
    def once(now: datetime) -> int:
        done.append(1)
        return 1

    def ticker() -> None:
        together.wait()
        run_tick(START)
        connection.close()

    threads = [threading.Thread(target=ticker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [1]


def test_the_same_key_is_one_piece_of_work(at_nine: time_machine.Traveller) -> None:
    sent: list[str] = []
    handles("mail")(lambda row: sent.append(row.key))
    for _ in range(3):
        enqueue(key="a", topic="mail", payload={})
        deliver_due()
    assert sent == ["a"]


def test_what_fails_is_tried_later_and_given_up_at_last(at_nine: time_machine.Traveller) -> None:
    tries: list[datetime] = []

    def fail(row: OutboxRow) -> None:
        tries.append(datetime.now(UTC))
        raise OSError("no network")

    handles("mail")(fail)
    enqueue(key="a", topic="mail", payload={})
    for _ in range(20):
        deliver_due()
        at_nine.shift(timedelta(hours=6))
    row = OutboxRow.objects.get()
    assert len(tries) == ATTEMPTS
    assert row.given_up_at is not None
    assert row.last_error == "OSError: no network"
    assert list(outbox.stuck()) == [row]


def test_a_crashed_worker_s_work_is_taken_over(at_nine: time_machine.Traveller) -> None:
    sent: list[str] = []

    def crash_first(row: OutboxRow) -> None:
        if row.attempts == 1:
            raise SystemExit
        sent.append(row.key)

    handles("mail")(crash_first)
    enqueue(key="a", topic="mail", payload={})
    with pytest.raises(SystemExit):
        deliver_due()
    assert deliver_due() == 0
    at_nine.shift(LEASE)
    assert deliver_due() == 1
    assert sent == ["a"]


def test_on_hold_only_inward_work_is_done(at_nine: time_machine.Traveller) -> None:
    done: list[str] = []
    handles("mail")(lambda row: done.append(row.key))
    handles("check", sends=False)(lambda row: done.append(row.key))
    enqueue(key="m", topic="mail", payload={})
    enqueue(key="c", topic="check", payload={})
    hold_sending(reason="restored")
    deliver_due()
    assert done == ["c"]
    assert release_held() == 1
    deliver_due()
    assert done == ["c", "m"]


def test_discarding_what_was_held(at_nine: time_machine.Traveller) -> None:
    done: list[str] = []
    handles("mail")(lambda row: done.append(row.key))
    enqueue(key="m", topic="mail", payload={})
    hold_sending(reason="restored")
    assert release_held(discard=True) == 1
    assert deliver_due() == 0
    assert done == []
