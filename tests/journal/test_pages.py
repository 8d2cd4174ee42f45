"""What an auditor sees, and that nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.organization import SmallCompany, make_company

from huiyin.core import clock
from huiyin.core.outbox import deliver_due
from huiyin.journal import checks
from huiyin.journal.models import Check, Entry
from huiyin.journal.seals import read_deposit, seal
from huiyin.journal.services import erase_texts

pytestmark = pytest.mark.django_db
Write = Callable[..., list[Entry]]


@pytest.fixture
def auditor(client: Client, small: SmallCompany) -> Client:
    client.force_login(small.people["auditor"])
    return client


def test_entries_are_found_by_subject_clause_and_day(auditor: Client, write: Write) -> None:
    one, other = write("11")[0], write("12")[0]
    today = clock.today().isoformat()
    for query, found in [
        ("kind=case&subject=11", {one.pk}),
        (f"clause=7.2.1&since={today}&until={today}", {one.pk, other.pk}),
        ("until=2001-01-01", set()),
    ]:
        rows = auditor.get(f"{reverse('journal:index')}?{query}").context["rows"]
        assert {row["entry"].pk for row in rows} == found


def test_pages_follow_each_other_by_key(auditor: Client, write: Write) -> None:
    write("1", count=60)
    first = auditor.get(reverse("journal:index"))
    second = auditor.get(f"{reverse('journal:index')}?after={first.context['next']}")
    assert len(first.context["rows"]) == 50
    assert [row["entry"].sequence for row in second.context["rows"]] == list(range(10, 0, -1))
    assert second.context["next"] is None
    assert auditor.get(f"{reverse('journal:index')}?after=x").status_code == 200


def test_an_entry_shows_its_text_until_it_is_erased(
    auditor: Client, write: Write, small: SmallCompany
) -> None:
    one = write("1")[0]
    page = reverse("journal:entry", args=[one.pk])
    assert "王女士说0" in auditor.get(page).content.decode()
    erase_texts(actor=small.actor("admin"), entries=[one.pk], reason="保存期满")
    content = auditor.get(page).content.decode()
    assert "王女士说0" not in content
    assert "按规定删除" in content


def test_verification_on_the_page_finds_what_was_altered(
    auditor: Client, write: Write, unguarded: Callable[[], AbstractContextManager[None]]
) -> None:
    one = write("1", count=3)[1]
    sound = auditor.post(reverse("journal:check"), follow=True)
    assert "没有发现任何改动" in sound.content.decode()
    with unguarded():
        Entry.objects.filter(pk=one.pk).update(clause="9.9")
    found = auditor.post(reverse("journal:check"), follow=True).content.decode()
    assert f"第 {one.pk} 号记录" in found
    assert "内容被改过" in found


def test_a_large_journal_is_verified_by_a_worker(
    auditor: Client, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "AT_ONCE", 2)
    write("1", count=5)
    waiting = auditor.post(reverse("journal:check"), follow=True)
    assert "正在逐条核对" in waiting.content.decode()
    deliver_due()
    page = reverse("journal:result", args=[Check.objects.get().pk])
    assert "没有发现任何改动" in auditor.get(page).content.decode()


def test_seals_can_be_printed_and_taken_away(auditor: Client, write: Write, tmp_path: Path) -> None:
    write("1")
    one = seal(clock.now())
    assert one is not None
    assert one.signature[:16] in auditor.get(reverse("journal:seals")).content.decode()
    printed = auditor.get(reverse("journal:seal", args=[1])).content.decode()
    assert "<svg" in printed
    assert one.signature in printed
    deposit = tmp_path / "seals.txt"
    deposit.write_bytes(auditor.get(reverse("journal:deposit")).content)
    assert [kept.signature for kept in read_deposit(deposit)] == [one.signature]


@pytest.mark.parametrize("person", ["duty_a", "manager", "admin", "site_admin_a"])
def test_the_journal_is_for_auditors(client: Client, small: SmallCompany, write: Write, person: str) -> None:
    one = write("1")[0]
    seal(clock.now())
    client.force_login(small.people[person])
    for name, arguments in [
        ("index", []),
        ("entry", [one.pk]),
        ("seals", []),
        ("seal", [1]),
        ("deposit", []),
    ]:
        assert client.get(reverse(f"journal:{name}", args=arguments)).status_code == 403
    assert client.post(reverse("journal:check")).status_code == 403


def test_another_company_s_entry_is_not_there(auditor: Client, write: Write) -> None:
    one = write("1")[0]
    other = make_company("远山集团", prefix="y_")
    auditor.force_login(other.people["auditor"])
    assert auditor.get(reverse("journal:entry", args=[one.pk])).status_code == 404
    assert auditor.get(reverse("journal:index")).context["rows"] == []
