"""What is past its retention: listed, asked for, approved by another, then gone; the chain stays whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client
from tests.reports.conftest import World, local

from huiyin.cases.models import Case
from huiyin.cases.search import matching
from huiyin.core.errors import Conflict, Forbidden, InvalidInput
from huiyin.engine.schema.papers import Retention
from huiyin.journal.models import EntryText
from huiyin.journal.verification import verify
from huiyin.organization.models import Unit
from huiyin.procedures.selectors import current_rules
from huiyin.records.models import ErasureRequest
from huiyin.records.retention_rules import keep_words, kept_until_before
from huiyin.records.selectors import past_retention
from huiyin.records.services import ask_erasure, decide_erasure

RULE = "顾客投诉处理记录表、工作传签单、工作安排通知单、投诉与答复"


def asked(world: World, unit: Unit | None = None) -> ErasureRequest:
    return ask_erasure(
        actor=world.actor("head_a"), unit=unit or world.small.site_a, rule=RULE, reason="保存期满"
    )


@pytest.mark.parametrize(
    ("keep", "today", "expected"),
    [
        ("2y", date(2026, 11, 22), date(2024, 11, 22)),
        ("2y", date(2024, 2, 29), date(2022, 2, 28)),
        ("6mo", date(2026, 8, 31), date(2026, 2, 28)),
        ("12mo", date(2026, 12, 31), date(2025, 12, 31)),
        ("30d", date(2026, 3, 1), date(2026, 1, 30)),
    ],
)
def test_the_day_before_which_records_may_go(keep: str, today: date, expected: date) -> None:
    rule = Retention(of=["complaint"], title="x", keep=keep, clause="8")
    assert kept_until_before(rule, today) == expected
    assert keep_words(rule)[0].isdigit()


@pytest.mark.clause("PM1-8")
def test_records_are_kept_two_years_and_then_listed(world: World) -> None:
    old, young = world.handled("2024-04-08"), world.handled("2024-06-03")
    still_open = world.register("2024-04-08 10:00")
    with time_machine.travel(local("2026-05-01 09:00"), tick=False):
        found = past_retention(current_rules(world.actor("head_a")), world.small.site_a)
        assert [case.pk for case in found[0].cases] == [old.pk]
        assert found[0].words == "2 年"
        assert past_retention(current_rules(world.actor("head_b")), world.small.site_b)[0].count == 0
    # looking is all that happened
    assert Case.objects.get(pk=old.pk).text
    assert Case.objects.get(pk=young.pk).text
    assert Case.objects.get(pk=still_open.pk).text


@pytest.mark.clause("PM1-8", "PM1-8k")
def test_the_keeper_asks_and_another_approves(world: World) -> None:
    old, young = world.handled("2024-04-08", reporter="王女士"), world.handled("2024-06-03")
    with time_machine.travel(local("2026-05-01 09:00"), tick=False):
        with pytest.raises(Forbidden):
            ask_erasure(actor=world.actor("handler_a"), unit=world.small.site_a, rule=RULE, reason="满")
        with pytest.raises(InvalidInput):
            ask_erasure(actor=world.actor("head_a"), unit=world.small.site_a, rule=RULE, reason=" ")
        request = asked(world)
        assert Case.objects.get(pk=old.pk).text
        with pytest.raises(Forbidden):
            decide_erasure(actor=world.actor("head_a"), request=request, approve=True)
        with pytest.raises(Forbidden):
            decide_erasure(actor=world.actor("duty_a"), request=request, approve=True)
        done = decide_erasure(actor=world.actor("deputy"), request=request, approve=True)
        with pytest.raises(Conflict):
            decide_erasure(actor=world.actor("deputy"), request=request, approve=True)
        with pytest.raises(InvalidInput):
            asked(world)
    assert done.texts > 0
    case = Case.objects.get(pk=old.pk)
    assert (case.text, case.reporter, case.state) == ("", "", "closed")
    left = EntryText.objects.filter(entry__chain__subject_id=str(old.uuid)).exclude(text="")
    assert not left.exists()
    assert EntryText.objects.filter(entry__chain__subject_id=str(young.uuid)).exclude(text="").exists()
    company = world.small.root.pk
    assert list(matching(Case.objects.all(), company_id=company, text="漏水")) == [young]


def test_the_journal_stays_whole_after_erasing(world: World) -> None:
    world.handled("2024-04-08")
    with time_machine.travel(local("2026-05-01 09:00"), tick=False):
        decide_erasure(actor=world.actor("deputy"), request=asked(world), approve=True)
        found = verify()
    assert found.ok, found.findings
    assert found.erased_texts > 0


def test_the_page_of_retention(world: World, client_of: Callable[[str], Client]) -> None:
    old = world.handled("2024-04-08")
    with time_machine.travel(local("2026-05-01 09:00"), tick=False):
        head, deputy = client_of("head_a"), client_of("deputy")
        assert old.number in head.get("/records/retention/").content.decode()
        assert head.get("/records/retention/?unit=B").status_code == 404
        answer = head.post("/records/retention/ask/", {"unit": "A", "rule": RULE, "reason": "保存期满"})
        assert answer.status_code == 302
        request = ErasureRequest.objects.get()
        assert "批准并删除" not in head.get("/records/retention/").content.decode()
        assert "批准并删除" in deputy.get("/records/retention/?unit=A").content.decode()
        assert client_of("head_b").post(f"/records/retention/{request.uuid}/approve/").status_code == 404
        assert deputy.post(f"/records/retention/{request.uuid}/decline/").status_code == 302
    assert Case.objects.get(pk=old.pk).text
