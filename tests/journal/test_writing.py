"""Appending, erasing, sealing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.organization import SmallCompany

from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput
from huiyin.core.ids import new_uuid
from huiyin.core.ticking import run_tick
from huiyin.journal.models import Entry, EntryText, Seal
from huiyin.journal.seals import deposit_line, deposit_text, mail_deposit, qr_svg, read_deposit, seal
from huiyin.journal.services import Record, append, erase_texts, record_action
from huiyin.journal.verification import verify

pytestmark = pytest.mark.django_db
Write = Callable[..., list[Entry]]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.dictionaries(st.text(), JSON, max_size=4),
    text=st.text(),
    at=st.timedeltas(timedelta(0), timedelta(days=40_000)).map(
        lambda span: datetime(1990, 1, 1, tzinfo=UTC) + span
    ),
)
def test_whatever_is_written_comes_back_the_same(
    small: SmallCompany, data: dict[str, object], text: str, at: datetime
) -> None:
    record = Record("event", "noted", at, data=data, texts={"text": text})
    with transaction.atomic():
        append(actor=small.actor("duty_a"), subject_kind="case", subject_id="1", records=[record])
    report = verify()
    assert report.ok, report.findings


def test_amounts_and_times_become_text(small: SmallCompany) -> None:
    entry = record_action_in(
        small, data={"amount": Decimal("12.50"), "when": datetime(2026, 1, 2, tzinfo=UTC)}
    )
    assert entry.data == {"amount": "12.50", "when": "2026-01-02T00:00:00+00:00"}
    with pytest.raises(InvalidInput):
        record_action_in(small, data={"amount": float("nan")})


def record_action_in(small: SmallCompany, **given: object) -> Entry:
    with transaction.atomic():
        return record_action(
            actor=small.actor("duty_a"),
            subject_kind="case",
            subject_id=1,
            name="noted",
            **given,  # type: ignore[arg-type]
        )


def test_the_same_event_twice_is_a_conflict(small: SmallCompany) -> None:
    record = Record("event", "noted", clock.now(), uuid=new_uuid())
    actor = small.actor("duty_a")
    with transaction.atomic():
        append(actor=actor, subject_kind="case", subject_id="1", records=[record])
    with pytest.raises(Conflict), transaction.atomic():
        append(actor=actor, subject_kind="case", subject_id="1", records=[record])


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written(small: SmallCompany) -> None:
    with pytest.raises(RuntimeError):
        append(actor=small.actor("duty_a"), subject_kind="case", subject_id="1", records=[])


def test_appending_takes_few_queries(write: Write, small: SmallCompany) -> None:
    """Lock, entries, texts, head; and the savepoint of the test around it."""
    for case in ("new", "new"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            write(case, count=5)
        assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 4


def test_erasing_empties_the_text_and_keeps_the_chain(write: Write, small: SmallCompany) -> None:
    write("1", count=3)
    write("2", count=1)
    admin = small.actor("admin")
    assert erase_texts(actor=admin, subject=("case", "1"), reason="业主要求") == 3
    kept = EntryText.objects.filter(entry__chain__subject_id="1", entry__chain__subject_kind="case")
    assert {(one.text, one.salt, one.erased_at is None) for one in kept} == {("", "", False)}
    report = verify()
    assert report.ok, report.findings
    assert report.erased_texts == 3
    record = Entry.objects.get(name="texts_erased")
    assert (record.actor, len(record.data["texts"])) == (f"person:{admin.person_id}", 3)
    assert erase_texts(actor=admin, subject=("case", "1"), reason="再来一次") == 0


def test_erasing_is_for_administrators_of_the_company(write: Write, small: SmallCompany) -> None:
    entry = write("1")[0]
    with pytest.raises(Forbidden):
        erase_texts(actor=small.actor("duty_a"), entries=[entry.pk], reason="试试")
    with pytest.raises(InvalidInput):
        erase_texts(actor=small.actor("admin"), entries=[entry.pk], reason=" ")
    assert EntryText.objects.get(entry=entry).text


def test_the_ticker_seals_hourly_and_only_what_is_new(write: Write) -> None:
    start = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as traveller:
        write("1", count=2)
        run_tick(clock.now())
        write("1")
        run_tick(clock.now())
        assert list(Seal.objects.values_list("number", "entries")) == [(1, 2)]
        traveller.shift(timedelta(hours=3))
        run_tick(clock.now())
        traveller.shift(timedelta(hours=3))
        run_tick(clock.now())
    assert list(Seal.objects.values_list("number", "entries")) == [(1, 2), (2, 3)]
    assert verify().ok


def test_a_deposited_seal_reads_back_from_paper_and_mail(write: Write, tmp_path: Path) -> None:
    write("1", count=2)
    one = seal(clock.now())
    assert one is not None
    mail_deposit(one, ["auditor@example.org"])
    letter = tmp_path / "letter.txt"
    letter.write_text(mail.outbox[0].body, encoding="utf-8")
    read = read_deposit(letter)[0]
    assert deposit_line(read) == deposit_line(one)
    assert verify(seals=letter).ok
    assert qr_svg(one).startswith("<svg")


@pytest.mark.parametrize("content", ["", "nothing here", "huiyin-seal number=1 at=now"])
def test_a_damaged_deposit_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "seals.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput):
        read_deposit(path)


def test_sealing_an_empty_journal_does_nothing(db: None) -> None:
    assert seal(clock.now()) is None
    assert deposit_text(Seal.objects.all()) == ""
