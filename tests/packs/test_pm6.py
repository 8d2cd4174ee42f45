"""Pack PM6: the front desk's book, suggestions weighed, home services visited by month and at any time."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
ANSWERED = ("2026-11-18 11:00", "answered", {"text": "x"})
CLOSED = ("2026-11-18 17:00", "closed")


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("PM6"))


def taken(kind, **fields):
    return (WED, "registered", {"kind": kind, "text": "x", **fields})


def jobs(count):
    for number in range(count):
        case = {"case": f"c{number}", "kind": "housekeeping" if number % 2 else "repair"}
        yield WED, "registered", case
        yield "2026-11-18 15:00", "completed", {"case": f"c{number}", "actor": "wang"}
        yield "2026-11-18 16:00", "closed", {"case": f"c{number}"}


def visit(at, **fields):
    return at, "followed_up", {"case": "c0", "outcome": "satisfied", "means": "phone", **fields}


@pytest.mark.clause("PM6-4.1")
@pytest.mark.parametrize(
    ("kind", "owner", "number", "due"),
    [
        ("enquiry", "front_desk", "XX-2026-0001", "2026-11-19 18:00"),
        ("complaint", "supervisor", "TS-2026-0001", "2026-11-20 18:00"),
    ],
)
def test_the_front_desk_writes_down_and_replies(pack, find, iso, kind, owner, number, due):
    empty = pack.play((WED, "registered", {"kind": kind}))
    assert find(empty, "refused", event="registered", clause="4.1", missing=["text"])
    lines = pack.play(taken(kind), CLOSED, until="2026-11-21 00:00")
    assert find(lines, "number_given", number=number, clause="4.1")
    assert find(lines, "owner_set", post=owner, clause="4.1")
    assert find(lines, "refused", event="closed", clause="4.1", missing=["answered"])
    assert find(lines, "breached", clock="answer", due=iso(due), clause="4.1")
    assert find(lines, "escalated", clause="4.1", reason="breach")
    assert not find(pack.play(taken(kind), ANSWERED, CLOSED), "refused")


@pytest.mark.clause("PM6-4.1")
def test_opinions_go_upward_and_questions_do_not(pack, find):
    for kind in ("suggestion", "complaint"):
        found = find(pack.play(taken(kind)), "notified", post="department_manager", what="registered")
        assert found[0]["clause"] == "4.1"
    assert not find(pack.play(taken("enquiry")), "notified")


@pytest.mark.clause("PM6-4.1")
def test_the_work_information_book(pack):
    (book,) = [record for record in pack.pack.record if record.clause == "4.1"]
    assert book.title == "工作信息记录本"
    assert {"case.text", "answered.text", "case.first_receiver"} <= {one.source for one in book.fields}


@pytest.mark.clause("PM6-4.2")
@pytest.mark.parametrize(("kind", "number"), [("repair", "WX"), ("housekeeping", "JJ")])
def test_a_job_is_done_before_it_is_closed(pack, find, iso, kind, number):
    lines = pack.play(taken(kind), CLOSED, until="2026-11-21 00:00")
    assert find(lines, "number_given", number=f"{number}-2026-0001", clause="4.2")
    assert find(lines, "refused", event="closed", clause="4.2", missing=["completed"])
    assert find(lines, "breached", clock="complete", due=iso("2026-11-20 18:00"), clause="4.2")
    assert find(lines, "escalated", to_post="department_manager", clause="4.2")
    away = pack.play(taken(kind), ("2026-11-18 11:00", "paused", {"reason": "waiting_parts"}))
    assert find(away, "clock_paused", clock="complete")


@pytest.mark.clause("PM6-4.2")
def test_a_fifth_of_a_months_jobs_is_visited_by_the_tenth(pack, find, iso):
    lines = pack.play(*jobs(10), until="2026-12-11 00:00")
    sample = find(lines, "required", what="followed_up", clause="4.2", at=iso("2026-12-01 00:00"))
    assert len(sample) == 2
    assert sample[0]["params"]["seed"] == "PM6-4.2/2026-11-01"
    assert len(find(lines, "breached", clock="follow_up", due=iso("2026-12-10 18:00"))) == 2
    assert find(lines, "notified", post="department_manager", what="breached", clause="4.2")
    made = pack.play(*jobs(1), visit("2026-12-10 17:00"), until="2026-12-11 00:00")
    assert find(made, "clock_stopped", clock="follow_up", outcome="met")


@pytest.mark.clause("PM6-4.2")
def test_a_visit_out_of_turn_counts_too(pack, find):
    lines = pack.play(*jobs(1), visit("2026-11-20 10:00"), until="2026-12-02 00:00")
    assert not find(lines, "refused")
    assert not find(lines, "required", what="followed_up")


@pytest.mark.clause("PM6-4.2")
def test_a_visit_says_how_it_was_made_and_is_not_the_workers(pack, find):
    def made(**fields):
        return find(pack.play(*jobs(1), visit("2026-11-20 10:00", **fields)), "refused", clause="4.2")

    assert made(means=None)[0]["missing"] == ["means"]
    assert made(actor="wang")[0]["reason"] == "same_person"
    assert made(post="worker")[0]["reason"] == "post"
    assert not made(actor="li", post="front_desk")
    assert find(
        pack.play(*jobs(1), visit("2026-12-03 10:00", outcome="dissatisfied")), "reopened", clause="4.2"
    )


@pytest.mark.clause("PM6-4.2")
def test_the_record_of_return_visits(pack):
    (form,) = [record for record in pack.pack.record if record.clause == "4.2"]
    assert form.title == "居家服务回访记录表"
    assert set(form.kinds) == {"repair", "housekeeping"}
    assert {"followed_up.means", "followed_up.outcome", "followed_up.actor"} <= {
        one.source for one in form.fields
    }


@pytest.mark.clause("PM6-4.4")
def test_a_suggestion_is_recorded_weighed_and_answered(pack, find, iso):
    lines = pack.play(taken("suggestion"), ANSWERED, CLOSED)
    assert find(lines, "number_given", number="JY-2026-0001", clause="4.4")
    assert find(lines, "owner_set", post="supervisor", clause="4.4")
    assert find(lines, "required", what="noted", clause="4.4")
    assert find(lines, "refused", event="closed", clause="4.4", missing=["feasibility"])
    wordless = ("2026-11-18 14:00", "noted", {"feasibility": "not_feasible"})
    assert find(pack.play(taken("suggestion"), wordless), "refused", clause="4.4", missing=["text"])
    weighed = ("2026-11-18 14:00", "noted", {"feasibility": "not_feasible", "text": "x"})
    assert find(pack.play(taken("suggestion"), weighed, CLOSED), "refused", missing=["answered"])
    assert not find(
        pack.play(taken("suggestion"), weighed, ("2026-11-18 15:00", "answered"), CLOSED), "refused"
    )
    assert not find(pack.play(taken("suggestion"), ("2026-11-18 14:00", "noted")), "refused")
    late = pack.play(taken("suggestion"), until="2026-11-26 00:00")
    assert find(late, "breached", clock="answer", due=iso("2026-11-25 18:00"), clause="4.4")
    assert find(late, "escalated", to_post="department_manager", clause="4.4")


@pytest.mark.clause("PM6-4.1", "PM6-4.2", "PM6-4.4")
@pytest.mark.parametrize("kind", ["enquiry", "complaint", "suggestion", "repair"])
def test_the_customers_own_time_comes_first(pack, find, iso, kind):
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(kind, answer_by=asked)), "clock_started", due=asked)


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"PM6-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 11
    assert {clause.id for clause in pack.pack.clause if clause.running} >= {"4.1", "4.2", "4.4"}
