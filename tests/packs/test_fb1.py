"""Pack FB1: what customers tell is registered, contacted within an hour, arranged, told, visited."""

from __future__ import annotations

import tomllib

import pytest
from tests.engine.bench import Bench

from huiyin.engine import Pack
from huiyin.procedures.packfiles import find_pack, load_pack

WED = "2026-11-18 10:00"
KINDS = ["complaint", "repair", "suggestion", "enquiry"]
CONTACTED = ("2026-11-18 10:30", "contacted", {"opinion": "x"})
ASSIGNED = ("2026-11-18 10:45", "assigned", {"to_post": "worker", "post": "project_manager"})
COMPLETED = ("2026-11-18 15:00", "completed", {"result": "x"})
ANSWERED = ("2026-11-18 16:00", "answered", {"text": "x"})
CLOSED = ("2026-11-18 17:00", "closed")


def taken(kind="complaint", **fields):
    return (WED, "registered", {"kind": kind, "channel": "hotline", **fields})


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("FB1"))


@pytest.fixture
def refused(pack, find):
    def play(*story):
        lines = find(pack.play(*story), "refused", event=story[-1][1])
        return [(line["clause"], line["reason"], line["missing"]) for line in lines]

    return play


@pytest.mark.clause("FB1-1.1")
def test_the_centre_works_twelve_hours_a_day_and_the_hotline_round_the_clock(pack, find, iso):
    codes = {channel.code for channel in pack.pack.channel}
    assert codes >= {"hotline", "phone", "email"}
    hours = pack.pack.service_hours
    assert hours.working_days == hours.rest_days == ["08:00-20:00"]
    lines = pack.play(("2026-11-22 03:00", "registered", {"channel": "hotline"}))
    assert find(lines, "clock_started", clock="contact", due=iso("2026-11-22 04:00"))


@pytest.mark.clause("FB1-1.1")
@pytest.mark.parametrize("kind", KINDS)
def test_needs_opinions_and_suggestions_are_taken_in_and_answered(pack, find, refused, kind):
    lines = pack.play(taken(kind))
    owner = "customer_service" if kind == "enquiry" else "supervisor"
    assert find(lines, "number_given", number="XX-2026-0001", clause="2.3.1")
    assert [line["post"] for line in find(lines, "owner_set")] == [owner]
    assert refused(taken(kind), COMPLETED, CLOSED)[0][2] == ["answered"]
    assert not refused(taken(kind), COMPLETED, ANSWERED, CLOSED)
    assert pack.procedure.kinds[kind].clause == "1.1"


@pytest.mark.clause("FB1-1.1")
def test_an_enquiry_needs_nothing_but_its_answer(refused):
    assert refused(taken("enquiry"), CLOSED) == [("1.1", "missing", ["answered"])]
    assert not refused(taken("enquiry"), ANSWERED, CLOSED)


@pytest.mark.clause("FB1-1.2b")
def test_an_emergency_handled_is_reported_to_the_project_manager(pack, find):
    done = ("2026-11-18 10:50", *COMPLETED[1:])
    lines = pack.play(taken(urgency="urgent"), CONTACTED, done)
    assert find(lines, "escalated", to_post="project_manager", reason="emergency_handled", clause="1.2b")
    assert not find(lines, "owner_set", post="project_manager")
    assert not find(pack.play(taken(), CONTACTED, done), "escalated")


@pytest.mark.clause("FB1-2.3.1")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stop", ["contacted", "accepted", "assigned"])
def test_the_supervisor_is_contacted_within_an_hour(pack, find, iso, kind, stop):
    lines = pack.play(taken(kind), until="2026-11-18 11:30")
    assert find(lines, "notified", post="supervisor", what="registered", clause="2.3.1")
    assert find(lines, "notified", post="supervisor", what="warned")
    assert find(lines, "clock_started", clock="contact", due=iso("2026-11-18 11:00"), clause="2.3.1")
    assert find(lines, "warned", clock="contact", at=iso("2026-11-18 10:30"))
    assert find(lines, "breached", clock="contact")
    assert find(lines, "escalated", to_post="project_manager", reason="breach")
    in_time = pack.play(taken(kind), ("2026-11-18 11:00", stop))
    assert find(in_time, "clock_stopped", clock="contact", outcome="met")


