"""Pack MD1: what each clause demands, played through the pack as it is shipped."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
REGISTERED = (WED, "registered", {"channel": "phone"})
JUDGED = ("2026-11-18 14:00", "judged", {"validity": "valid", "reason": "x", "post": "after_sales"})
ANSWERED = ("2026-11-19 09:00", "answered", {"means": "phone"})
COMPLETED = ("2026-11-20 10:00", "completed", {"result": "x"})
CLOSED = ("2026-11-23 10:00", "closed")
WHOLE = [REGISTERED, JUDGED, ANSWERED, COMPLETED, CLOSED]
CONTACT = (WED, "registered", {"kind": "after_sales_contact", "channel": "visit"})
HEARD = {
    "satisfaction": "satisfied",
    "grievance": "无",
    "on_training": "x",
    "on_running": "x",
    "on_supply": "x",
    "on_contract": "x",
}


@pytest.fixture(scope="module")
def md1():
    return Bench(load_pack("MD1"))


def without(*left_out):
    return [event for event in WHOLE if event not in left_out]


def heard(**fields):
    return ("2026-11-18 16:00", "completed", {**HEARD, **fields})


@pytest.mark.clause("MD1-4.2.3")
def test_after_sales_asks_and_listens(md1, find):
    assert find(md1.play(CONTACT), "number_given", number="SH-2026-0001", clause="4.2.3")
    assert find(md1.play(CONTACT), "required", what="completed", clause="4.2.3")
    assert find(md1.play(CONTACT, CLOSED), "refused", clause="4.2.3", missing=["completed"])
    assert not find(md1.play(CONTACT, heard(), CLOSED), "refused")


@pytest.mark.clause("MD1-4.2.3")
@pytest.mark.parametrize("lacking", list(HEARD))
def test_satisfaction_grievances_training_running_supply_and_contract(md1, find, lacking):
    (line,) = find(md1.play(CONTACT, heard(**{lacking: None})), "refused")
    assert (line["clause"], line["missing"]) == ("4.2.3", [lacking])


@pytest.mark.clause("MD1-4.2.3")
def test_dissatisfaction_is_heard_of_at_once(md1, find):
    told = find(md1.play(CONTACT, heard(satisfaction="dissatisfied")), "notified", clause="4.2.3")
    assert {line["post"] for line in told} == {"after_sales_head", "quality_head"}
    assert not find(md1.play(CONTACT, heard()), "notified", clause="4.2.3")


@pytest.mark.clause("MD1-4.2.3")
def test_who_complained_is_asked_for_his_satisfaction(md1, find):
    assert find(md1.play(*WHOLE[:4]), "required", what="followed_up", clause="4.2.3")


@pytest.mark.clause("MD1-4.2.3")
def test_the_contact_has_its_record(md1):
    (form,) = [record for record in md1.pack.record if record.clause == "4.2.3"]
    assert {field.title for field in form.fields} >= {"满意程度", "抱怨", "培训", "供货", "合同履行"}


@pytest.mark.clause("MD1-3.3")
def test_each_feedback_is_after_sales_from_beginning_to_end(md1, find):
    lines = md1.play(*WHOLE)
    assert not find(lines, "refused")
    assert find(lines, "number_given", number="FK-2026-0001", clause="3.3")
    assert find(lines, "owner_set", post="after_sales", clause="3.3")
    assert find(lines, "closed", clause="3.3")
    assert {field.title for field in md1.pack.record[1].fields} >= {"原因分析", "处理结果"}


@pytest.mark.clause("MD1-3.3")
def test_each_complaint_is_analysed(md1, find):
    assert find(md1.play(REGISTERED), "required", what="judged", clause="3.3")
    bare = ("2026-11-18 14:00", "judged", {"validity": "valid"})
    assert find(md1.play(REGISTERED, bare), "refused", clause="3.3", missing=["reason"])
    by_other = (*JUDGED[:2], {**JUDGED[2], "post": "unit_head"})
    assert find(md1.play(REGISTERED, by_other), "refused", clause="3.3", reason="post")
    assert find(md1.play(REGISTERED, COMPLETED), "refused", clause="3.3", missing=["judged"])
    (line,) = find(md1.play(REGISTERED, ANSWERED, CLOSED), "refused")
    assert (line["clause"], line["missing"]) == ("3.3", ["judged", "completed"])


@pytest.mark.clause("MD1-3.3")
def test_each_feedback_is_tracked_to_its_handling(md1, find):
    assert find(md1.play(*WHOLE[:2]), "required", what="completed", clause="3.3")
    assert find(md1.play(*without(COMPLETED)), "refused", clause="3.3", missing=["completed"])
    assert find(md1.play(*without(ANSWERED)), "refused", clause="3.3", missing=["answered"])
    bare = ("2026-11-20 10:00", "completed")
    assert find(md1.play(*WHOLE[:2], bare), "refused", clause="3.3", missing=["result"])
    asked = (WED, "registered", {"kind": "enquiry"})
    assert find(md1.play(asked, CLOSED), "refused", clause="3.3", missing=["answered"])
    assert not find(md1.play(asked, ANSWERED, CLOSED), "refused")
    back = ("2026-11-21 10:00", "followed_up", {"outcome": "dissatisfied"})
    assert find(md1.play(*WHOLE[:4], back), "reopened", clause="3.3")


@pytest.mark.clause("MD1-3.3")
def test_what_another_unit_does_is_tracked_too(md1, find, iso):
    asked = {"slip": "s1", "form": "feedback_slip", "post": "after_sales"}
    issued = ("2026-11-18 15:00", "slip_issued", {**asked, "finish_by": iso("2026-11-19 15:00")})
    lines = md1.play(REGISTERED, JUDGED, issued, until="2026-11-19 16:00")
    assert find(lines, "number_given", number="CL-2026-0001", clause="3.3")
    assert find(lines, "escalated", to_post="after_sales_head", clause="3.3", reason="breach")
    assert find(md1.play(*WHOLE[:2], issued, *WHOLE[2:]), "refused", clause="3.3", missing=["slips"])
    by_sales = (*issued[:2], {**issued[2], "post": "sales"})
    assert find(md1.play(REGISTERED, by_sales), "refused", clause="3.3", reason="post")


@pytest.mark.parametrize("kind", ["complaint", "enquiry"])
@pytest.mark.parametrize(("safety", "due"), [(False, "2026-11-23 17:30"), (True, "2026-11-19 10:00")])
def test_danger_is_told_and_answered_first(md1, find, iso, kind, safety, due):
    lines = md1.play((WED, "registered", {"kind": kind, "safety": safety}), until="2026-11-24 00:00")
    assert find(lines, "breached", clock="answer", due=iso(due), clause="3.3")
    assert find(lines, "escalated", to_post="after_sales_head", clause="3.3")
    told = {line["post"] for line in find(lines, "notified", what="registered", clause="3.3")}
    assert told == ({"quality_head", "management_representative"} if safety else set())


def test_a_promise_is_watched(md1, find, iso):
    promised = ("2026-11-18 11:00", "promised", {"what": "visit", "by": iso("2026-11-19 08:00")})
    lines = md1.play(REGISTERED, promised, until="2026-11-19 09:00")
    assert find(lines, "escalated", to_post="after_sales_head", params={"clock": "promise", "what": "visit"})


def test_every_clause_of_the_catalogue_is_in_the_pack(md1):
    ids = {name for clause in md1.pack.clause for name in clause.catalogue}
    assert ids == {f"MD1-{clause.id}" for clause in md1.pack.clause}
    assert len(ids) == 6


@pytest.mark.clause("MD1-3.3")
@pytest.mark.parametrize("facts", [{}, {"safety": True}])
def test_the_customers_own_time_comes_first_and_the_owner_is_reminded(md1, find, iso, facts):
    asked = iso("2026-12-01 09:00")
    lines = md1.play(
        (WED, "registered", {"channel": "phone", "answer_by": asked, **facts}), until="2026-12-01 08:59"
    )
    assert find(lines, "clock_started", clock="answer", due=asked, clause="3.3")
    assert find(lines, "notified", what="warned", clock="answer", clause="3.3")


@pytest.mark.clause("MD1-3.3")
def test_the_owner_is_reminded_of_a_promise(md1, find, iso):
    promised = ("2026-11-18 15:00", "promised", {"what": "visit", "by": iso("2026-11-20 15:00")})
    lines = md1.play(REGISTERED, promised, until="2026-11-20 14:59")
    assert find(lines, "notified", what="warned", clock="promise", clause="3.3")


@pytest.mark.clause("MD1-4.2.3")
def test_only_the_posts_of_the_clause_make_the_return_visit(md1, find):
    def visit(post):
        fields = {"outcome": "satisfied", "post": post}
        return find(
            md1.play(REGISTERED, JUDGED, ANSWERED, COMPLETED, ("2026-11-21 10:00", "followed_up", fields)),
            "refused",
            clause="4.2.3",
        )

    assert visit("general_manager")[0]["reason"] == "post"
    assert not visit("sales")
