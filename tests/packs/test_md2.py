"""Pack MD2: what clause 5.1 demands, played through the pack as it is shipped."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engine.bench import Bench

from huiyin.engine.duties import duty_due, period_of
from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
NUMBERS = {"complaint": "TS-2026-0001", "suggestion": "YJ-2026-0001", "product_return": "TH-2026-0001"}
APPOINTED = ("2026-11-18 11:00", "assigned", {"to_post": "investigator", "person": "li", "post": "quality"})
JUDGED = ("2026-11-19 10:00", "judged", {"validity": "valid", "reason": "x"})
COMPLETED = ("2026-11-20 10:00", "completed", {"result": "x"})
ANSWERED = ("2026-11-20 11:00", "answered")
CLOSED = ("2026-11-20 12:00", "closed")


@pytest.fixture(scope="module")
def md2():
    return Bench(load_pack("MD2"))


def registered(kind="complaint", **facts):
    return (WED, "registered", {"kind": kind, "channel": "phone", **facts})


def whole(kind):
    judged = [JUDGED] if kind == "complaint" else []
    return [registered(kind), APPOINTED, *judged, COMPLETED, ANSWERED, CLOSED]


def without(story, *names):
    return [event for event in story if event[1] not in names]


@pytest.mark.clause("MD2-5.1")
@pytest.mark.parametrize("kind", list(NUMBERS))
def test_complaints_opinions_and_returns_go_to_quality(md2, find, kind):
    lines = md2.play(*whole(kind))
    assert not find(lines, "refused")
    assert find(lines, "number_given", number=NUMBERS[kind], clause="5.1")
    assert find(lines, "owner_set", post="quality", clause="5.1")
    assert find(lines, "closed", clause="5.1")


@pytest.mark.clause("MD2-5.1")
@pytest.mark.parametrize("kind", list(NUMBERS))
def test_quality_appoints_an_investigator(md2, find, kind):
    assert find(md2.play(registered(kind)), "required", what="assigned", clause="5.1")
    by_representative = (*APPOINTED[:2], {"to_post": "investigator", "post": "management_representative"})
    assert find(md2.play(registered(kind), by_representative), "refused", clause="5.1", reason="post")
    lines = md2.play(registered(kind), APPOINTED)
    assert find(lines, "owner_set", post="investigator")
    assert find(lines, "required", what="completed", clause="5.1")
    alone = md2.play(*without(whole(kind), "assigned", "judged"))
    assert find(alone, "refused", event="completed", clause="5.1", missing=["assigned"])


@pytest.mark.clause("MD2-5.1")
def test_what_the_investigation_found_is_on_record(md2, find):
    story = [registered(), APPOINTED]
    assert find(md2.play(*story), "required", what="judged", clause="5.1")
    assert find(md2.play(registered(), JUDGED), "refused", clause="5.1", missing=["assigned"])
    bare = ("2026-11-19 10:00", "judged", {"validity": "valid"})
    assert find(md2.play(*story, bare), "refused", clause="5.1", missing=["reason"])
    empty = ("2026-11-19 10:00", "completed")
    assert find(md2.play(*story, empty), "refused", clause="5.1", missing=["result"])
    assert find(md2.play(*story, COMPLETED), "notified", post="quality", clause="5.1")
    (form,) = md2.pack.record
    assert {"调查人", "原因", "调查与处理结果"} <= {field.title for field in form.fields}


@pytest.mark.clause("MD2-5.1")
def test_statistics_feed_management_review(md2):
    (duty,) = md2.pack.duty
    assert (duty.clause, duty.feeds, duty.owner) == ("5.1", ["management_review"], "quality_head")
    begin, _ = period_of(duty.every, date(2026, 11, 18))
    assert duty_due(duty, begin, md2.calendar).date().isoformat() == "2027-01-29"


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [("completed", "completed"), ("answered", "answered"), ("judged", "validity")],
)
def test_nothing_is_closed_half_done(md2, find, left_out, missing):
    (line,) = find(md2.play(*without(whole("complaint"), left_out)), "refused")
    assert (line["event"], line["clause"], line["missing"]) == ("closed", "5.1", [missing])


def test_the_customer_is_answered_in_time_and_asked_afterwards(md2, find, iso):
    lines = md2.play(registered(), until="2026-11-26 00:00")
    assert find(lines, "breached", clock="answer", due=iso("2026-11-25 17:30"), clause="5.1")
    assert find(lines, "escalated", to_post="quality_head", clause="5.1")
    assert find(md2.play(*whole("complaint")[:4]), "required", what="followed_up", clause="5.1")
    promised = ("2026-11-18 11:00", "promised", {"what": "visit", "by": iso("2026-11-19 08:00")})
    lines = md2.play(registered(), promised, until="2026-11-19 09:00")
    assert find(lines, "escalated", to_post="quality_head", params={"clock": "promise", "what": "visit"})


def test_danger_is_told_at_once(md2, find):
    told = find(md2.play(registered(safety=True)), "notified", clause="5.1")
    assert {line["post"] for line in told} == {"quality_head", "management_representative"}
    assert not find(md2.play(registered()), "notified")


def test_every_clause_of_the_catalogue_is_in_the_pack(md2):
    ids = {name for clause in md2.pack.clause for name in clause.catalogue}
    assert ids == {f"MD2-{clause.id}" for clause in md2.pack.clause}
    assert len(ids) == 4


@pytest.mark.clause("MD2-5.1")
def test_the_customers_own_time_comes_first_and_the_owner_is_reminded(md2, find, iso):
    asked = iso("2026-12-01 09:00")
    lines = md2.play(registered(answer_by=asked), until="2026-12-01 08:59")
    assert find(lines, "clock_started", clock="answer", due=asked, clause="5.1")
    assert find(lines, "notified", what="warned", clock="answer", clause="5.1")


@pytest.mark.clause("MD2-5.1")
def test_the_owner_is_reminded_of_a_promise(md2, find, iso):
    promised = ("2026-11-18 15:00", "promised", {"what": "visit", "by": iso("2026-11-20 15:00")})
    lines = md2.play(registered(), promised, until="2026-11-20 14:59")
    assert find(lines, "notified", what="warned", clock="promise", clause="5.1")


@pytest.mark.clause("MD2-5.1")
def test_only_the_posts_of_the_clause_make_the_return_visit(md2, find):
    def visit(post):
        fields = {"outcome": "satisfied", "post": post}
        return find(
            md2.play(*whole("complaint")[:-1], ("2026-11-20 11:30", "followed_up", fields)),
            "refused",
            clause="5.1",
        )

    assert visit("general_manager")[0]["reason"] == "post"
    assert not visit("sales")


@pytest.mark.clause("MD2-5.1")
def test_the_yearly_figures_go_to_the_management_representative(md2):
    (duty,) = [duty for duty in md2.pack.duty if duty.code == "review_input"]
    assert duty.given_to == ["management_representative"]
    assert duty_due(duty, date(2026, 1, 1), md2.calendar).date() == date(2027, 1, 29)
