"""Pack MF2: what clause 5.8 demands, played through the pack as it is shipped."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 09:00"
REGISTERED = (WED, "registered", {"channel": "fax"})
STATED = ("2026-11-18 10:00", "slip_issued", {"slip": "s1", "form": "statement", "post": "dispatch"})
READ = ("2026-11-18 11:00", "slip_received", {"slip": "s1", "post": "deputy_general_manager"})
ACTED = ("2026-11-20 10:00", "completed", {"corrective_action": "x"})
AGREED = ("2026-11-23 10:00", "confirmed", {"satisfied": True})
CLOSED = ("2026-11-23 11:00", "closed")
WHOLE = [REGISTERED, STATED, READ, ACTED, AGREED, CLOSED]


@pytest.fixture(scope="module")
def mf2():
    return Bench(load_pack("MF2"))


def without(*left_out):
    return [event for event in WHOLE if event not in left_out]


@pytest.mark.clause("MF2-5.8")
@pytest.mark.parametrize("kind", ["complaint", "product_return"])
def test_complaints_and_returns_run_through(mf2, find, kind):
    lines = mf2.play((WED, "registered", {"kind": kind}), *WHOLE[1:])
    assert not find(lines, "refused")
    assert find(lines, "owner_set", post="dispatch", clause="5.8")
    assert find(lines, "closed", clause="5.8")


@pytest.mark.clause("MF2-5.8")
def test_both_are_numbered_across_and_through_the_years(mf2, find):
    lines = mf2.play(
        ("2026-12-31 10:00", "registered"),
        ("2026-12-31 11:00", "registered", {"case": "c2", "kind": "product_return"}),
        ("2027-01-04 10:00", "registered", {"case": "c3"}),
        ("2027-01-04 11:00", "slip_issued", {"slip": "s1", "form": "statement"}),
    )
    given = [line["number"] for line in find(lines, "number_given", clause="5.8")]
    assert given == ["KT-00001", "KT-00002", "KT-00003", "SM-00001"]
    rules = {rule.name: rule.resets for rule in mf2.pack.number}
    assert rules == {"complaint": "never", "statement": "never"}


@pytest.mark.clause("MF2-5.8")
def test_the_statement_goes_to_the_deputy_general_manager(mf2, find):
    assert find(mf2.play(REGISTERED), "required", what="slip_issued", clause="5.8")
    (line,) = find(mf2.play(REGISTERED, STATED), "escalated")
    assert (line["to_post"], line["clause"]) == ("deputy_general_manager", "5.8")
    by_workshop = (*STATED[:2], {**STATED[2], "post": "workshop"})
    assert find(mf2.play(REGISTERED, by_workshop), "refused", clause="5.8", reason="post")
    read_by_other = (*READ[:2], {"slip": "s1", "post": "quality"})
    assert find(mf2.play(REGISTERED, STATED, read_by_other), "refused", clause="5.8", reason="post")
    (line,) = find(mf2.play(REGISTERED, STATED, ACTED), "refused")
    assert (line["clause"], line["missing"]) == ("5.8", ["slip_received"])
    assert mf2.pack.slip[0].title == "客户投诉货物料情况说明"


@pytest.mark.clause("MF2-5.8")
def test_corrective_action_is_taken(mf2, find):
    assert find(mf2.play(*WHOLE[:3]), "required", what="completed", clause="5.8")
    bare = ("2026-11-20 10:00", "completed")
    assert find(mf2.play(*WHOLE[:3], bare), "refused", clause="5.8", missing=["corrective_action"])
    assert find(mf2.play(*without(ACTED)), "refused", clause="5.8", missing=["completed"])


@pytest.mark.clause("MF2-5.8")
def test_the_customer_confirms_it(mf2, find):
    assert find(mf2.play(*WHOLE[:4]), "required", what="confirmed", clause="5.8")
    (line,) = find(mf2.play(*without(AGREED)), "refused")
    assert (line["clause"], line["missing"]) == ("5.8", ["confirmed"])
    objected = ("2026-11-23 10:00", "confirmed", {"satisfied": False})
    lines = mf2.play(*WHOLE[:4], objected, CLOSED)
    assert find(lines, "refused", missing=["confirmed"])
    assert {line["post"] for line in find(lines, "notified")} == {"dispatch", "deputy_general_manager"}
    before = ("2026-11-19 10:00", "confirmed", {"satisfied": True})
    assert find(mf2.play(*WHOLE[:3], before, ACTED, CLOSED), "refused", missing=["confirmed"])


@pytest.mark.clause("MF2-5.8")
def test_without_confirmation_only_with_approval(mf2, find):
    def close(post):
        records = {"what": "closed", "post": post, "attempts": 3, "recourse_offered": True}
        return mf2.play(*WHOLE[:4], ("2026-11-23 10:00", "approved", records), CLOSED)

    assert find(close("dispatch_head"), "refused", event="closed")
    assert find(close("general_manager"), "closed", by_exception=True)


def test_a_second_statement_is_read_before_closing(mf2, find):
    again = ("2026-11-23 10:30", "slip_issued", {"slip": "s2", "form": "statement"})
    assert find(mf2.play(*WHOLE[:5], again, CLOSED), "refused", missing=["slips"])


def test_a_promise_is_watched(mf2, find, iso):
    promised = ("2026-11-18 11:00", "promised", {"what": "answer", "by": iso("2026-11-19 10:00")})
    lines = mf2.play(REGISTERED, promised, until="2026-11-19 11:00")
    assert find(lines, "escalated", to_post="dispatch_head", params={"clock": "promise", "what": "answer"})


def test_what_is_asked_at_registration_stands_on_the_list(mf2):
    asked = {fact.name for fact in mf2.pack.fact if "registered" in fact.events}
    assert asked == {"order_number", "notice_number", "product", "returned_quantity"}
    (form,) = mf2.pack.record
    assert {"订单号", "货品", "纠正措施", "客户确认日期"} <= {field.title for field in form.fields}


def test_every_clause_of_the_catalogue_is_in_the_pack(mf2):
    ids = {name for clause in mf2.pack.clause for name in clause.catalogue}
    assert ids == {f"MF2-{clause.id}" for clause in mf2.pack.clause}
    assert len(ids) == 6


@pytest.mark.clause("MF2-5.8")
def test_the_owner_is_reminded_of_a_promise(mf2, find, iso):
    promised = ("2026-11-18 15:00", "promised", {"what": "visit", "by": iso("2026-11-20 15:00")})
    lines = mf2.play(REGISTERED, promised, until="2026-11-20 14:59")
    assert find(lines, "notified", what="warned", clock="promise", clause="5.8")
