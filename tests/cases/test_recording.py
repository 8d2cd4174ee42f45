"""An event reaches a case: number, clocks, journal and rows together, or a refusal that changes nothing."""

from __future__ import annotations

import pytest
import time_machine
from tests.cases.conftest import World, local

from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.cases.recording import advance_due, record
from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, Refused
from huiyin.core.ids import new_uuid
from huiyin.journal.models import Entry


@pytest.fixture
def wednesday():
    with time_machine.travel(local("2026-09-30 16:30"), tick=False) as traveller:
        yield traveller


@pytest.mark.clause("PM1-7.2.1", "PM1-7.2.3")
def test_a_registration_is_numbered_promised_and_journalled(world: World, wednesday) -> None:
    done = world.register()
    case = Case.objects.get()
    assert case.number == done.case.number
    assert case.kind == "complaint"
    answer = CaseClock.objects.get(case=case, name="answer")
    assert clock.timezone.localtime(answer.due) == local("2026-10-09 18:00")
    assert case.next_due <= answer.due
    names = list(Entry.objects.filter(chain__subject_id=str(case.uuid)).values_list("name", flat=True))
    assert names[0] == "registered"
    assert "number_given" in names
    assert "clock_started" in names


def test_the_customers_words_stand_beside_the_chain(world: World, wednesday) -> None:
    case = world.register(text="电梯又停了，我妈被关了十分钟！", reporter="王女士").case
    entry = Entry.objects.get(chain__subject_id=str(case.uuid), name="registered")
    assert "text" not in entry.data
    assert "reporter" not in entry.data
    assert {row.field for row in entry.texts.all()} >= {"text", "reporter"}


def test_a_refusal_is_journalled_and_changes_nothing(world: World, wednesday) -> None:
    case = world.register().case
    before = Case.objects.get(pk=case.pk)
    with pytest.raises(Refused) as refusal:
        world.record(case, "closed")
    assert refusal.value.missing
    assert refusal.value.clause
    after = Case.objects.get(pk=case.pk)
    assert (after.version, after.state, after.standing) == (before.version, before.state, before.standing)
    assert Entry.objects.filter(chain__subject_id=str(case.uuid), name="refused").count() == 1
    assert not CaseEvent.objects.filter(case=case, name="closed").exists()


@pytest.mark.clause("PM1-7.2.6", "PM1-7.2.7", "PM1-7.2.10")
def test_from_first_call_to_closing(world: World, wednesday) -> None:
    case = world.register().case
    world.record(
        case,
        "judged",
        "head_a",
        validity="valid",
        reason="楼上水管老化，属维修责任",
        severity="ordinary",
        urgency="ordinary",
    )
    world.record(case, "answered", "head_a", text="今天安排师傅上门。", means="phone")
    world.record(case, "completed", "head_a", result="更换了楼上三通，已不漏。")
    with pytest.raises(Refused):
        world.record(case, "closed", "head_a")
    world.record(case, "followed_up", "head_a", outcome="satisfied", means="phone")
    done = world.record(case, "closed", "head_a")
    assert done.case.state == "closed"
    assert not done.case.open
    assert done.case.next_due is None
    assert not CaseClock.objects.filter(case=case, next_at__isnull=False).exists()


def test_time_alone_brings_a_breach_once(world: World, wednesday) -> None:
    case = world.register(urgency="urgent").case
    wednesday.move_to(local("2026-09-30 19:00"))
    assert advance_due(clock.now()) == 1
    assert advance_due(clock.now()) == 0
    assert Entry.objects.filter(chain__subject_id=str(case.uuid), name="breached").count() == 1
    assert Case.objects.get(pk=case.pk).breached


def test_the_same_event_twice_is_one(world: World, wednesday) -> None:
    case = world.register().case
    uuid = new_uuid()
    actor = world.actor("head_a")
    record(actor=actor, case=case, name="noted", data={"text": "已联系"}, uuid=uuid)
    with pytest.raises(Conflict):
        record(actor=actor, case=case, name="noted", data={"text": "已联系"}, uuid=uuid)
    assert CaseEvent.objects.filter(case=case, name="noted").count() == 1


def test_who_acts_on_an_old_page_is_told(world: World, wednesday) -> None:
    case = world.register().case
    world.record(case, "noted", "duty_a", text="顾客在家")
    with pytest.raises(Conflict) as conflict:
        record(actor=world.actor("head_a"), case=case, name="noted", data={"text": "x"}, expected_version=1)
    assert "李晓梅" in str(conflict.value)


def test_another_site_cannot_act(world: World, wednesday) -> None:
    case = world.register().case
    with pytest.raises(Forbidden):
        world.record(case, "answered", "head_b", text="好")


def test_wrong_input_names_the_field(world: World, wednesday) -> None:
    with pytest.raises(InvalidInput) as error:
        world.register(kind="nonsense")
    assert "kind" in error.value.fields
    with pytest.raises(InvalidInput) as error:
        world.register(household=str(new_uuid()))
    assert "household" in error.value.fields
    with pytest.raises(InvalidInput):
        world.register(severity="enormous")
    assert not Case.objects.exists()


def test_numbers_have_no_gap_after_a_refusal(world: World, wednesday) -> None:
    first = world.register().case.number
    with pytest.raises((InvalidInput, Refused)):
        world.register(answer_by="2026-09-29T10:00:00+08:00")
    second = world.register().case.number
    assert int(second.rsplit("-", 1)[1]) == int(first.rsplit("-", 1)[1]) + 1


@pytest.mark.clause("PM1-7.1.1")
def test_every_channel_is_kept(world: World, wednesday) -> None:
    for channel in ("phone", "face_to_face", "suggestion_box", "letter"):
        assert world.register(channel=channel).case.channel == channel


def test_a_refused_slip_uses_no_number(world: World, wednesday) -> None:
    case = world.register().case
    with pytest.raises(Refused):
        world.record(case, "slip_issued", "head_a", form="work_slip", reply_by="2026-09-29T10:00:00+08:00")
    done = world.record(case, "slip_issued", "head_a", form="work_slip", to_unit="HQ")
    assert CaseEvent.objects.get(case=case, name="slip_issued").data["slip"].endswith("1")
    assert done.case.version == 2
