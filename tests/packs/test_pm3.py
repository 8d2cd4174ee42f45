"""Pack PM3: branches where every post answers questions, and grievances are visited under quality's eyes."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
JUDGED = ("2026-11-18 10:20", "judged", {"validity": "valid", "reason": "x"})
ANSWERED = ("2026-11-18 11:00", "answered", {"text": "x"})
COMPLETED = ("2026-11-18 15:00", "completed", {"result": "x", "actor": "wang"})
VISITED = ("2026-11-18 16:00", "followed_up", {"outcome": "satisfied", "actor": "li"})
CLOSED = ("2026-11-18 17:00", "closed")
GRIEVANCES = pytest.mark.parametrize("kind", ["complaint", "dissatisfaction"])


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("PM3"))


def taken(kind, **fields):
    return (WED, "registered", {"kind": kind, "text": "x", **fields})


def handled(kind):
    return [taken(kind), *([JUDGED] if kind == "complaint" else []), ANSWERED, COMPLETED]


@pytest.mark.clause("PM3-4.1a")
def test_every_post_takes_questions(pack, find):
    for post in ("guard", "cleaner", "repairer", "reception", "office_manager", "quality"):
        lines = pack.play(taken("enquiry", post=post))
        assert find(lines, "number_given", number="XW-2026-0001", clause="4.1a")
        assert find(lines, "owner_set", post="reception", clause="4.1a")
        assert find(lines, "required", what="answered", clause="4.1a")


@pytest.mark.clause("PM3-4.1a")
@pytest.mark.parametrize("kind", ["enquiry", "repair"])
def test_a_question_is_written_down(pack, find, kind):
    lines = pack.play((WED, "registered", {"kind": kind}))
    assert find(lines, "refused", event="registered", clause="4.1a", missing=["text"])
    (form,) = [record for record in pack.pack.record if kind in record.kinds]
    assert (form.clause, form.title) == ("4.1a", "顾客询问记录")
    assert {"case.customer", "case.phone", "forwarded.party"} <= {one.source for one in form.fields}


@pytest.mark.clause("PM3-4.1a")
@pytest.mark.parametrize("way", ["escalated", "forwarded", "assigned"])
def test_what_cannot_be_answered_at_once_goes_on_with_name_and_contact(pack, find, way):
    fields = {"party": "engineering"} if way == "forwarded" else {}

    def pass_on(**known):
        return find(pack.play(taken("enquiry", **known), ("2026-11-18 10:05", way, fields)), "refused")

    (line,) = pass_on()
    assert (line["clause"], line["missing"]) == ("4.1a", ["reporter", "reporter_phone"])
    assert pass_on(reporter="x")[0]["missing"] == ["reporter_phone"]
    assert not pass_on(reporter="x", reporter_phone="x")
    assert not pass_on(household="3-2-501")
    assert not pass_on(customer="k1")


@pytest.mark.clause("PM3-4.1a")
@pytest.mark.parametrize("way", ["escalated", "forwarded"])
def test_the_answer_comes_back_to_who_asked(pack, find, way):
    fields = {"party": "engineering"} if way == "forwarded" else {}
    passed = ("2026-11-18 12:00", way, fields)
    story = [taken("enquiry", customer="k1"), ANSWERED, passed]
    lines = pack.play(*story, CLOSED)
    assert len(find(lines, "required", what="answered")) == 2
    assert find(lines, "refused", event="closed", clause="4.1a", missing=["answered"])
    assert not find(pack.play(*story, ("2026-11-18 15:00", "answered"), CLOSED), "refused")
    assert find(pack.play(taken("enquiry"), CLOSED), "refused", missing=["answered"])


@pytest.mark.clause("PM3-4.1a")
@pytest.mark.parametrize(
    ("kind", "clock", "due"),
    [("enquiry", "answer", "2026-11-19 18:00"), ("repair", "complete", "2026-11-20 18:00")],
)
def test_a_late_reply_climbs(pack, find, iso, kind, clock, due):
    lines = pack.play(taken(kind), until="2026-11-21 00:00")
    assert find(lines, "breached", clock=clock, due=iso(due), clause="4.1a")
    assert find(lines, "escalated", to_post="office_manager", clause="4.1a", reason="breach")


@pytest.mark.clause("PM3-4.1a")
def test_a_repair_is_done_before_it_is_closed(pack, find):
    lines = pack.play(taken("repair"), CLOSED)
    assert find(lines, "number_given", number="WX-2026-0001", clause="4.1a")
    assert find(lines, "refused", event="closed", clause="4.1a", missing=["completed"])
    away = pack.play(taken("repair"), ("2026-11-18 11:00", "paused", {"reason": "customer_absent"}))
    assert find(away, "clock_paused", clock="complete")


@pytest.mark.clause("PM3-3.5")
@GRIEVANCES
def test_a_grievance_is_recorded_in_detail_and_quality_hears_of_it(pack, find, iso, kind):
    lines = pack.play((WED, "registered", {"kind": kind}))
    assert find(lines, "refused", event="registered", clause="3.5", missing=["text"])
    lines = pack.play(taken(kind), until="2026-11-21 00:00")
    assert find(lines, "number_given", number="BY-2026-0001")
    assert find(lines, "owner_set", post="office_manager", clause="3.5")
    assert find(lines, "notified", post="quality", what="registered", clause="3.5")
    assert find(lines, "breached", clock="answer", due=iso("2026-11-20 18:00"), clause="3.5")
    assert find(lines, "escalated", to_post="branch_manager", clause="3.5")
    assert find(lines, "notified", post="quality", what="breached", clause="3.5")
    (form,) = [record for record in pack.pack.record if kind in record.kinds]
    assert {"completed.result", "followed_up.outcome", "case.demand"} <= {one.source for one in form.fields}
    assert form.clause == "3.5"


@pytest.mark.clause("PM3-3.5")
@GRIEVANCES
def test_a_grievance_is_handled_and_visited(pack, find, kind):
    empty = pack.play(*handled(kind)[:-1], ("2026-11-18 15:00", "completed"))
    assert find(empty, "refused", event="completed", clause="3.5", missing=["result"])
    lines = pack.play(*handled(kind), CLOSED)
    assert find(lines, "required", what="followed_up", clause="3.5")
    assert find(lines, "refused", event="closed", clause="3.5", missing=["followed_up"])
    early = pack.play(*handled(kind)[:-2], VISITED, CLOSED)
    assert find(early, "refused", event="closed", missing=["completed", "answered"])
    assert not find(pack.play(*handled(kind), VISITED, CLOSED), "refused")
    at_once = [taken("complaint"), ("2026-11-18 10:05", "answered"), JUDGED, COMPLETED, VISITED, CLOSED]
    assert not find(pack.play(*at_once), "refused")


@pytest.mark.clause("PM3-3.5")
@GRIEVANCES
def test_nobody_visits_his_own_work(pack, find, kind):
    def visit(**who):
        fields = {"outcome": "satisfied", **who}
        return find(pack.play(*handled(kind), ("2026-11-18 16:00", "followed_up", fields)), "refused")

    assert visit(actor="wang")[0]["reason"] == "same_person"
    assert visit(actor="li", post="guard")[0]["clause"] == "3.5"
    assert not visit(actor="li", post="quality")


@pytest.mark.clause("PM3-3.5")
@GRIEVANCES
def test_a_dissatisfied_customer_is_brought_before_branch_and_quality(pack, find, kind):
    visit = ("2026-11-18 16:00", "followed_up", {"outcome": "dissatisfied"})
    lines = pack.play(*handled(kind), visit)
    assert find(lines, "reopened", clause="3.5")
    told = find(lines, "notified", what="followed_up", clause="3.5")
    assert {line["post"] for line in told} == {"branch_manager", "quality"}


@pytest.mark.clause("PM3-3.5")
def test_closed_without_the_customer_only_by_the_branch_manager(pack, find):
    approved = {"what": "closed", "post": "branch_manager", "attempts": 3, "recourse_offered": True}
    story = [*handled("complaint"), ("2026-11-18 16:00", "approved", approved), CLOSED]
    assert find(pack.play(*story), "closed", by_exception=True)
    approved["post"] = "office_manager"
    assert find(pack.play(*story), "refused", event="closed", clause="3.5")


@pytest.mark.clause("PM3-3.5")
def test_a_complaint_is_judged_with_its_reason_and_explained_where_unfounded(pack, find):
    def judge(**fields):
        judged = ("2026-11-18 10:20", "judged", {"validity": "invalid", **fields})
        return pack.play(taken("complaint"), ("2026-11-18 10:10", "answered"), judged, CLOSED)

    assert find(judge(), "refused", event="judged", clause="3.5", missing=["reason"])
    assert find(judge(), "refused", event="closed", clause="3.5")[0]["missing"][0] == "validity"
    assert find(judge(reason="x", post="reception"), "refused", reason="post", clause="3.5")
    assert find(judge(reason="x", post="office_manager"), "refused", event="closed", missing=["answered"])
    unfounded = ("2026-11-18 10:20", "judged", {"validity": "invalid", "reason": "x"})
    lines = pack.play(taken("complaint"), unfounded, ANSWERED, COMPLETED, CLOSED)
    assert not find(lines, "refused")
    assert not find(lines, "required", what="followed_up")


@pytest.mark.clause("PM3-3.5", "PM3-4.1a")
@pytest.mark.parametrize("kind", ["complaint", "enquiry", "repair"])
def test_the_customers_own_time_comes_first(pack, find, iso, kind):
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(kind, answer_by=asked)), "clock_started", due=asked)


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"PM3-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 15
    assert {clause.id for clause in pack.pack.clause if clause.running} >= {"3.5", "4.1a"}
