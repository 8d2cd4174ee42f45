"""Pack PM5: enquiries are taken within three rings and end with an outcome on record."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
CLOSED = ("2026-11-18 17:00", "closed")


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("PM5"))


def taken(**fields):
    return (WED, "registered", {"kind": "enquiry", "text": "x", **fields})


@pytest.mark.clause("PM5-4.2.2.2")
@pytest.mark.parametrize(
    ("channel", "rings", "told"),
    [("phone", 3, False), ("phone", 4, True), ("phone", None, False), ("front_desk", 9, False)],
)
def test_a_call_taken_after_the_third_ring_is_told_to_the_supervisor(pack, find, channel, rings, told):
    fields = {} if rings is None else {"rings": rings}
    lines = pack.play(taken(channel=channel, **fields))
    found = find(lines, "notified", post="service_supervisor", what="registered", clause="4.2.2.2")
    assert bool(found) is told


@pytest.mark.clause("PM5-4.2.2.2")
def test_an_enquiry_is_on_record_with_a_number(pack, find):
    empty = pack.play((WED, "registered", {"kind": "enquiry"}))
    assert find(empty, "refused", event="registered", clause="4.2.2.2", missing=["text"])
    lines = pack.play(taken())
    assert find(lines, "number_given", number="ZX-2026-0001", clause="4.2.2.2")
    assert find(lines, "owner_set", post="receptionist", clause="4.2.2.2")
    (form,) = pack.pack.record
    assert (form.title, form.clause) == ("咨询接待记录", "4.2.2.2")
    assert {"case.text", "answered.text", "case.first_receiver"} <= {one.source for one in form.fields}


@pytest.mark.clause("PM5-4.2.2.2")
def test_an_enquiry_ends_with_its_outcome(pack, find):
    answered = ("2026-11-18 10:05", "answered")
    lines = pack.play(taken(), answered, CLOSED)
    assert find(lines, "refused", event="closed", clause="4.2.2.2", missing=["enquiry_result"])
    early = pack.play(taken(), ("2026-11-18 17:00", "closed", {"enquiry_result": "explained"}))
    assert find(early, "refused", event="closed", clause="4.2.2.2", missing=["answered"])
    told = ("2026-11-18 10:05", "answered", {"enquiry_result": "referred"})
    assert find(pack.play(taken(), told, CLOSED), "closed")
    at_the_end = ("2026-11-18 17:00", "closed", {"enquiry_result": "explained"})
    assert find(pack.play(taken(), answered, at_the_end), "closed", clause="4.2.2.2")


@pytest.mark.clause("PM5-4.2.2.2")
def test_what_was_not_answered_at_once_is_watched(pack, find, iso):
    lines = pack.play(taken(), until="2026-11-20 00:00")
    assert find(lines, "breached", clock="answer", due=iso("2026-11-19 18:00"), clause="4.2.2.2")
    assert find(lines, "escalated", to_post="service_supervisor", clause="4.2.2.2", reason="breach")
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(answer_by=asked)), "clock_started", due=asked)


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"PM5-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 7
    assert "4.2.2.2" in {clause.id for clause in pack.pack.clause if clause.running}
