"""Approvals before a step, assessments, kinds that turn, first receivers, settings, several criteria."""

from __future__ import annotations

import pytest

from huiyin.engine import Standing
from huiyin.engine.steps import open_steps

WED = "2026-11-18 10:00"
RULES = """
[[setting]]
name = "arrange"
clause = "1"
title = "安排"
value = "30min"
[[fact]]
name = "plan"
type = "text"
events = ["noted"]
[[level]]
code = "major"
title = "重大"
kind = "complaint"
clause = "1"
when = { amount = { below = 5000 } }
any_of = [{ via = "media" }, { safety = true }]
owner = "head"
[[level]]
code = "minor"
title = "轻微"
kind = "complaint"
clause = "1"
when = { channel = { not = "phone" } }
owner = "clerk"
[[approval]]
what = "plan"
title = "方案"
clause = "7"
when = { level = "major" }
from = { noted = { plan = { given = true } } }
before = ["completed", "closed"]
post = "chief"
[[assessment]]
name = "late"
title = "考核"
clause = "9"
on = ["chased", "linked"]
when = { kind = "complaint", chased = { at_least = 1 } }
responsible = "owner"
by = "head"
base = [200, 1000]
measures = { talk = "谈话" }
times_when = { chased = { at_least = 2 } }
[[turn]]
clause = "6"
when = { kind = "repair", repetition = { at_least = 3 } }
into = "complaint"
[[escalation]]
clause = "6"
on = "answered"
notify = ["receiver"]
[[gate]]
step = "closed"
clause = "5"
when = { kind = "complaint", compensated = { above = 0 } }
needs = { signed = { by_post = "head" } }
[[clock]]
name = "arrange"
clause = "1"
when = { kind = "repair" }
from = "registered"
until = "assigned"
limit = "setting:arrange"
[[authority]]
clause = "9"
up_to = 100
above = "chief"
[repetition]
clause = "6"
same = ["household"]
per_kind = true
"""
MAJOR = (WED, "registered", {"via": "media", "amount": "10"})
PLAN = ("2026-11-18 10:10", "noted", {"plan": "x", "post": "head"})
DONE = ("2026-11-18 12:00", "completed", {"result": "x"})


def decision(name, post="chief", at="2026-11-18 11:00", **more):
    return (at, name, {"what": "plan", "post": post, **more})


@pytest.fixture(scope="module")
def bench(make):
    return make(RULES)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"via": "media", "amount": "10"}, "major"),
        ({"safety": True, "amount": "10"}, "major"),
        ({"amount": "10"}, "minor"),
        ({"via": "media"}, "minor"),
        ({"channel": "phone"}, None),
        ({"channel": "phone", "level": "major"}, "major"),
    ],
)
def test_a_level_by_several_criteria_or_given_at_registration(bench, facts, level):
    assert bench.case((WED, "registered", facts)).level == level


def test_a_level_given_with_a_report_upward_finds_its_owner(bench, find):
    lines = bench.play((WED, "registered"), ("2026-11-18 10:10", "escalated", {"level": "major"}))
    assert find(lines, "level_set", level="major")
    assert [line["to_post"] for line in find(lines, "escalated")] == ["head"]
    assert (
        bench.case((WED, "registered"), ("2026-11-18 10:10", "amended", {"level": "major"})).owner == "head"
    )


def test_what_must_be_approved_holds_up_the_steps_named(bench, find):
    assert find(bench.play(MAJOR, DONE), "refused", clause="7", missing=["approved"])
    lines = bench.play(MAJOR, PLAN)
    assert find(lines, "approval_required", what="plan", post="chief", clause="7")
    assert not find(bench.play(MAJOR, PLAN, decision("approved"), DONE), "refused")
    assert not find(bench.play((WED, "registered"), DONE), "refused")
    assert find(bench.play(MAJOR, PLAN, ("2026-11-18 12:00", "closed")), "refused", reason="approval_awaited")


