"""Pack SE1: what clause 4.1 demands, played through the pack as it is shipped."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 09:00"
ABOUT = {"channel": "letter", "category": "stock"}
ANSWERED = ("2026-11-18 11:00", "answered", {"means": "letter"})
CLOSED = ("2026-11-20 11:00", "closed")
CHANGE = (WED, "registered", {"kind": "contract_change", "order_number": "HT-2026-18", **ABOUT})
AGREED = ("2026-11-18 10:00", "confirmed", {"satisfied": True})
WRITTEN = ("2026-11-18 14:00", "slip_issued", {"slip": "s1", "form": "change_notice", "post": "sales"})
RECEIVED = ("2026-11-18 15:00", "slip_received", {"slip": "s1", "post": "production"})


@pytest.fixture(scope="module")
def se1():
    return Bench(load_pack("SE1"))


@pytest.mark.clause("SE1-4.1")
@pytest.mark.parametrize("matter", ["product", "contract_order", "needs", "ordering", "stock"])
@pytest.mark.parametrize("channel", ["fair", "letter", "visit"])
def test_matters_and_ways_of_communication(se1, find, matter, channel):
    assert matter in {row.code for row in se1.pack.category}
    assert channel in {row.code for row in se1.pack.channel}
    about = {"kind": "enquiry", "channel": channel, "category": matter}
    lines = se1.play((WED, "registered", about), ANSWERED, CLOSED)
    assert not find(lines, "refused")
    assert find(lines, "number_given", number="GT-2026-0001", clause="4.1")
    assert find(lines, "owner_set", post="sales", clause="4.1")


@pytest.mark.clause("SE1-4.1")
@pytest.mark.parametrize("lacking", ["channel", "category"])
def test_the_way_and_the_matter_are_on_record(se1, find, lacking):
    known = {name: value for name, value in ABOUT.items() if name != lacking}
    (line,) = find(se1.play((WED, "registered", {"kind": "enquiry", **known}), ANSWERED), "refused")
    assert (line["clause"], line["missing"]) == ("4.1", [lacking])


@pytest.mark.clause("SE1-4.1")
def test_a_contract_change_is_negotiated_first(se1, find):
    assert find(se1.play(CHANGE), "required", what="confirmed", clause="4.1")
    assert find(se1.play(CHANGE), "number_given", number="HG-2026-0001", clause="4.1")
    assert find(se1.play(CHANGE, WRITTEN), "refused", clause="4.1", missing=["confirmed"])
    refused = ("2026-11-18 10:00", "confirmed", {"satisfied": False})
    assert find(se1.play(CHANGE, refused, WRITTEN), "refused", missing=["confirmed"])
    unnamed = (WED, "registered", {"kind": "contract_change", **ABOUT})
    assert find(se1.play(unnamed, AGREED, WRITTEN), "refused", missing=["order_number"])


@pytest.mark.clause("SE1-4.1")
def test_a_contract_change_goes_to_production_in_writing(se1, find, iso):
    assert find(se1.play(CHANGE, AGREED), "required", what="slip_issued", clause="4.1")
    (line,) = find(se1.play(CHANGE, AGREED, CLOSED), "refused")
    assert (line["clause"], line["missing"]) == ("4.1", ["slip_received"])
    lines = se1.play(CHANGE, AGREED, WRITTEN, until="2026-11-20 09:00")
    assert find(lines, "number_given", number="GTZ-2026-0001", clause="4.1")
    assert find(lines, "breached", clause="4.1", due=iso("2026-11-19 18:00"))
    assert find(lines, "escalated", to_post="sales_head", clause="4.1")
    assert find(se1.play(CHANGE, AGREED, WRITTEN, CLOSED), "refused", missing=["slip_received"])
    assert not find(se1.play(CHANGE, AGREED, WRITTEN, RECEIVED, CLOSED), "refused")
    by_quality = (*WRITTEN[:2], {**WRITTEN[2], "post": "quality_head"})
    assert find(se1.play(CHANGE, AGREED, by_quality), "refused", clause="4.1", reason="post")


@pytest.mark.parametrize("kind", ["enquiry", "complaint"])
def test_questions_and_complaints_are_answered(se1, find, iso, kind):
    lines = se1.play((WED, "registered", {"kind": kind, **ABOUT}), until="2026-11-24 00:00")
    assert find(lines, "breached", clock="answer", due=iso("2026-11-23 18:00"), clause="4.1")
    assert find(lines, "escalated", to_post="sales_head", clause="4.1")
    closed = se1.play((WED, "registered", {"kind": kind, **ABOUT}), CLOSED)
    assert "answered" in find(closed, "refused")[0]["missing"]


def test_a_complaint_has_a_result(se1, find, iso):
    story = [(WED, "registered", {"kind": "complaint", **ABOUT}), ANSWERED]
    lines = se1.play(*story, CLOSED)
    assert find(lines, "notified", post="quality_head")
    assert find(lines, "required", what="completed")
    assert find(lines, "refused", missing=["completed"])
    bare = ("2026-11-19 09:00", "completed")
    assert find(se1.play(*story, bare), "refused", missing=["result"])
    promised = ("2026-11-18 11:00", "promised", {"what": "visit", "by": iso("2026-11-19 10:00")})
    lines = se1.play(story[0], promised, until="2026-11-19 11:00")
    assert find(lines, "escalated", to_post="sales_head", params={"clock": "promise", "what": "visit"})


def test_every_clause_of_the_catalogue_is_in_the_pack(se1):
    ids = {name for clause in se1.pack.clause for name in clause.catalogue}
    assert ids == {f"SE1-{clause.id}" for clause in se1.pack.clause}
    assert len(ids) == 6


@pytest.mark.clause("SE1-4.1")
def test_the_customers_own_time_comes_first_and_the_owner_is_reminded(se1, find, iso):
    asked = iso("2026-12-01 09:00")
    lines = se1.play((WED, "registered", {**ABOUT, "answer_by": asked}), until="2026-12-01 08:59")
    assert find(lines, "clock_started", clock="answer", due=asked, clause="4.1")
    assert find(lines, "notified", what="warned", clock="answer", clause="4.1")


@pytest.mark.clause("SE1-4.1")
def test_the_owner_is_reminded_of_a_promise(se1, find, iso):
    promised = ("2026-11-18 15:00", "promised", {"what": "visit", "by": iso("2026-11-20 15:00")})
    lines = se1.play((WED, "registered", ABOUT), promised, until="2026-11-20 14:59")
    assert find(lines, "notified", what="warned", clock="promise", clause="4.1")


@pytest.mark.clause("SE1-4.1")
def test_the_record_of_communication(se1):
    (form,) = [form for form in se1.pack.record if form.code == "communication_record"]
    assert (form.title, form.clause) == ("顾客沟通记录", "4.1")
