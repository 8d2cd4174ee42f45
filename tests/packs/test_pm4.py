"""Pack PM4: information is recorded and passed on, complaints judged, solved in two days, signed, visited."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engine.bench import Bench

from huiyin.engine.duties import duty_due
from huiyin.procedures.packfiles import load_pack

FRI = "2026-11-20 10:00"
GENERAL = ["repair", "enquiry", "suggestion"]
VALID = ("2026-11-20 11:00", "judged", {"validity": "valid"})
SERIOUS = ("2026-11-20 11:00", "judged", {"validity": "valid", "severity": "severe"})
INVALID = ("2026-11-20 11:00", "judged", {"validity": "invalid"})
COMPLETED = ("2026-11-20 15:00", "completed", {"result": "x", "actor": "wang"})
SOLVERS = ("2026-11-20 16:00", "signed", {"post": "department_head"})
HEADS = ("2026-11-20 16:10", "signed", {"post": "office_manager"})
VISITED = ("2026-11-21 10:00", "followed_up", {"outcome": "satisfied", "actor": "li"})
CLOSED = ("2026-11-21 11:00", "closed")


def taken(kind="complaint", **fields):
    return (FRI, "registered", {"kind": kind, "channel": "phone", "text": "x", **fields})


def sheet(iso, **fields):
    given = {"slip": "s1", "form": "内部协调工作单", "text": "措施", "to_unit": "r1"}
    given |= {"finish_by": iso("2026-11-23 18:00"), "post": "office_manager", **fields}
    return ("2026-11-20 12:00", "slip_issued", {key: value for key, value in given.items() if value})


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("PM4"))


@pytest.fixture
def refused(pack, find):
    def play(*steps):
        lines = find(pack.play(*steps), "refused", event=steps[-1][1])
        return [(line["clause"], line["reason"], line["missing"]) for line in lines]

    return play


@pytest.mark.clause("PM4-3", "PM4-4.2.3a")
@pytest.mark.parametrize(
    ("fields", "owner", "clause"),
    [
        ({}, "general_affairs", "4.2.3a"),
        ({"category": "attitude"}, "general_affairs", "4.2.3a"),
        ({"category": "service"}, "operations", "3"),
        ({"category": "cleaning"}, "operations", "3"),
        ({"channel": "company"}, "operations", "4.2.3a"),
    ],
)
def test_the_office_or_operations_handles_a_complaint(pack, find, fields, owner, clause):
    assert find(pack.play(taken(**fields)), "owner_set", post=owner, clause=clause)


@pytest.mark.clause("PM4-3")
def test_offices_communicate_and_the_management_representative_reviews(pack, find, iso):
    assert find(
        pack.play(taken("enquiry", category="cleaning")), "owner_set", post="general_affairs", clause="3"
    )
    (duty,) = pack.pack.duty
    assert (duty.clause, duty.owner, duty.every) == ("3", "management_representative", "month")
    assert duty_due(duty, date(2026, 11, 1), pack.calendar).isoformat() == iso("2026-12-11 00:00")


@pytest.mark.clause("PM4-4.2.1")
@pytest.mark.parametrize("kind", ["complaint", *GENERAL])
def test_any_employee_records_source_content_and_time(pack, find, refused, kind):
    people = [post for post in pack.pack.post if post.code != "administrator"]
    assert all("register" in post.may for post in people)
    assert not find(pack.play(taken(kind, post="employee")), "refused")
    bare = (FRI, "registered", {"kind": kind})
    assert [line["what"] for line in find(pack.play(bare), "required", clause="4.2.1")] == ["channel", "text"]
    assert not find(pack.play(taken(kind)), "required", clause="4.2.1")
    known = ("2026-11-20 10:10", "amended", {"channel": "phone", "text": "x"})
    assert not any(one.clause == "4.2.1" for one in pack.case(bare, known).required)
    story = [bare, VALID, ("2026-11-20 14:00", "answered"), COMPLETED, SOLVERS, HEADS, VISITED]
    (line,) = refused(*(step for step in story if kind == "complaint" or step != VALID), CLOSED)
    assert line == ("4.2.1", "missing", ["channel", "text"])
    (form,) = [record for record in pack.pack.record if record.clause == "4.2.1"]
    assert (form.title, kind in form.kinds) == ("顾客信息记录表", True)
    assert {"case.channel", "case.text", "case.registered_at"} <= {field.source for field in form.fields}
    number = "TS-2026-0001" if kind == "complaint" else "XX-2026-0001"
    assert find(pack.play(taken(kind)), "number_given", number=number)


@pytest.mark.clause("PM4-4.2.2")
@pytest.mark.parametrize("kind", GENERAL)
def test_what_is_not_ones_own_is_passed_on_and_signed_for(pack, find, refused, kind):
    assert find(pack.play(taken(kind)), "required", what="assigned", clause="4.2.2")
    passed = ("2026-11-20 10:10", "assigned", {"to_post": "department_head"})
    assert find(pack.play(taken(kind), passed), "required", what="accepted", clause="4.2.2")
    answered = ("2026-11-20 14:00", "answered", {"text": "x"})
    for step in (answered, COMPLETED, CLOSED):
        assert refused(taken(kind), passed, step)[0][:2] == ("4.2.2", "missing")
        assert "accepted" in refused(taken(kind), passed, step)[0][2]
    accepted = ("2026-11-20 10:20", "accepted", {"post": "department_head"})
    story = [taken(kind), passed, accepted, answered, COMPLETED]
    assert not refused(*story, CLOSED)
    assert not pack.case(*story).required
    assert not find(pack.play(taken()), "required", clause="4.2.2")


@pytest.mark.clause("PM4-4.2.2")
@pytest.mark.parametrize(
    ("kind", "done"), [("repair", "completed"), ("enquiry", "answered"), ("suggestion", "answered")]
)
def test_it_is_handled_before_it_is_closed(pack, refused, kind, done):
    assert refused(taken(kind), CLOSED) == [("4.2.2", "missing", [done])]
    assert not refused(taken(kind), ("2026-11-20 10:10", done, {"text": "x"}), CLOSED)
    assert not pack.case(taken(kind), ("2026-11-20 10:10", done)).required


@pytest.mark.clause("PM4-4.2.3a")
def test_apology_first_then_the_complaint_department_judges(pack, find, refused):
    lines = pack.play(taken())
    assert find(lines, "required", what="acknowledged", clause="4.2.3a")
    assert find(lines, "required", what="judged", clause="4.2.3b")
    for step in ("acknowledged", "contacted", "answered"):
        standing = pack.case(taken(), ("2026-11-20 10:05", step))
        assert [one.what for one in standing.required] == ["judged"]
    assert refused(taken(), (*VALID[:2], {"validity": "valid", "post": "employee"}))[0][1] == "post"
    assert refused(taken(), (*VALID[:2], {"validity": "valid", "post": "department_head"}))[0][0] == "4.2.3b"
    for post in ("operations", "general_affairs"):
        assert not refused(taken(), (*VALID[:2], {"validity": "valid", "post": post}))
    assert ("4.2.3b", "missing", ["validity"]) in refused(taken(), COMPLETED, CLOSED)
    assert not find(pack.play(taken("enquiry")), "required", what="acknowledged")


@pytest.mark.clause("PM4-4.2.3c")
def test_an_invalid_complaint_is_explained(pack, find, refused):
    early = ("2026-11-20 10:30", "answered", {"text": "x"})
    assert find(pack.play(taken(), early, INVALID), "required", what="answered", clause="4.2.3c")
    assert refused(taken(), early, INVALID, CLOSED) == [("4.2.3c", "missing", ["answered"])]
    later = ("2026-11-20 14:00", "answered", {"text": "x"})
    assert not refused(taken(), INVALID, later, CLOSED)
    assert not find(pack.play(taken(), VALID), "required", what="answered")
    assert find(pack.play(taken(), INVALID), "clock_stopped", clock="solve", outcome="void")


@pytest.mark.clause("PM4-4.2.3d")
@pytest.mark.parametrize("judged", [[], [VALID], [(*VALID[:2], {"validity": "partly_valid"})]])
def test_an_ordinary_valid_complaint_is_solved_within_two_days(pack, find, iso, judged):
    lines = pack.play(taken(), *judged, until="2026-11-23 08:00")
    assert find(lines, "clock_started", clock="solve", due=iso("2026-11-23 00:00"), clause="4.2.3d")
    assert find(lines, "warned", clock="solve")
    assert find(lines, "notified", post="general_affairs", what="warned")
    assert find(lines, "breached", clock="solve", due=iso("2026-11-23 00:00"))
    assert find(lines, "escalated", to_post="office_manager", reason="breach")
    assert find(lines, "notified", post="management_representative", what="breached")
    assert find(pack.play(taken(), *judged, COMPLETED), "clock_stopped", clock="solve", outcome="met")
    asked = pack.play(taken(answer_by=iso("2026-11-24 12:00")), *judged)
    assert find(asked, "clock_started", clock="solve", due=iso("2026-11-24 12:00"))


@pytest.mark.clause("PM4-4.2.3d")
def test_a_complaint_stands_in_the_complaint_record(pack, find):
    lines = pack.play(taken())
    assert find(lines, "number_given", number="TS-2026-0001", clause="4.2.3d")
    (form,) = [record for record in pack.pack.record if record.clause == "4.2.3d"]
    assert (form.title, form.kinds) == ("顾客投诉记录", ["complaint"])
    assert {"judged.validity", "completed.result", "signed.by"} <= {field.source for field in form.fields}
    assert not find(pack.play(taken("repair")), "clock_started", clock="solve")


@pytest.mark.clause("PM4-4.2.3e")
@pytest.mark.parametrize(("fields", "above"), [({}, "office_manager"), ({"category": "cleaning"}, "leader")])
@pytest.mark.parametrize("validity", ["valid", "partly_valid"])
def test_a_serious_one_is_reported_and_a_coordination_slip_is_issued(
    pack, find, refused, iso, fields, above, validity
):
    judged = (*SERIOUS[:2], {**SERIOUS[2], "validity": validity})
    lines = pack.play(taken(**fields), judged)
    assert find(lines, "escalated", to_post=above, reason="serious", clause="4.2.3e")
    assert find(lines, "owner_set", post=above)
    assert find(lines, "required", what="slip_issued", clause="4.2.3e")
    assert find(lines, "clock_stopped", clock="solve", outcome="void")
    issued = pack.play(taken(**fields), judged, sheet(iso), until="2026-11-24 00:00")
    assert find(issued, "number_given", number="XT-2026-0001", clause="4.2.3e")
    assert find(issued, "breached", clock="slip_finish", due=iso("2026-11-23 18:00"), clause="4.2.3e")
    assert find(issued, "escalated", reason="breach", params={"clock": "slip_finish", "slip": "s1"})
    story = [taken(**fields), judged, COMPLETED, SOLVERS, HEADS, VISITED]
    assert refused(*story, CLOSED) == [("4.2.3e", "missing", ["slip_issued"])]
    story.insert(2, sheet(iso))
    assert refused(*story, CLOSED) == [("4.2.3e", "missing", ["slips"])]
    story.insert(3, ("2026-11-20 14:00", "slip_finished", {"slip": "s1", "result": "x"}))
    assert not refused(*story, CLOSED)


@pytest.mark.clause("PM4-4.2.3e")
@pytest.mark.parametrize("field", ["text", "to_unit", "finish_by"])
def test_the_slip_names_measures_persons_and_time(refused, iso, field):
    assert refused(taken(), SERIOUS, sheet(iso, **{field: None})) == [("4.2.3e", "missing", [field])]
    assert refused(taken(), SERIOUS, sheet(iso, post="general_affairs")) == []
    assert refused(taken(), SERIOUS, sheet(iso, post="employee"))[0][1] == "post"


@pytest.mark.clause("PM4-4.2.3e")
def test_an_ordinary_or_invalid_one_is_not_reported(pack, find, refused):
    severe = (*INVALID[:2], {"validity": "invalid", "severity": "severe"})
    assert not refused(taken(), severe, ("2026-11-20 14:00", "answered", {"text": "x"}), CLOSED)
    for judged in (VALID, severe):
        lines = pack.play(taken(), judged)
        assert not find(lines, "escalated")
        assert not find(lines, "required", what="slip_issued")


@pytest.mark.clause("PM4-4.2.3f")
@pytest.mark.parametrize("validity", ["valid", "partly_valid"])
def test_the_result_is_recorded_signed_by_the_heads_and_visited(pack, find, refused, validity):
    judged = (*VALID[:2], {"validity": validity})
    assert refused(taken(), judged, ("2026-11-20 15:00", "completed")) == [("4.2.3f", "missing", ["result"])]
    story = [taken(), judged, COMPLETED, SOLVERS, HEADS, VISITED]
    assert [line["what"] for line in find(pack.play(*story[:3]), "required", clause="4.2.3f")] == [
        "signed", "followed_up",
    ]  # fmt: skip
    assert not refused(*story, CLOSED)
    for left_out, missing in ((SOLVERS, "signed"), (HEADS, "signed"), (VISITED, "followed_up")):
        rest = [step for step in story if step != left_out]
        assert refused(*rest, CLOSED) == [("4.2.3f", "missing", [missing])]
    early = [taken(), judged, ("2026-11-20 14:00", *SOLVERS[1:]), COMPLETED, HEADS, VISITED]
    assert refused(*early, CLOSED) == [("4.2.3f", "missing", ["signed"])]
    assert refused(taken(), judged, SOLVERS, HEADS, VISITED, CLOSED)[0][2] == ["completed"]


@pytest.mark.clause("PM4-4.2.3f")
def test_heads_sign_and_nobody_visits_after_his_own_work(refused):
    assert refused(taken(), VALID, COMPLETED, (*SOLVERS[:2], {"post": "employee"})) == [
        ("4.2.3f", "post", [])
    ]
    story = [taken(), VALID, COMPLETED, SOLVERS, HEADS]
    own = (*VISITED[:2], {"outcome": "satisfied", "actor": "wang"})
    assert refused(*story, own) == [("4.2.3f", "same_person", [])]
    head = (*VISITED[:2], {"outcome": "satisfied", "post": "department_head"})
    assert refused(*story, head) == [("4.2.3f", "post", [])]


@pytest.mark.clause("PM4-4.2.3f")
def test_an_invalid_one_needs_neither_signature_nor_visit(pack, find):
    assert not find(pack.play(taken(), INVALID, COMPLETED), "required", clause="4.2.3f")


@pytest.mark.clause("PM4-4.2.3f")
def test_who_cannot_be_reached_is_closed_by_approval(refused):
    away = (*VISITED[:2], {"outcome": "unreachable"})
    story = [taken(), VALID, COMPLETED, SOLVERS, HEADS, away]
    assert refused(*story, CLOSED)
    approved = ("2026-11-21 10:30", "approved", {"what": "closed", "post": "office_manager"})
    assert not refused(*story, approved, CLOSED)


@pytest.mark.clause("PM4-4.3.4")
@pytest.mark.parametrize(
    ("count", "validity", "fires"), [(10, "valid", True), (9, "valid", False), (12, "invalid", False)]
)
def test_widespread_dissatisfaction_calls_for_a_public_apology(pack, find, count, validity, fires):
    story = []
    for number in range(count):
        case = {"case": f"c{number}", "kind": "complaint", "category": "cleaning", "unit": "A"}
        story.append((FRI, "registered", case))
        story.append(("2026-11-20 11:00", "judged", {"case": f"c{number}", "validity": validity}))
    lines = pack.play(*story, until="2026-11-20 12:00")
    found = find(lines, "action_required", action="public_apology", clause="4.3.4")
    assert bool(found) is fires
    if fires:
        assert found[0]["unit"] == "A"
        assert found[0]["params"] == {"trigger": "widespread", "figures": [10], "category": "cleaning"}
        told = {line["post"] for line in find(lines, "notified", what="widespread")}
        assert told == {"operations", "management_representative"}


@pytest.mark.clause("PM4-4.3.4")
@pytest.mark.parametrize("other", [{"category": "security"}, {"unit": "B"}, {"late": True}])
def test_other_services_units_and_months_do_not_add_up(pack, find, other):
    story = []
    for number in range(10):
        case = {"case": f"c{number}", "kind": "complaint", "category": "cleaning", "unit": "A"}
        different = number == 9
        late = different and other.get("late")
        day = "2026-12-20" if late else "2026-11-20"
        facts = other if different and not late else {}
        story.append((f"{day} 10:00", "registered", {**case, **facts}))
        story.append((f"{day} 11:00", "judged", {"case": f"c{number}", "validity": "valid"}))
    story.sort(key=lambda step: step[0])
    assert not find(pack.play(*story), "action_required")


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for one in pack.pack.clause for name in one.catalogue}
    assert ids == {f"PM4-{one.id}" for one in pack.pack.clause} - {"PM4-4.2.3b"}
    assert len(ids) == 20
    assert {one.id for one in pack.pack.clause if one.running} == {
        "3", "4.2.1", "4.2.2", *(f"4.2.3{letter}" for letter in "abcdef"), "4.3.4",
    }  # fmt: skip