def test_a_refused_approval_is_none_until_presented_and_approved_anew(bench, find):
    refused = [MAJOR, PLAN, decision("approved"), decision("declined", at="2026-11-18 11:10")]
    assert find(bench.play(*refused, DONE), "refused", missing=["approved"])
    assert not bench.case(*refused).approvals
    again = [*refused, ("2026-11-18 11:20", "noted", {"plan": "y"})]
    assert bench.case(*again).approvals[0].what == "plan"
    assert find(bench.play(*again, DONE), "refused", missing=["approved"])
    assert not find(bench.play(*again, decision("approved", at="2026-11-18 11:30"), DONE), "refused")


def test_only_the_post_named_decides_it(bench, find):
    lines = bench.play(MAJOR, PLAN, decision("approved", "head"), DONE)
    assert [line["event"] for line in find(lines, "refused", clause="7")] == ["approved", "completed"]


def test_an_approval_is_no_longer_awaited_where_the_rule_ceases_to_apply(bench):
    assert not bench.case(MAJOR, PLAN, ("2026-11-18 10:30", "amended", {"level": "minor"})).approvals


CHASED = [(WED, "registered"), ("2026-11-18 11:00", "chased")]


def decide(post="head", at="2026-11-18 12:00", **more):
    fields = {"assessment": "late", "decision": "confirmed", "amount": "300", "post": post, **more}
    return (at, "assessed", fields)


def test_an_assessment_is_proposed_with_its_bounds_and_whom_it_concerns(bench, find):
    lines = bench.play(*CHASED)
    (line,) = find(lines, "action_required", clause="9")
    assert line["action"] == "assess"
    assert line["params"] == {
        "assessment": "late", "responsible": "clerk", "post": "head", "amount_from": "200",
        "amount_to": "1000", "times": 1, "measures": ["talk"],
    }  # fmt: skip
    assert find(lines, "required", what="assessed", clause="9")
    assert find(lines, "notified", post="head", what="assessed")
    assert not find(bench.play((WED, "registered")), "action_required")


def test_it_is_doubled_and_takes_the_place_of_one_not_yet_decided(bench, find):
    more = ("2026-11-18 11:30", "chased")
    standing = bench.case(*CHASED, more)
    assert [(one.low, one.high, one.times) for one in standing.assessments] == [("400", "2000", 2)]
    both = bench.case(*CHASED, decide(at="2026-11-18 11:10"), more).assessments
    assert [one.state for one in both] == ["confirmed", "proposed"]
    assert len(find(bench.play(*CHASED, more, ("2026-11-18 11:40", "chased")), "action_required")) == 2
    assert Standing.from_dict(standing.to_dict()) == standing


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"amount": "199"}, "amount_out_of_range"),
        ({"amount": "1001"}, "amount_out_of_range"),
        ({"amount": None}, "missing"),
        ({"measure": "shout"}, "unknown_measure"),
        ({"assessment": "other"}, "no_assessment"),
        ({"decision": "appealed"}, "assessment_state"),
        ({"post": "clerk"}, "post"),
        ({"person": "li", "actor": "li"}, "same_person"),
    ],
)
def test_a_decision_outside_the_rule_is_refused(bench, find, fields, reason):
    (line,) = find(bench.play(*CHASED, decide(**fields)), "refused")
    assert line["reason"] == reason


def test_a_decision_settles_it_and_an_appeal_takes_another_post(bench, find):
    story = [*CHASED, decide()]
    (made,) = bench.case(*story).assessments
    assert (made.state, made.amount, made.decided_by) == ("confirmed", "300", "head")
    assert not any(one.what == "assessed" for one in bench.case(*story).required)
    appealed = [*story, decide(at="2026-11-18 13:00", decision="appealed")]
    assert any(one.what == "assessed" for one in bench.case(*appealed).required)
    same = bench.play(*appealed, decide(at="2026-11-18 14:00"))
    assert find(same, "refused", reason="same_judge", clause="9")
    dropped = bench.case(*appealed, decide("chief", "2026-11-18 14:00", decision="dropped"))
    assert (dropped.assessments[0].state, dropped.assessments[0].amount) == ("dropped", None)
    talk = bench.case(*CHASED, decide(amount=None, measure="talk"))
    assert talk.assessments[0].measure == "talk"


