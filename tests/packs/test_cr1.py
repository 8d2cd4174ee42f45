"""Pack CR1: a complaint team follows up and reports back to the customer."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
TAKEN = (WED, "registered")
JUDGED = ("2026-11-18 11:00", "judged", {"validity": "valid", "reason": "x"})
COMPLETED = ("2026-11-18 14:00", "completed", {"result": "x"})
ANSWERED = ("2026-11-18 15:00", "answered", {"text": "x"})
VISITED = ("2026-11-18 16:00", "followed_up", {"outcome": "satisfied"})
CLOSED = ("2026-11-18 17:00", "closed")


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("CR1"))


@pytest.mark.clause("CR1-4")
def test_a_complaint_goes_to_the_team_which_takes_it_up(pack, find, iso):
    lines = pack.play(TAKEN, until="2026-11-20 00:00")
    assert find(lines, "number_given", number="TS-2026-0001", clause="4")
    assert find(lines, "owner_set", post="team", clause="4")
    assert find(lines, "notified", post="team_leader", what="registered", clause="4")
    assert find(lines, "breached", clock="follow", due=iso("2026-11-19 18:00"), clause="4")
    assert find(lines, "notified", post="team_leader", what="breached", clause="4")
    taken_up = pack.play(TAKEN, ("2026-11-18 11:00", "accepted", {"post": "team"}))
    assert find(taken_up, "clock_stopped", clock="follow", outcome="met")


@pytest.mark.clause("CR1-4")
@pytest.mark.parametrize("step", ["accepted", "contacted", "completed", "answered"])
def test_only_the_team_handles_it(pack, find, step):
    def take(post):
        return find(pack.play(TAKEN, ("2026-11-18 11:00", step, {"post": post})), "refused")

    assert take("reception")[0]["clause"] == "4"
    assert not take("team")
    assert not take("team_leader")


@pytest.mark.clause("CR1-4")
def test_the_team_judges_with_its_reason(pack, find):
    def judge(**fields):
        judged = ("2026-11-18 11:00", "judged", {"validity": "valid", **fields})
        return find(pack.play(TAKEN, judged), "refused", clause="4")

    assert judge()[0]["missing"] == ["reason"]
    assert judge(reason="x", post="reception")
    assert not judge(reason="x", post="team")


@pytest.mark.clause("CR1-4")
def test_the_result_is_reported_back_to_the_customer(pack, find, iso):
    assert find(pack.play(TAKEN, CLOSED), "refused", clause="4", missing=["answered", "validity"])
    early = ("2026-11-18 10:30", "answered")
    lines = pack.play(TAKEN, early, JUDGED, VISITED, CLOSED)
    assert len(find(lines, "required", what="answered", clause="4")) == 2
    assert find(lines, "refused", event="closed", clause="4", missing=["answered"])
    between = ("2026-11-18 12:00", "answered")
    lines = pack.play(TAKEN, JUDGED, between, COMPLETED, VISITED, CLOSED)
    assert find(lines, "refused", event="closed", clause="4", missing=["answered"])
    assert not find(pack.play(TAKEN, JUDGED, COMPLETED, ANSWERED, VISITED, CLOSED), "refused")
    late = pack.play(TAKEN, until="2026-11-26 00:00")
    assert find(late, "breached", clock="answer", due=iso("2026-11-25 18:00"), clause="4")
    assert find(late, "escalated", to_post="team_leader", clause="4", reason="breach")
    asked = iso("2026-12-01 09:00")
    assert find(pack.play((WED, "registered", {"answer_by": asked})), "clock_started", due=asked)


@pytest.mark.clause("CR1-4")
def test_the_customer_says_whether_it_is_solved(pack, find):
    story = [TAKEN, JUDGED, COMPLETED, ANSWERED]
    lines = pack.play(*story, CLOSED)
    assert find(lines, "required", what="followed_up", clause="4")
    assert find(lines, "refused", event="closed", clause="4", missing=["followed_up"])
    by_desk = ("2026-11-18 16:00", "followed_up", {"outcome": "satisfied", "post": "reception"})
    assert find(pack.play(*story, by_desk), "refused", clause="4", reason="post")
    bad = pack.play(*story, ("2026-11-18 16:00", "followed_up", {"outcome": "dissatisfied"}))
    assert find(bad, "reopened", clause="4")
    told = {line["post"] for line in find(bad, "notified", what="followed_up", clause="4")}
    assert told == {"team_leader", "manager"}
    approved = {"what": "closed", "post": "manager", "attempts": 3, "recourse_offered": True}
    lines = pack.play(*story, ("2026-11-18 16:00", "approved", approved), CLOSED)
    assert find(lines, "closed", by_exception=True)
    unfounded = ("2026-11-18 11:00", "judged", {"validity": "invalid", "reason": "x"})
    lines = pack.play(TAKEN, unfounded, ANSWERED, CLOSED)
    assert find(lines, "closed")
    assert not find(lines, "required", what="followed_up")


@pytest.mark.clause("CR1-4")
def test_the_record(pack):
    (form,) = pack.pack.record
    assert (form.clause, form.title) == ("4", "客户投诉跟进与反馈记录")
    assert {"completed.result", "answered.text", "followed_up.outcome"} <= {one.source for one in form.fields}


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"CR1-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 6
    assert "4" in {clause.id for clause in pack.pack.clause if clause.running}
