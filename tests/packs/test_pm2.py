"""Pack PM2: a property company that visits a monthly sample of its jobs and weighs every suggestion."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engine.bench import Bench

from huiyin.engine.duties import duty_due
from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
TEXT = {"text": "x"}
JUDGED = ("2026-11-18 10:20", "judged", {"validity": "valid", "reason": "x"})
ANSWERED = ("2026-11-18 11:00", "answered", {"text": "x"})
CLOSED = ("2026-11-18 17:00", "closed")


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("PM2"))


def taken(kind, **fields):
    return (WED, "registered", {"kind": kind, **TEXT, **fields})


def jobs(count):
    for number in range(count):
        case = {"case": f"c{number}", "kind": "housekeeping" if number % 2 else "repair"}
        yield WED, "registered", case
        yield "2026-11-18 15:00", "completed", {"case": f"c{number}", "actor": "wang"}
        yield "2026-11-18 16:00", "closed", {"case": f"c{number}"}


@pytest.mark.clause("PM2-4.2.1")
def test_a_tenth_of_a_months_jobs_is_visited_by_the_fifth(pack, find, iso):
    lines = pack.play(*jobs(20), until="2026-12-06 00:00")
    sample = find(lines, "required", what="followed_up", clause="4.2.1")
    assert len(sample) == 2
    assert {line["params"]["of"] for line in sample} == {20}
    assert sample[0]["params"]["seed"] == "PM2-4.2.1/2026-11-01"
    assert sample[0]["at"] == iso("2026-12-01 00:00")
    clocks = find(lines, "clock_started", clock="follow_up")
    assert {line["due"] for line in clocks} == {iso("2026-12-05 18:00")}
    assert len(find(lines, "breached", clock="follow_up")) == 2
    told = {line["post"] for line in find(lines, "notified", what="breached")}
    assert told == {"department_manager", "quality"}


@pytest.mark.clause("PM2-4.2.1")
def test_a_visit_in_time_counts_and_is_never_made_by_who_did_the_work(pack, find):
    def visit(**who):
        fields = {"case": "c0", "outcome": "satisfied", **who}
        return pack.play(*jobs(1), ("2026-12-03 10:00", "followed_up", fields), until="2026-12-31 00:00")

    assert find(visit(actor="wang"), "refused", reason="same_person", clause="4.2.1")
    assert find(visit(post="worker"), "refused", reason="post", clause="4.2.1")
    lines = visit(actor="li", post="customer_assistant")
    assert not find(lines, "refused")
    assert find(lines, "clock_stopped", clock="follow_up", outcome="met", clause="4.2.1")


@pytest.mark.clause("PM2-4.2.1")
def test_a_dissatisfied_visit_opens_the_job_again(pack, find):
    visit = ("2026-12-03 10:00", "followed_up", {"case": "c0", "outcome": "dissatisfied"})
    assert find(pack.play(*jobs(1), visit), "reopened", clause="4.2.1")


@pytest.mark.clause("PM2-4.2.1")
@pytest.mark.parametrize(("kind", "number"), [("repair", "WX"), ("housekeeping", "JJ")])
def test_a_job_is_done_before_it_is_closed(pack, find, iso, kind, number):
    lines = pack.play(taken(kind), CLOSED, until="2026-11-21 00:00")
    assert find(lines, "number_given", number=f"{number}-2026-0001", clause="4.2.1")
    assert find(lines, "owner_set", post="supervisor", clause="4.2.1")
    assert find(lines, "refused", event="closed", clause="4.2.1", missing=["completed"])
    assert find(lines, "breached", clock="complete", due=iso("2026-11-20 18:00"), clause="4.2.1")
    assert find(lines, "escalated", to_post="department_manager", clause="4.2.1")
    away = pack.play(taken(kind), ("2026-11-18 11:00", "paused", {"reason": "customer_absent"}))
    assert find(away, "clock_paused", clock="complete")


@pytest.mark.clause("PM2-4.2.2.1")
@pytest.mark.parametrize("kind", ["enquiry", "assistance"])
def test_questions_and_difficulties_are_written_down_and_told_upward(pack, find, iso, kind):
    assert find(pack.play((WED, "registered", {"kind": kind})), "refused", clause="4.2.2.1", missing=["text"])
    lines = pack.play(taken(kind), CLOSED, until="2026-11-20 00:00")
    assert find(lines, "number_given", number="XX-2026-0001", clause="4.2.2.1")
    assert find(lines, "owner_set", post="customer_assistant", clause="4.2.2.1")
    assert find(lines, "notified", post="supervisor", what="registered", clause="4.2.2.1")
    assert find(lines, "refused", event="closed", missing=["answered"], clause="4.2.2.1")
    assert find(lines, "breached", clock="answer", due=iso("2026-11-19 18:00"), clause="4.2.2.1")
    assert find(lines, "escalated", to_post="supervisor", reason="breach")
    raised = pack.play(taken(kind), ("2026-11-18 10:10", "escalated"))
    assert find(raised, "escalated", to_post="supervisor", clause="4.2.2.1", reason="requested")
    assert not find(pack.play(taken(kind), ANSWERED, CLOSED), "refused")


@pytest.mark.clause("PM2-4.2.2.1")
def test_the_work_information_book_holds_questions_opinions_and_difficulties(pack, find):
    (book,) = [record for record in pack.pack.record if record.clause == "4.2.2.1"]
    assert book.title == "工作信息记录本"
    assert set(book.kinds) == {"enquiry", "assistance", "suggestion"}
    assert {"case.text", "answered.text", "case.first_receiver"} <= {one.source for one in book.fields}
    opinion = pack.play((WED, "registered", {"kind": "suggestion"}))
    assert find(opinion, "refused", clause="4.2.2.1", missing=["text"])


@pytest.mark.clause("PM2-4.2.2.3")
def test_quality_sees_every_complaint_its_delay_and_its_visit(pack, find, iso):
    lines = pack.play(taken("complaint"), until="2026-11-21 00:00")
    assert find(lines, "number_given", number="TS-2026-0001", clause="4.2.2.3")
    assert find(lines, "owner_set", post="supervisor", clause="4.2.2.3")
    assert find(lines, "notified", post="quality", what="registered", clause="4.2.2.3")
    assert find(lines, "breached", clock="answer", due=iso("2026-11-20 18:00"), clause="4.2.2.3")
    assert find(lines, "notified", post="quality", what="breached", clause="4.2.2.3")
    assert find(lines, "escalated", to_post="department_manager", clause="4.2.2.3")
    bad = ("2026-11-18 12:00", "followed_up", {"outcome": "dissatisfied", "post": "quality"})
    lines = pack.play(taken("complaint"), JUDGED, ANSWERED, bad)
    assert {line["post"] for line in find(lines, "notified", what="followed_up")} == {
        "department_manager",
        "quality",
    }
    assert pack.procedure.posts.by_code["quality"].scope == "company"


@pytest.mark.clause("PM2-4.2.2.3")
def test_a_complaint_is_judged_answered_and_visited_before_it_is_closed(pack, find):
    assert find(pack.play(taken("complaint"), CLOSED), "refused", missing=["answered", "validity"])
    lines = pack.play(taken("complaint"), JUDGED, ANSWERED, CLOSED)
    assert find(lines, "required", what="followed_up", clause="4.2.2.3")
    assert find(lines, "refused", event="closed", clause="4.2.2.3", missing=["followed_up"])
    visit = ("2026-11-18 12:00", "followed_up", {"outcome": "satisfied"})
    assert not find(pack.play(taken("complaint"), JUDGED, ANSWERED, visit, CLOSED), "refused")
    unfounded = ("2026-11-18 10:20", "judged", {"validity": "invalid", "reason": "x"})
    lines = pack.play(taken("complaint"), unfounded, ANSWERED, CLOSED)
    assert find(lines, "closed")
    assert not find(lines, "required", what="followed_up")
    by_worker = ("2026-11-18 12:00", "followed_up", {"outcome": "satisfied", "post": "worker"})
    assert find(pack.play(taken("complaint"), JUDGED, by_worker), "refused", clause="4.2.2.3", reason="post")
    approved = {"what": "closed", "post": "department_manager", "attempts": 3, "recourse_offered": True}
    story = [taken("complaint"), JUDGED, ANSWERED, ("2026-11-18 12:00", "approved", approved), CLOSED]
    assert find(pack.play(*story), "closed", by_exception=True)


@pytest.mark.clause("PM2-4.2.2.3")
def test_complaints_are_judged_with_reason_by_those_in_charge(pack, find):
    def judge(**fields):
        return find(
            pack.play(taken("complaint"), ("2026-11-18 10:20", "judged", {"validity": "valid", **fields})),
            "refused",
        )

    assert judge(post="supervisor")[0]["missing"] == ["reason"]
    assert judge(reason="x", post="customer_assistant")[0]["clause"] == "4.2.2.3"
    assert not judge(reason="x", post="department_manager")


@pytest.mark.clause("PM2-4.2.2.3")
def test_quality_sums_up_all_offices_every_month(pack):
    (duty,) = pack.pack.duty
    assert (duty.clause, duty.owner, duty.given_to) == ("4.2.2.3", "quality", ["assistant_general_manager"])
    assert duty_due(duty, date(2026, 11, 1), pack.calendar).date() == date(2026, 12, 10)
    (form,) = [record for record in pack.pack.record if record.kinds == ["complaint"]]
    assert {"followed_up.outcome", "completed.result"} <= {one.source for one in form.fields}


@pytest.mark.clause("PM2-4.2.2.4")
def test_a_suggestion_is_weighed_answered_and_passed_to_quality(pack, find, iso):
    weighed = ("2026-11-18 14:00", "noted", {"feasibility": "partly", "text": "x", "post": "supervisor"})
    lines = pack.play(taken("suggestion"), ANSWERED, CLOSED, until="2026-11-26 00:00")
    assert find(lines, "number_given", number="JY-2026-0001", clause="4.2.2.4")
    assert find(lines, "owner_set", post="department_manager", clause="4.2.2.4")
    assert find(lines, "required", what="noted", clause="4.2.2.4")
    assert find(lines, "refused", event="closed", clause="4.2.2.4", missing=["feasibility"])
    assert find(lines, "clock_started", clock="answer", due=iso("2026-11-25 18:00"), clause="4.2.2.4")
    lines = pack.play(taken("suggestion"), weighed, CLOSED)
    assert find(lines, "notified", post="quality", what="noted", clause="4.2.2.4")
    assert find(lines, "refused", event="closed", clause="4.2.2.4", missing=["answered"])
    assert not find(pack.play(taken("suggestion"), ANSWERED, weighed, CLOSED), "refused")
    late = pack.play(taken("suggestion"), until="2026-11-26 00:00")
    assert find(late, "notified", post="quality", what="breached", clause="4.2.2.4")


@pytest.mark.clause("PM2-4.2.2.4")
def test_the_analysis_is_written_by_those_in_charge(pack, find):
    def weigh(**fields):
        return find(pack.play(taken("suggestion"), ("2026-11-18 14:00", "noted", fields)), "refused")

    assert weigh(feasibility="feasible")[0]["missing"] == ["text"]
    assert weigh(feasibility="feasible", text="x", post="customer_assistant")[0]["clause"] == "4.2.2.4"
    assert not weigh(text="x", post="customer_assistant")


@pytest.mark.clause("PM2-4.2.1", "PM2-4.2.2.1", "PM2-4.2.2.3", "PM2-4.2.2.4")
@pytest.mark.parametrize("kind", ["complaint", "enquiry", "suggestion", "repair"])
def test_the_customers_own_time_comes_first(pack, find, iso, kind):
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(kind, answer_by=asked)), "clock_started", due=asked)


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    assert {f"PM2-{clause.id}" for clause in pack.pack.clause} == {
        name for clause in pack.pack.clause for name in clause.catalogue
    }
    assert len(pack.pack.clause) == 15
    running = {clause.id for clause in pack.pack.clause if clause.running}
    assert running >= {"4.2.1", "4.2.2.1", "4.2.2.3", "4.2.2.4"}