def test_it_may_be_decided_after_closing(bench, find):
    story = [*CHASED, ("2026-11-18 11:30", "closed"), decide()]
    assert not find(bench.play(*story), "refused")
    assert bench.case(*story).assessments[0].state == "confirmed"


def test_who_may_decide_is_shown_as_a_step(bench, at):
    standing = bench.case(*CHASED)

    def step(post):
        steps = open_steps(standing, bench.procedure, bench.calendar, at("2026-11-18 12:00"), post=post)
        return next(one for one in steps if one.event == "assessed")

    assert (step("head").allowed, step("head").needed) == (True, True)
    assert step("chief").allowed
    assert not step("clerk").allowed


REPAIRS = [
    (f"2026-11-{day} 10:00", "registered", {"case": f"c{day}", "kind": "repair", "household": "h"})
    for day in (16, 17, 18)
]


def test_a_kind_turns_into_another(bench, find, iso):
    lines = bench.play(*REPAIRS)
    (line,) = find(lines, "kind_set")
    assert (line["case"], line["kind"], line["from"], line["clause"]) == ("c18", "complaint", "repair", "6")
    assert find(lines, "level_set", case="c18", level="minor")
    assert not find(lines, "clock_started", case="c18", clock="arrange")
    assert find(lines, "clock_started", case="c17", clock="arrange", due=iso("2026-11-17 10:30"))


def test_each_kind_counts_its_own_and_what_turned_counts_with_both(bench, find):
    fourth = ("2026-11-19 10:00", "registered", {"case": "c19", "kind": "repair", "household": "h"})
    assert find(bench.play(*REPAIRS, fourth), "kind_set", case="c19")
    complaints = [(at, name, {**data, "kind": "complaint"}) for at, name, data in REPAIRS]
    assert not find(bench.play(*complaints[:2], REPAIRS[2]), "kind_set")


def test_the_first_receiver_is_told(bench, find):
    story = [(WED, "registered", {"post": "clerk"}), ("2026-11-18 11:00", "assigned", {"to_post": "head"})]
    lines = bench.play(*story, ("2026-11-18 12:00", "answered"))
    (line,) = find(lines, "notified", what="answered")
    assert (line["post"], line["as"]) == ("clerk", "receiver")
    assert not find(bench.play((WED, "registered"), ("2026-11-18 12:00", "answered")), "notified")


PAID = [(WED, "registered", {"post": "clerk"}), ("2026-11-18 11:00", "compensated", {"amount": "60"})]


def test_a_need_may_ask_for_the_post_that_did_it(bench, find):
    closed = ("2026-11-18 13:00", "closed")
    clerk = ("2026-11-18 12:00", "signed", {"post": "clerk"})
    head = ("2026-11-18 12:00", "signed", {"post": "head"})
    assert find(bench.play(*PAID, clerk, closed), "refused", clause="5", missing=["signed"])
    assert not find(bench.play(*PAID, head, closed), "refused")


def test_a_declined_payment_was_not_made_and_splitting_changes_nothing(bench, find):
    split = [*PAID, ("2026-11-18 11:10", "compensated", {"amount": "60"})]
    assert find(bench.play(*split), "approval_required", amount="120", post="chief")
    no = ("2026-11-18 11:20", "declined", {"what": "compensated", "post": "chief"})
    assert bench.case(*split, no).compensated == "60"
    more = [*split, ("2026-11-18 11:15", "compensated", {"amount": "5"}), no]
    assert bench.case(*more).compensated == "60"
    again = [*split, no, ("2026-11-18 11:30", "compensated", {"amount": "50"})]
    assert find(bench.play(*again), "approval_required", amount="110")


def test_who_approves_needs_no_approval(bench, find):
    own = ("2026-11-18 11:00", "compensated", {"amount": "500", "post": "chief"})
    assert not find(bench.play((WED, "registered"), own), "approval_required")
