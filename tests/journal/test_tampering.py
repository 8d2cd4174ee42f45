"""Whoever gets past the guards is found out, with the number of the entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.db import connection

from huiyin.core import clock
from huiyin.journal import digests
from huiyin.journal.models import Chain, Entry, EntryText, Seal
from huiyin.journal.seals import deposit_text, seal
from huiyin.journal.verification import Finding, VerifyReport, verify

pytestmark = [pytest.mark.django_db, pytest.mark.clause("PM1-8")]
Write = Callable[..., list[Entry]]
Unguarded = Callable[[], AbstractContextManager[None]]


def codes(report: VerifyReport) -> set[tuple[str, int | None]]:
    return {(one.code, one.entry) for one in report.findings}


def find(report: VerifyReport, code: str) -> Finding:
    return next(one for one in report.findings if one.code == code)


@pytest.fixture
def history(write: Write) -> list[Entry]:
    """Two cases of five entries each, written in turn, and a seal over all."""
    entries = [entry for i in range(5) for case in ("1", "2") for entry in write(case, place=i)]
    seal(clock.now())
    return entries


def test_an_untouched_journal_is_sound(history: list[Entry]) -> None:
    report = verify()
    assert report.ok, report.findings
    assert (report.entries, report.subjects, report.texts, report.seals) == (10, 2, 10, 1)
    assert report.sealed_entries == 10


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "closed"),
        ("type", "effect"),
        ("actor", "person:999"),
        ("actor_name", "某人"),
        ("post", "general_manager"),
        ("clause", "9.9"),
        ("edition", "B/0"),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("recorded_at", "2020-01-01 00:00:00+00:00"),
        ("data", json.dumps({"place": 4711})),
        ("text_digests", json.dumps({"text": "0" * 64})),
        ("digest", "0" * 64),
    ],
)
def test_an_altered_column_is_found(
    history: list[Entry], unguarded: Unguarded, column: str, value: str
) -> None:
    victim = history[4]
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE journal_entry SET {column} = %s WHERE id = %s", [value, victim.pk])
    report = verify()
    assert ("altered", victim.pk) in codes(report)
    assert find(report, "altered").subject == "case:1"
    assert find(report, "altered").sequence == 3


def test_a_microsecond_is_enough(history: list[Entry], unguarded: Unguarded) -> None:
    victim = history[2]
    with unguarded():
        Entry.objects.filter(pk=victim.pk).update(at=victim.at.replace(microsecond=1))
    assert ("altered", victim.pk) in codes(verify())


def test_an_entry_rewritten_with_its_whole_chain_lacks_the_signature(
    history: list[Entry], unguarded: Unguarded
) -> None:
    victim = history[4]
    with unguarded():
        rewrite_from(victim)
    report = verify()
    assert ("forged", victim.pk) in codes(report)
    assert ("forged", history[0].pk) not in codes(report)
    assert "sealed_content_altered" in {one.code for one in report.findings}


def rewrite_from(victim: Entry) -> None:
    """As somebody would who knows how the digests are made, but does not have the key."""
    previous = victim.previous
    for entry in Entry.objects.filter(chain=victim.chain_id, sequence__gte=victim.sequence).order_by(
        "sequence"
    ):
        if entry.pk == victim.pk:
            entry.data = {"place": 4711}
        entry.previous = previous
        entry.digest = previous = digests.entry_digest(entry, entry.chain.subject)
        entry.save()
    Chain.objects.filter(pk=victim.chain_id).update(head=previous)


def remove(*victims: Entry) -> None:
    numbers = [victim.pk for victim in victims]
    EntryText.objects.filter(entry__in=numbers).delete()
    entries = Entry.objects.filter(pk__in=numbers)
    entries._raw_delete(entries.db)


def test_a_removed_entry_is_named(history: list[Entry], unguarded: Unguarded) -> None:
    victim = history[4]
    with unguarded():
        remove(victim)
    report = verify()
    assert ("removed", victim.pk) in codes(report)  # by the seal
    gap = next(one for one in report.findings if one.subject)
    assert (gap.code, gap.subject, gap.sequence) == ("removed", "case:1", 3)


def test_a_removed_entry_whose_followers_moved_up_is_found(
    history: list[Entry], unguarded: Unguarded
) -> None:
    with unguarded():
        remove(history[4])
        Entry.objects.filter(pk=history[6].pk).update(sequence=3)
        Entry.objects.filter(pk=history[8].pk).update(sequence=4)
    assert {("removed", history[4].pk), ("altered", history[6].pk), ("altered", history[8].pk)} <= codes(
        verify()
    )


def test_exchanged_entries_are_found(history: list[Entry], unguarded: Unguarded) -> None:
    one, other = history[2], history[4]
    with unguarded():
        Entry.objects.filter(pk=one.pk).update(sequence=99)
        Entry.objects.filter(pk=other.pk).update(sequence=one.sequence)
        Entry.objects.filter(pk=one.pk).update(sequence=other.sequence)
    assert {("altered", one.pk), ("altered", other.pk)} <= codes(verify())


def test_an_entry_moved_to_another_case_is_found(history: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        Entry.objects.filter(pk=history[8].pk).update(chain=history[1].chain_id, sequence=6)
    report = verify()
    assert ("altered", history[8].pk) in codes(report)
    assert find(report, "cut_off").subject == "case:1"


def test_the_end_of_a_case_cut_off_is_found_by_its_head(history: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        remove(history[6], history[8])
    cut = find(verify(), "cut_off")
    assert (cut.subject, cut.sequence, cut.detail) == ("case:1", 4, "4–5")


def test_the_end_cut_off_with_the_head_set_back_is_found_by_the_seal(
    history: list[Entry], unguarded: Unguarded
) -> None:
    with unguarded():
        remove(history[8])
        Chain.objects.filter(pk=history[6].chain_id).update(length=4, head=history[6].digest)
    assert codes(verify()) == {("removed", history[8].pk)}


def test_the_end_cut_off_with_its_seal_is_found_by_the_deposit(
    history: list[Entry], write: Write, unguarded: Unguarded, tmp_path: Path
) -> None:
    late = write("1")[0]
    second = seal(clock.now())
    assert second is not None
    deposit = tmp_path / "seals.txt"
    deposit.write_text("封存\n" + deposit_text(Seal.objects.all()), encoding="utf-8")
    with unguarded():
        remove(late)
        Seal.objects.filter(number=2).delete()
        Chain.objects.filter(pk=late.chain_id).update(length=5, head=late.previous)
    assert verify().ok
    found = verify(seals=deposit)
    assert {("seal_missing", None), ("removed", late.pk)} == codes(found)
    assert {one.seal for one in found.findings} == {2}


def test_an_inserted_entry_is_found(history: list[Entry], write: Write, unguarded: Unguarded) -> None:
    last = history[8]
    with unguarded():
        forged = Entry.objects.get(pk=last.pk)
        forged.pk, forged.uuid = last.pk + 1000, digests.uuid.uuid4()
        forged.sequence, forged.previous = 6, last.digest
        forged.text_digests = {}
        forged.digest = digests.entry_digest(forged, forged.chain.subject)
        forged.save(force_insert=True)
        Chain.objects.filter(pk=forged.chain_id).update(length=6, head=forged.digest)
    assert codes(verify()) == {("forged", forged.pk)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "李先生说"}, "text_altered"),
        ({"salt": "0" * 32}, "text_altered"),
        ({"field": "other"}, "text_removed"),
        ({"text": "", "salt": "", "erased_at": "2026-01-01T00:00:00Z"}, "text_erased_without_record"),
    ],
)
def test_an_altered_text_is_found(
    history: list[Entry], unguarded: Unguarded, change: dict[str, str], code: str
) -> None:
    victim = history[3]
    with unguarded():
        EntryText.objects.filter(entry=victim).update(**change)
    report = verify()
    assert (code, victim.pk) in codes(report)


def test_a_removed_text_is_found(history: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        EntryText.objects.filter(entry=history[3]).delete()
    assert codes(verify()) == {("text_removed", history[3].pk)}


def test_an_altered_or_missing_seal_is_found(
    history: list[Entry], write: Write, unguarded: Unguarded
) -> None:
    for _ in range(2):
        write("1")
        seal(clock.now())
    with unguarded():
        Seal.objects.filter(number=1).update(entries=9)
    assert [(one.code, one.seal) for one in verify().findings] == [("seal_altered", 1)]
    with unguarded():
        Seal.objects.filter(number=1).update(entries=10)
        Seal.objects.filter(number=2).delete()
    assert [(one.code, one.seal) for one in verify().findings] == [("seal_missing", 2)]


def test_a_foreign_key_is_told_once(history: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_key", lambda: b"another")
    assert [one.code for one in verify().findings] == ["key_differs"]


def test_only_the_named_company_is_judged(history: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        Entry.objects.filter(pk=history[0].pk).update(name="closed")
    assert ("altered", history[0].pk) in codes(verify(company=history[0].company_id))
    assert verify(company=history[0].company_id + 4711).entries == 0
