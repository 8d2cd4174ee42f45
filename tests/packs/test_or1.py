"""Pack OR1: what customers say is summed up daily for the head of sales, who names who follows it up."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engine.bench import Bench

from huiyin.engine.duties import duty_due
from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
ASSIGNED = ("2026-11-19 09:00", "assigned", {"to_post": "salesperson", "post": "sales_head"})
KINDS = pytest.mark.parametrize("kind", ["enquiry", "order_matter", "feedback"])


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("OR1"))


def taken(kind, **fields):
    return (WED, "registered", {"kind": kind, **fields})


@pytest.mark.clause("OR1-daily")
def test_a_daily_summary_goes_to_the_head_of_sales(pack):
    (duty,) = pack.pack.duty
    assert (duty.clause, duty.every, duty.owner) == ("daily", "day", "sales_assistant")
    assert duty.given_to == ["sales_head"]
    assert duty_due(duty, date(2026, 11, 18), pack.calendar).isoformat() == "2026-11-18T18:00:00+08:00"
    (form,) = pack.pack.record
    assert (form.title, form.clause) == ("顾客信息日汇总", "daily")
    assert set(form.kinds) == {kind.code for kind in pack.pack.kind}
    assert {"case.text", "case.owner", "assigned.at", "answered.text"} <= {one.source for one in form.fields}


@pytest.mark.clause("OR1-daily")
@KINDS
def test_the_head_of_sales_assigns_the_follow_up(pack, find, iso, kind):
    lines = pack.play(taken(kind), until="2026-11-20 00:00")
    assert find(lines, "number_given", number="KX-2026-0001", clause="daily")
    assert find(lines, "owner_set", post="sales_head", clause="daily")
    assert find(lines, "required", what="assigned", clause="daily")
    assert find(lines, "breached", clock="assign", due=iso("2026-11-19 18:00"), clause="daily")
    assert find(lines, "escalated", to_post="general_manager", clause="daily", reason="breach")
    lines = pack.play(taken(kind), ASSIGNED)
    assert find(lines, "clock_stopped", clock="assign", outcome="met")
    assert find(lines, "owner_set", post="salesperson")

    def assign(**fields):
        return find(pack.play(taken(kind), ("2026-11-19 09:00", "assigned", fields)), "refused")

    assert assign(to_post="salesperson", post="salesperson")[0]["clause"] == "daily"
    assert assign(post="sales_head")[0]["missing"] == ["to_post"]


@pytest.mark.clause("OR1-daily")
@KINDS
def test_the_follow_up_is_answered_and_watched(pack, find, iso, kind):
    lines = pack.play(taken(kind), ASSIGNED, ("2026-11-19 10:00", "closed"), until="2026-11-24 00:00")
    assert find(lines, "refused", event="closed", clause="daily", missing=["answered"])
    assert find(lines, "breached", clock="answer", due=iso("2026-11-23 18:00"), clause="daily")
    assert find(lines, "escalated", to_post="sales_head", clause="daily", reason="breach")
    done = pack.play(taken(kind), ASSIGNED, ("2026-11-19 10:00", "answered"), ("2026-11-19 11:00", "closed"))
    assert not find(done, "refused")
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(kind, answer_by=asked), ASSIGNED), "clock_started", clock="answer", due=asked)
    other = ("2026-11-20 09:00", "assigned", {"to_post": "salesperson", "post": "sales_head"})
    moved = pack.play(taken(kind), ASSIGNED, other)
    assert find(moved, "clock_changed", clock="answer") or find(
        moved, "clock_started", clock="answer", due=iso("2026-11-24 18:00")
    )


@pytest.mark.clause("OR1-daily")
def test_what_is_urgent_does_not_wait_for_the_summary(pack, find):
    lines = pack.play(taken("order_matter", urgency="urgent"))
    assert find(lines, "notified", post="sales_head", what="registered", clause="daily")
    assert not find(pack.play(taken("order_matter")), "notified")
    at_once = pack.play(taken("enquiry"), ("2026-11-18 10:05", "answered"), ("2026-11-18 10:06", "closed"))
    assert not find(at_once, "refused")
    assert find(at_once, "clock_stopped", clock="assign", outcome="met")


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"OR1-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 14
    assert [clause.id for clause in pack.pack.clause if clause.running] == ["daily"]