@pytest.mark.clause("FB1-2.3.1")
def test_the_supervisors_opinion_is_given(pack, find):
    silent = ("2026-11-18 10:30", "contacted")
    assert find(pack.play(taken(), silent), "required", what="opinion", clause="2.3.1")
    assert not find(pack.play(taken(), CONTACTED), "required")
    for step in ("noted", "assigned"):
        told = ("2026-11-18 10:40", step, {"opinion": "x"})
        assert not any(one.what == "opinion" for one in pack.case(taken(), silent, told).required)


@pytest.mark.clause("FB1-2.3.1")
def test_a_major_accident_goes_to_the_general_manager(pack, find):
    wanted = {"to_post": "general_manager", "reason": "major_accident", "clause": "2.3.1"}
    assert find(pack.play(taken(severity="severe")), "escalated", **wanted)
    assert find(
        pack.play(taken(), ("2026-11-18 10:10", "amended", {"severity": "severe"})), "escalated", **wanted
    )
    ordinary = pack.play(taken(), ("2026-11-18 10:10", "amended", {"urgency": "urgent"}))
    assert not find(ordinary, "escalated")
    assert pack.case(taken(severity="severe")).owner == "supervisor"


@pytest.mark.clause("FB1-2.3.1")
def test_what_was_registered_can_be_traced(pack):
    (form,) = pack.pack.record
    assert set(form.kinds) == set(KINDS)
    assert {field.source for field in form.fields} >= {
        "case.registered_at", "contacted.at", "assigned.at", "completed.result", "followed_up.outcome",
    }  # fmt: skip


@pytest.mark.clause("FB1-2.3.3")
@pytest.mark.parametrize("start", ["contacted", "accepted"])
def test_the_project_manager_arranges_it_within_thirty_minutes(pack, find, iso, start):
    lines = pack.play(taken(), ("2026-11-18 10:30", start), until="2026-11-18 11:30")
    assert find(lines, "notified", post="project_manager", what=start, clause="2.3.3")
    assert find(lines, "clock_started", clock="arrange", due=iso("2026-11-18 11:00"), clause="2.3.3")
    assert find(lines, "notified", post="project_manager", what="warned")
    assert find(lines, "escalated", to_post="general_manager", reason="breach")
    assert find(pack.play(taken(), CONTACTED, ASSIGNED), "clock_stopped", clock="arrange", outcome="met")


@pytest.mark.clause("FB1-2.3.3")
def test_the_number_of_minutes_is_the_companys_to_set(find, iso):
    data = tomllib.loads((find_pack("FB1") / "procedure.toml").read_text(encoding="utf-8"))
    (setting,) = data["setting"]
    assert (setting["name"], setting["value"]) == ("arrange_within", "30min")
    setting["value"] = "20min"
    lines = Bench(Pack.model_validate(data)).play(taken(), CONTACTED)
    assert find(lines, "clock_started", clock="arrange", due=iso("2026-11-18 10:50"))


@pytest.mark.clause("FB1-2.3.3")
def test_arranging_is_the_project_managers(refused):
    wrong = (*ASSIGNED[:2], {"to_post": "worker", "post": "worker"})
    assert refused(taken(), wrong) == [("2.3.3", "post", [])]
    assert not refused(taken(), ASSIGNED)


@pytest.mark.clause("FB1-2.3.3")
@pytest.mark.parametrize(
    "story",
    [
        [taken(category="attitude")],
        [taken(), ("2026-11-18 10:10", "amended", {"category": "attitude"})],
        [taken(category="attitude"), ("2026-11-18 10:10", "judged", {"validity": "valid"})],
    ],
)
def test_staff_attitude_leads_to_a_talk_or_criticism_on_record(pack, find, refused, story):
    (line,) = find(pack.play(*story), "action_required", action="assess", clause="2.3.3")
    assert line["params"] == {
        "assessment": "attitude", "responsible": "worker", "post": "project_manager",
        "measures": ["talk", "criticism"],
    }  # fmt: skip
    done = [*story, COMPLETED, ANSWERED]
    assert refused(*done, CLOSED) == [("2.3.3", "missing", ["assessed"])]

    def assess(**fields):
        given = {"assessment": "attitude", "decision": "confirmed", "post": "project_manager", **fields}
        return ("2026-11-18 16:30", "assessed", given)

    assert refused(*done, assess()) == [("2.3.3", "missing", ["measure"])]
    assert not refused(*done, assess(measure="talk"), CLOSED)
    assert not refused(*done, assess(measure="criticism"), CLOSED)
    assert refused(*done, assess(measure="talk", post="customer_service"))


