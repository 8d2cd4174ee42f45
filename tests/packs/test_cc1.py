"""Pack CC1: the command centre registers, dispatches, has the owner sign, visits and closes."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engine.bench import Bench

from huiyin.engine.duties import duty_due
from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
KINDS = ["complaint", "assistance", "enquiry", "suggestion"]
SLIP = {"slip": "s1", "form": "《派工单》"}
JUDGED = ("2026-11-18 10:02", "judged", {"validity": "valid", "reason": "x"})
ISSUED = ("2026-11-18 10:05", "slip_issued", {**SLIP, "post": "dispatcher"})
RECEIVED = ("2026-11-18 10:10", "slip_received", {"slip": "s1", "post": "department_head"})
FINISHED = ("2026-11-18 14:00", "slip_finished", {"slip": "s1", "result": "x", "actor": "wang"})
SIGNED = ("2026-11-18 14:05", "confirmed", {"satisfied": True, "signed_by": "李女士"})
VISITED = ("2026-11-19 10:00", "followed_up", {"outcome": "satisfied"})
CLOSED = ("2026-11-19 11:00", "closed")


def taken(kind="assistance", **fields):
    return (WED, "registered", {"kind": kind, "channel": "phone", "text": "x", **fields})


def story(kind="assistance"):
    judged = [JUDGED] if kind == "complaint" else []
    return [taken(kind), *judged, ISSUED, RECEIVED, FINISHED, SIGNED, VISITED, CLOSED]


def without(kind, *left_out):
    return [step for step in story(kind) if step not in left_out]


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("CC1"))


@pytest.fixture
def refused(pack, find):
    def play(*steps):
        lines = find(pack.play(*steps), "refused", event=steps[-1][1])
        return [(line["clause"], line["reason"], line["missing"]) for line in lines]

    return play


@pytest.mark.clause("CC1-3.2")
@pytest.mark.parametrize("kind", KINDS)
def test_from_registration_over_dispatch_and_signature_to_the_closing(pack, find, kind):
    lines = pack.play(*story(kind))
    assert not find(lines, "refused")
    owner = "complaint_handler" if kind == "complaint" else "dispatcher"
    assert find(lines, "owner_set", post=owner, clause="3.2")
    wanted = [line["what"] for line in find(lines, "required", clause="3.2")]
    judged = ["judged"] if kind == "complaint" else []
    assert wanted == [*judged, "slip_issued", "confirmed", "followed_up"]
    assert find(lines, "number_given", number="PG-2026-00001", slip="s1", clause="3.2")
    assert find(lines, "notified", post="dispatcher", what="slip_finished", clause="3.2")
    assert find(lines, "closed", clause="3.2")


@pytest.mark.clause("CC1-3.2")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ((ISSUED, RECEIVED, FINISHED), ["slip_finished"]),
        ((SIGNED,), ["confirmed"]),
        ((VISITED,), ["followed_up"]),
    ],
)
def test_no_step_is_left_out(refused, kind, left_out, missing):
    assert refused(*without(kind, *left_out)) == [("3.2", "missing", missing)]


@pytest.mark.clause("CC1-3.2")
@pytest.mark.parametrize("kind", KINDS)
def test_the_owner_signs_after_the_work_and_says_it_is_good(refused, kind):
    early = ("2026-11-18 10:20", *SIGNED[1:])
    steps = without(kind, SIGNED)
    place = steps.index(FINISHED)
    assert refused(*steps[:place], early, *steps[place:]) == [("3.2", "missing", ["confirmed"])]
    for fields in ({"satisfied": True}, {"satisfied": False, "signed_by": "x"}):
        unsigned = [step if step != SIGNED else (*SIGNED[:2], fields) for step in story(kind)]
        assert refused(*unsigned) == [("3.2", "missing", ["confirmed"])]


@pytest.mark.clause("CC1-3.2")
def test_the_dispatch_slip_names_the_owners_signature(pack):
    (slip,) = pack.pack.slip
    assert slip.title == "派工单"
    assert {field.source for field in slip.fields} >= {"slip.received", "slip.result", "confirmed.signed_by"}


@pytest.mark.clause("CC1-3.2")
def test_the_centre_writes_it_and_a_business_department_accepts_it(refused):
    assert refused(taken(), (*ISSUED[:2], {**SLIP, "post": "worker"})) == [("3.2", "post", [])]
    centre = ("2026-11-18 10:10", "slip_received", {"slip": "s1", "post": "dispatcher"})
    assert refused(taken(), ISSUED, centre) == [("3.2", "post", [])]
    assert not refused(taken(), ISSUED, (*RECEIVED[:2], {"slip": "s1", "post": "worker"}))
    assert refused(taken(), ISSUED, FINISHED) == [("3.2", "missing", ["slip_received"])]
    empty = (*FINISHED[:2], {"slip": "s1"})
    assert refused(taken(), ISSUED, RECEIVED, empty) == [("3.2", "missing", ["result"])]


@pytest.mark.clause("CC1-3.2")
def test_a_second_slip_is_finished_too(refused):
    second = ("2026-11-18 15:00", "slip_issued", {**SLIP, "slip": "s2"})
    steps = story()
    assert refused(*steps[:-2], second, VISITED, CLOSED)[0][2] == ["slips"]


@pytest.mark.clause("CC1-3.2")
def test_the_return_visit_is_made_by_another_than_who_did_the_work(refused):
    steps = story()[:-2]
    assert refused(*steps, (*VISITED[:2], {**VISITED[2], "actor": "wang"})) == [("3.2", "same_person", [])]
    assert refused(*steps, (*VISITED[:2], {**VISITED[2], "post": "worker"})) == [("3.2", "post", [])]
    assert not refused(*steps, (*VISITED[:2], {**VISITED[2], "post": "dispatcher", "actor": "li"}))


@pytest.mark.clause("CC1-3.2")
def test_a_complaint_is_judged_by_the_complaint_rules(refused):
    assert refused(*without("complaint", JUDGED)) == [("3.2", "missing", ["validity"])]


@pytest.mark.clause("CC1-3.2")
@pytest.mark.parametrize("kind", KINDS)
def test_an_owner_who_cannot_be_reached_is_closed_by_approval(refused, kind):
    away = (*VISITED[:2], {"outcome": "unreachable"})
    steps = [*without(kind, VISITED, CLOSED), away]
    assert refused(*steps, CLOSED)
    post = "project_manager" if kind == "complaint" else "centre_head"
    approved = ("2026-11-19 10:30", "approved", {"what": "closed", "post": post})
    assert not refused(*steps, approved, CLOSED)


@pytest.mark.clause("CC1-3.2")
def test_an_enquiry_answered_on_the_spot_needs_no_dispatch(pack, refused):
    answered = ("2026-11-18 10:01", "answered", {"text": "x"})
    assert not refused(taken("enquiry"), answered, CLOSED)
    assert not pack.case(taken("enquiry"), answered).required
    assert refused(taken(), answered, CLOSED)


@pytest.mark.clause("CC1-3.2f")
@pytest.mark.parametrize("kind", KINDS)
def test_every_message_stands_in_the_register_first(pack, find, kind):
    lines = pack.play(taken(kind))
    assert (lines[0]["effect"], lines[0]["number"], lines[0]["clause"]) == (
        "number_given", "XX-2026-00001", "3.2f",
    )  # fmt: skip
    bare = pack.play((WED, "registered", {"kind": kind}))
    assert [line["what"] for line in find(bare, "required", clause="3.2f")] == ["channel", "text"]
    assert not find(lines, "required", clause="3.2f")
    (form,) = [record for record in pack.pack.record if record.clause == "3.2f"]
    assert form.title == "指挥中心信息登记表"
    assert kind in form.kinds
    assert {field.source for field in form.fields} >= {"case.channel", "case.text", "case.registered_at"}


@pytest.mark.clause("CC1-3.6")
def test_what_must_be_at_hand_is_listed_and_checked_every_month(pack, iso):
    (form,) = [record for record in pack.pack.record if record.clause == "3.6"]
    assert {field.name for field in form.fields} == {
        "project", "contacts_inside", "contacts_outside", "rosters", "owners", "street_office", "police",
        "locksmith", "water", "tickets", "notices",
    }  # fmt: skip
    (duty,) = pack.pack.duty
    assert (duty.clause, duty.owner, duty.every, duty.record) == ("3.6", "centre_head", "month", form.code)
    assert duty_due(duty, date(2026, 11, 1), pack.calendar).isoformat() == iso("2026-11-06 00:00")


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for one in pack.pack.clause for name in one.catalogue}
    assert ids == {f"CC1-{one.id}" for one in pack.pack.clause}
    assert len(ids) == 6
    assert {one.id for one in pack.pack.clause if one.running} == {"3.2", "3.2f", "3.6"}
