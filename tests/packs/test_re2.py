"""Pack RE2: customer service takes complaints, looks into them and reports back; elsewhere it guides."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
JUDGED = ("2026-11-18 11:00", "judged", {"validity": "valid", "reason": "x"})
COMPLETED = ("2026-11-19 10:00", "completed", {"result": "x"})
ANSWERED = ("2026-11-19 11:00", "answered", {"text": "x"})
CLOSED = ("2026-11-20 11:00", "closed")
GUIDANCE = ("2026-11-18 12:00", "slip_issued", {"slip": "s1", "form": "guidance", "post": "customer_service"})


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("RE2"))


def taken(**fields):
    return (WED, "registered", fields)


@pytest.mark.clause("RE2-3.1")
def test_customer_service_takes_a_complaint(pack, find, iso):
    lines = pack.play(taken(), until="2026-11-19 18:00")
    assert find(lines, "number_given", number="TS-2026-0001", clause="3.1")
    assert find(lines, "owner_set", post="customer_service", clause="3.1")
    assert find(lines, "breached", clock="admit", due=iso("2026-11-19 18:00"), clause="3.1")
    assert find(lines, "escalated", to_post="customer_service_manager", clause="3.1")
    admitted = pack.play(taken(), ("2026-11-18 10:30", "admitted"))
    assert find(admitted, "clock_stopped", clock="admit", outcome="met")


@pytest.mark.clause("RE2-3.1")
def test_a_complaint_is_verified_by_customer_service(pack, find, iso):
    lines = pack.play(taken(), until="2026-11-24 00:00")
    assert find(lines, "required", what="judged", clause="3.1")
    assert find(lines, "breached", clock="verify", due=iso("2026-11-23 18:00"), clause="3.1")
    assert find(lines, "notified", post="customer_service_manager", what="breached", clause="3.1")

    def verify(**fields):
        judged = ("2026-11-18 11:00", "judged", {"validity": "valid", **fields})
        return find(pack.play(taken(), judged), "refused", clause="3.1")

    assert verify()[0]["missing"] == ["reason"]
    assert verify(reason="x", post="department")
    assert not verify(reason="x", post="customer_service")
    appealed = ("2026-11-19 09:00", "appealed")
    again = pack.play(taken(), JUDGED, appealed)
    assert len(find(again, "required", what="judged")) == 2
    assert find(again, "clock_started", clock="verify", due=iso("2026-11-24 18:00"))


@pytest.mark.clause("RE2-3.1")
def test_the_result_is_reported_back_before_a_complaint_is_closed(pack, find, iso):
    assert find(pack.play(taken(), CLOSED), "refused", event="closed", clause="3.1", missing=["validity"])
    lines = pack.play(taken(), JUDGED, ANSWERED, CLOSED)
    assert find(lines, "refused", event="closed", missing=["completed"], clause="3.1")
    early = ("2026-11-18 11:30", "answered")
    lines = pack.play(taken(), JUDGED, early, COMPLETED, CLOSED)
    assert find(lines, "required", what="answered", clause="3.1")
    assert find(lines, "refused", event="closed", missing=["answered"])
    assert not find(pack.play(taken(), JUDGED, COMPLETED, ANSWERED, CLOSED), "refused")
    late = pack.play(taken(), JUDGED, until="2026-11-28 00:00")
    assert find(late, "breached", clock="feedback", due=iso("2026-11-27 18:00"), clause="3.1")
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(answer_by=asked)), "clock_started", clock="feedback", due=asked)
    assert find(late, "escalated", to_post="customer_service_manager", params={"clock": "feedback"})


@pytest.mark.clause("RE2-3.1")
def test_what_is_not_so_is_explained(pack, find):
    unfounded = ("2026-11-18 11:00", "judged", {"validity": "invalid", "reason": "x"})
    assert find(pack.play(taken(), unfounded, CLOSED), "refused", missing=["answered"], clause="3.1")
    told_before = [taken(), ("2026-11-18 10:30", "answered"), unfounded, CLOSED]
    assert find(pack.play(*told_before), "refused", missing=["answered"])
    assert not find(pack.play(taken(), unfounded, ANSWERED, CLOSED), "refused")


@pytest.mark.clause("RE2-3.1")
def test_a_project_elsewhere_handles_its_own_under_guidance(pack, find, iso):
    lines = pack.play(taken(region="elsewhere"), until="2026-11-18 11:00")
    assert find(lines, "owner_set", post="project_service", clause="3.1")
    assert find(lines, "notified", post="customer_service", what="registered", clause="3.1")
    assert find(lines, "required", what="slip_issued", clause="3.1")
    assert not find(pack.play(taken(region="local")), "required", what="slip_issued")
    assert not find(pack.play(taken(region="local")), "notified")
    lines = pack.play(taken(region="elsewhere"), GUIDANCE, until="2026-11-20 00:00")
    assert find(lines, "number_given", number="ZD-2026-0001", slip="s1", clause="3.1")
    assert find(lines, "breached", clock="slip_receive", due=iso("2026-11-19 18:00"), clause="3.1")
    assert find(
        lines, "escalated", to_post="customer_service_manager", params={"clock": "slip_receive", "slip": "s1"}
    )
    wrong = ("2026-11-18 12:00", "slip_issued", {"slip": "s1", "form": "guidance", "post": "project_service"})
    assert find(pack.play(taken(region="elsewhere"), wrong), "refused", reason="post", clause="3.1")


@pytest.mark.clause("RE2-3.1")
def test_guidance_is_received_and_the_result_told_to_customer_service(pack, find):
    story = [taken(region="elsewhere"), JUDGED, GUIDANCE, COMPLETED, ANSWERED]
    lines = pack.play(*story, CLOSED)
    assert find(lines, "refused", event="closed", clause="3.1", missing=["slips"])
    story.insert(3, ("2026-11-18 13:00", "slip_received", {"slip": "s1"}))
    lines = pack.play(*story, CLOSED)
    assert find(lines, "closed")
    told = find(lines, "notified", post="customer_service", clause="3.1")
    assert [line["what"] for line in told] == ["registered", "answered", "closed"]
    local = [taken(), JUDGED, GUIDANCE, COMPLETED, ANSWERED, CLOSED]
    assert not find(pack.play(*local), "refused")
    assert not find(pack.play(*local), "notified")


@pytest.mark.clause("RE2-3.1")
def test_the_record_says_what_was_found_and_reported(pack):
    (form,) = pack.pack.record
    assert form.title == "客户投诉受理与反馈记录"
    assert {"judged.reason", "answered.text", "completed.result"} <= {one.source for one in form.fields}


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"RE2-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 9
    assert [clause.id for clause in pack.pack.clause if clause.running] == ["3.1"]