@pytest.mark.clause("FB1-2.3.3")
def test_other_causes_and_unfounded_complaints_lead_to_none(pack, find, refused):
    invalid = ("2026-11-18 10:10", "judged", {"validity": "invalid"})
    assert not find(pack.play(taken(category="facility"), COMPLETED), "action_required")
    assert not refused(taken(category="facility"), COMPLETED, ANSWERED, CLOSED)
    assert not refused(taken(category="attitude"), invalid, COMPLETED, ANSWERED, CLOSED)
    assert not find(pack.play(taken("repair", category="attitude"), COMPLETED), "action_required")
    assert not refused(taken("repair", category="attitude"), COMPLETED, ANSWERED, CLOSED)
    late = pack.play(taken(), invalid, ("2026-11-18 10:20", "amended", {"category": "attitude"}))
    assert not find(late, "action_required")


@pytest.mark.clause("FB1-2.3.3")
def test_the_handling_is_passed_on_by_execution_sheet(pack, find, refused):
    slip = {"slip": "s1", "form": "execution_sheet", "post": "project_manager"}
    issued = ("2026-11-18 10:50", "slip_issued", slip)
    assert find(pack.play(taken(), issued), "number_given", number="ZX-2026-0001", clause="2.3.3")
    assert refused(taken(), ("2026-11-18 10:50", "slip_issued", {**slip, "post": "worker"}))
    assert refused(taken(), issued, COMPLETED, ANSWERED, CLOSED) == [("2.3.3", "missing", ["slips"])]


@pytest.mark.clause("FB1-2.3.5")
@pytest.mark.parametrize("kind", KINDS[:3])
def test_completion_is_reported_recorded_and_told_to_the_customer(pack, find, refused, kind):
    assert refused(taken(kind), ("2026-11-18 15:00", "completed")) == [("2.3.5", "missing", ["result"])]
    lines = pack.play(taken(kind), COMPLETED)
    assert find(lines, "notified", post="customer_service", what="completed", clause="2.3.5")
    assert find(lines, "required", what="answered", clause="2.3.5")
    early = ("2026-11-18 12:00", "answered", {"text": "x"})
    assert refused(taken(kind), early, COMPLETED, CLOSED) == [("2.3.5", "missing", ["answered"])]
    assert refused(taken(kind), ANSWERED, CLOSED) == [("2.3.5", "missing", ["completed"])]


@pytest.mark.clause("FB1-2.3.6")
def test_everybody_who_told_something_is_on_next_months_list(pack, find, iso):
    story = [(f"2026-11-{day:02} 10:00", "registered", {"case": f"c{day}"}) for day in (2, 18, 30)]
    story.append(("2026-12-01 10:00", "registered", {"case": "later"}))
    story.insert(1, ("2026-11-02 11:00", "withdrawn", {"case": "c2", "reason": "x"}))
    lines = pack.play(*story, until="2026-12-31 23:00")
    listed = find(lines, "required", what="followed_up", clause="2.3.6")
    assert {line["case"] for line in listed} == {"c2", "c18", "c30"}
    assert {line["at"] for line in listed} == {iso("2026-12-01 00:00")}
    assert {line["due"] for line in find(lines, "clock_started", clock="follow_up")} == {
        iso("2026-12-30 20:00")
    }
    assert {line["post"] for line in find(lines, "notified", clause="2.3.6", what="breached")} == {
        "supervisor"
    }


@pytest.mark.clause("FB1-2.3.6")
def test_a_visit_is_made_by_customer_service_or_above(refused):
    def visit(post):
        return refused(taken(), ("2026-12-03 10:00", "followed_up", {"outcome": "satisfied", "post": post}))

    assert visit("worker") == [("2.3.6", "post", [])]
    assert not visit("customer_service")


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for one in pack.pack.clause for name in one.catalogue}
    assert ids == {f"FB1-{one.id}" for one in pack.pack.clause}
    assert len(ids) == 23
    assert {one.id for one in pack.pack.clause if one.running} >= {
        "1.1", "1.2b", "2.1.1", "2.1.2", "2.1.3", "2.1.3d", "2.2", "2.3.1", "2.3.3", "2.3.5", "2.3.6",
    }  # fmt: skip
