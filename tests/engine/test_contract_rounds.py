"""Rounds, closing, refusing: the sentences about what a case still takes, and what comes of it."""

from __future__ import annotations

import pytest

WED = "2026-11-18 10:00"

RULES = """
[[clock]]
name = "answer"
clause = "1"
when = { validity = ["valid", "unjudged"] }
from = "registered"
until = "answered"
limit = ["asked", "2wd"]
[[clock]]
name = "explain"
clause = "1"
when = { validity = "invalid" }
from = "judged"
until = "answered"
limit = "1wd"
[[gate]]
step = "closed"
clause = "7"
when = { validity = "valid" }
needs = { followed_up = { outcome = ["satisfied", "fairly_satisfied"] }, answered = {} }
exception = { approved_by = "superior", records = ["attempts", "recourse_offered"] }
"""
VALID = [
    (WED, "registered"),
    ("2026-11-18 11:00", "judged", {"validity": "valid"}),
    ("2026-11-18 12:00", "answered"),
]
CLOSED = [
    *VALID,
    ("2026-11-18 14:00", "followed_up", {"outcome": "satisfied"}),
    ("2026-11-18 15:00", "closed"),
]


@pytest.fixture(scope="module")
def bench(make):
    return make(RULES)


# A dissatisfied follow-up gives `reopened` even when the case is open, and begins a round.


@pytest.mark.parametrize("before", [VALID, CLOSED], ids=["open", "closed"])
def test_a_dissatisfied_follow_up_reopens_and_begins_a_round(bench, find, before):
    story = [*before, ("2026-11-20 10:00", "followed_up", {"outcome": "dissatisfied"})]
    (line,) = find(bench.play(*story), "reopened")
    assert (line["reason"], line["round"], line["clause"]) == ("dissatisfied", 2, "6")
    standing = bench.case(*story)
    assert standing.open
    assert standing.round == 2
    assert standing.closed_at is None
    assert standing.state == "registered"


@pytest.mark.parametrize("outcome", ["satisfied", "fairly_satisfied", "unreachable", "declined"])
def test_no_other_outcome_begins_a_round(bench, find, outcome):
    assert not find(
        bench.play(*CLOSED, ("2026-11-20 10:00", "followed_up", {"outcome": outcome})), "reopened"
    )


# … clocks start from that event, an old `answer_by` falls away, gates read the round's entries.


def test_in_a_new_round_clocks_start_from_the_follow_up(bench, find, iso):
    lines = bench.play(*VALID, ("2026-11-20 10:00", "followed_up", {"outcome": "dissatisfied"}))
    assert find(lines, "clock_started", at=iso("2026-11-20 10:00"), due=iso("2026-11-24 18:00"))


def test_a_clock_that_still_runs_begins_anew_with_the_round(bench, find, iso):
    lines = bench.play((WED, "registered"), ("2026-11-19 10:00", "followed_up", {"outcome": "dissatisfied"}))
    assert find(lines, "clock_stopped", outcome="void", at=iso("2026-11-19 10:00"))
    assert [line["due"] for line in find(lines, "clock_started")] == [
        iso("2026-11-20 18:00"),
        iso("2026-11-23 18:00"),
    ]


def test_in_a_new_round_an_invalid_complaint_is_explained_again(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "judged", {"validity": "invalid"}),
        ("2026-11-18 12:00", "answered"),
        ("2026-11-20 10:00", "followed_up", {"outcome": "dissatisfied"}),
    )
    assert find(lines, "clock_started", clock="explain", due=iso("2026-11-23 18:00"))
    assert len(find(lines, "clock_started", clock="answer")) == 1


def test_in_a_new_round_an_old_answer_by_falls_away(bench, find, iso):
    story = [
        (WED, "registered", {"answer_by": iso("2026-12-18 10:00")}),
        *VALID[1:],
        ("2026-11-20 10:00", "followed_up", {"outcome": "dissatisfied"}),
    ]
    assert find(bench.play(*story), "clock_started", due=iso("2026-11-24 18:00"))
    assert "answer_by" not in bench.case(*story).facts


def test_gates_read_the_rounds_entries(bench, find):
    again = [*CLOSED, ("2026-11-20 10:00", "followed_up", {"outcome": "dissatisfied"})]
    (line,) = find(bench.play(*again, ("2026-11-20 11:00", "closed")), "refused")
    assert line["missing"] == ["followed_up", "answered"]
    done = bench.play(
        *again,
        ("2026-11-20 11:00", "answered"),
        ("2026-11-20 12:00", "followed_up", {"outcome": "satisfied"}),
        ("2026-11-20 13:00", "closed"),
    )
    assert not find(done, "refused")
    assert len(find(done, "closed")) == 2


# An unreachable or declining customer is closed only through the gate's exception.


@pytest.mark.parametrize("outcome", ["unreachable", "declined"])
def test_an_unreachable_or_declining_customer_is_closed_only_through_the_exception(bench, find, outcome):
    story = [*VALID, ("2026-11-19 10:00", "followed_up", {"outcome": outcome})]
    refused = bench.play(*story, ("2026-11-19 11:00", "closed"))
    assert find(refused, "refused", event="closed", clause="7", missing=["followed_up"])
    approved = [
        *story,
        ("2026-11-19 11:00", "approved", {"what": "closed", "post": "head", "recourse_offered": True}),
        ("2026-11-19 12:00", "closed"),
    ]
    (closed,) = find(bench.play(*approved), "closed")
    assert closed["by_exception"] is True
    assert "by_exception" not in find(bench.play(*CLOSED), "closed")[0]


@pytest.mark.parametrize(
    "approval",
    [
        {"what": "closed", "post": "clerk", "recourse_offered": True},
        {"what": "closed", "post": "head"},
        {"what": "compensated", "post": "head", "recourse_offered": True},
    ],
    ids=["not the superior", "no recourse offered", "something else"],
)
def test_the_exception_takes_its_post_and_its_records(bench, find, approval):
    lines = bench.play(
        *VALID,
        ("2026-11-19 10:00", "followed_up", {"outcome": "unreachable"}),
        ("2026-11-19 11:00", "approved", approval),
        ("2026-11-19 12:00", "closed"),
    )
    assert find(lines, "refused", event="closed")


def test_a_post_above_the_superior_may_approve_and_records_may_be_words(bench, find):
    lines = bench.play(
        *VALID,
        ("2026-11-19 11:00", "approved", {"what": "closed", "post": "chief"}),
        ("2026-11-19 12:00", "closed", {"records": ["attempts", "recourse_offered"]}),
    )
    assert find(lines, "closed")


def test_no_attempt_on_record_no_exception(bench, find):
    lines = bench.play(
        *VALID,
        ("2026-11-19 11:00", "approved", {"what": "closed", "post": "head", "recourse_offered": True}),
        ("2026-11-19 12:00", "closed"),
    )
    assert find(lines, "refused", event="closed")


def test_an_approval_declined_afterwards_is_none(bench, find):
    lines = bench.play(
        *VALID,
        ("2026-11-19 10:00", "followed_up", {"outcome": "unreachable"}),
        ("2026-11-19 11:00", "approved", {"what": "closed", "post": "head", "recourse_offered": True}),
        ("2026-11-19 11:30", "declined", {"what": "closed", "post": "head"}),
        ("2026-11-19 12:00", "closed"),
    )
    assert find(lines, "refused", event="closed")


# After closing only noted, linked, unlinked, chased, followed_up, appealed, reopened are accepted.

AFTER = {
    "noted": {},
    "linked": {"to": "c2", "relation": "related"},
    "unlinked": {"to": "c2"},
    "chased": {},
    "followed_up": {"outcome": "satisfied"},
    "appealed": {},
    "reopened": {},
}
NOT_AFTER = {
    "acknowledged": {}, "admitted": {}, "returned": {}, "amended": {}, "judged": {"validity": "valid"},
    "assigned": {}, "accepted": {}, "contacted": {},
    "promised": {"what": "visit", "by": "2026-11-21T10:00:00+08:00"},
    "answered": {}, "completed": {}, "confirmed": {}, "escalated": {}, "compensated": {"amount": "1"},
    "approved": {"what": "closed"}, "declined": {"what": "closed"}, "forwarded": {"party": "developer"},
    "slip_issued": {"slip": "s"}, "slip_received": {"slip": "s"}, "slip_answered": {"slip": "s"},
    "slip_finished": {"slip": "s"}, "slip_evaluated": {"slip": "s"},
    "paused": {}, "resumed": {}, "signed": {},
    "closed": {}, "withdrawn": {}, "voided": {},
}  # fmt: skip


@pytest.mark.parametrize("event", AFTER)
def test_after_closing_these_are_accepted(bench, find, event):
    assert not find(bench.play(*CLOSED, ("2026-11-20 10:00", event, AFTER[event])), "refused")


@pytest.mark.parametrize("event", NOT_AFTER)
def test_after_closing_everything_else_is_refused(bench, find, event):
    (line,) = find(bench.play(*CLOSED, ("2026-11-20 10:00", event, NOT_AFTER[event])), "refused")
    assert (line["event"], line["reason"], line["clause"]) == (event, "closed", None)


def test_the_two_lists_are_the_whole_vocabulary():
    from huiyin.engine.vocabulary import EVENTS

    # an assessment, where a rule proposes one, may be decided after closing
    assert set(AFTER) | set(NOT_AFTER) | {"registered", "assessed"} == set(EVENTS)


@pytest.mark.parametrize("end", ["returned", "withdrawn", "voided"])
def test_returned_withdrawn_and_voided_end_a_case_too(bench, find, end):
    story = [(WED, "registered"), ("2026-11-18 11:00", end, {"reason": "x"})]
    lines = bench.play(*story, ("2026-11-18 12:00", "answered"))
    (closed,) = find(lines, "closed")
    assert closed["as"] == end
    assert find(lines, "refused", event="answered", reason=end)
    assert not bench.case(*story).open


def test_reopening_by_hand_begins_a_round_and_only_after_closing(bench, find, iso):
    lines = bench.play(*CLOSED, ("2026-11-20 10:00", "reopened", {"reason": "x"}))
    assert find(lines, "reopened", reason="requested", round=2)
    assert find(lines, "clock_started", at=iso("2026-11-20 10:00"))
    assert find(bench.play(*VALID, ("2026-11-20 10:00", "reopened")), "refused", reason="not_closed")


def test_an_appeal_after_closing_opens_the_case_again(bench, find, iso):
    story = [*CLOSED, ("2026-11-20 10:00", "appealed")]
    lines = bench.play(*story)
    assert find(lines, "reopened", reason="appealed")
    assert find(lines, "clock_started", clock="answer", due=iso("2026-11-24 18:00"))
    assert bench.case(*story).open
    assert bench.case(*story).round == 2


# Closing voids running clocks.


def test_closing_voids_running_clocks(make, find):
    bench = make(
        RULES
        + """
[[clock]]
name = "check"
clause = "1"
from = "answered"
until = "signed"
limit = "3wd"
"""
    )
    lines = bench.play(*CLOSED, until="2026-12-31 00:00")
    assert find(lines, "clock_stopped", clock="check", outcome="void")
    assert not find(lines, "breached")


def test_a_clock_that_waits_for_the_closing_is_met_by_it(make, find):
    bench = make("""
[[clock]]
name = "whole"
clause = "1"
from = "registered"
until = "closed"
limit = "3wd"
""")
    assert find(
        bench.play((WED, "registered"), ("2026-11-19 10:00", "closed")), "clock_stopped", outcome="met"
    )
    late = bench.play((WED, "registered"), ("2026-11-29 10:00", "closed"))
    assert find(late, "clock_stopped", outcome="late")
    assert find(
        bench.play((WED, "registered"), ("2026-11-19 10:00", "withdrawn")), "clock_stopped", outcome="void"
    )


# A refused event gives `refused` and changes nothing else.


def test_a_refused_event_gives_refused_and_changes_nothing_else(bench, find):
    lines = bench.play(*VALID, ("2026-11-18 13:00", "closed"))
    made = [line for line in lines if line["at"].startswith("2026-11-18T13:00")]
    assert [line["effect"] for line in made] == ["refused"]
    assert set(made[0]) == {"at", "case", "effect", "clause", "event", "reason", "missing", "params"}
    assert (made[0]["reason"], made[0]["clause"]) == ("missing", "7")
    assert bench.case(*VALID) == bench.case(*VALID, ("2026-11-18 13:00", "closed"))


def test_a_refused_registration_registers_nothing_and_uses_no_number(bench, find, iso):
    lines = bench.play(
        (WED, "registered", {"case": "c1", "answer_by": iso("2026-11-17 10:00")}),
        ("2026-11-18 10:01", "answered", {"case": "c1"}),
        ("2026-11-18 10:02", "registered", {"case": "c2"}),
    )
    assert find(lines, "refused", case="c1", event="answered", reason="not_registered", clause=None)
    assert [line["number"] for line in find(lines, "number_given")] == ["N-2026-001"]


def test_registered_twice_is_refused(bench, find):
    lines = bench.play((WED, "registered"), ("2026-11-18 11:00", "registered"))
    assert find(lines, "refused", event="registered", reason="already_registered")


# Where `actor` and `post` are given, who-may-act rules apply.


def test_who_may_act_is_asked_only_where_the_post_is_given(bench, find):
    story = [(WED, "registered"), ("2026-11-18 11:00", "judged", {"validity": "valid", "post": "guard"})]
    (line,) = find(bench.play(*story), "refused")
    assert (line["reason"], line["clause"]) == ("post_may_not", "7")
    assert line["params"] == {"post": "guard", "may": "judge"}
    assert not find(bench.play(story[0], ("2026-11-18 11:00", "judged", {"validity": "valid"})), "refused")


def test_a_gates_posts_and_other_persons_are_asked_only_where_given(make, find):
    bench = make("""
[[gate]]
step = "followed_up"
clause = "7"
posts = ["head", "owner"]
other_than = "answered"
""")
    answered = [(WED, "registered"), ("2026-11-18 11:00", "answered", {"actor": "zhang", "post": "clerk"})]

    def follow(**who):
        return find(
            bench.play(*answered, ("2026-11-18 12:00", "followed_up", {"outcome": "satisfied", **who})),
            "refused",
        )

    assert follow(actor="zhang", post="head")[0]["reason"] == "same_person"
    assert follow(actor="wang", post="chief")[0]["reason"] == "post"
    assert follow(actor="wang", post="chief")[0]["params"]["posts"] == ["head", "clerk"]
    assert not follow(actor="wang", post="clerk")
    assert not follow(actor="wang")
    assert not follow()


# `historic: true` is never refused, and what a gate would have demanded appears as `required`.


def test_history_is_never_refused_and_what_a_gate_would_have_demanded_is_required(bench, find):
    past = {"historic": True}
    story = [
        (WED, "registered", past),
        ("2026-11-18 11:00", "judged", {"validity": "valid", **past}),
        ("2026-11-18 12:00", "closed", past),
    ]
    lines = bench.play(*story)
    assert not find(lines, "refused")
    assert find(lines, "closed")
    assert [(line["what"], line["clause"]) for line in find(lines, "required")] == [
        ("followed_up", "7"),
        ("answered", "7"),
    ]
    standing = bench.case(*story)
    assert [one.what for one in standing.required] == ["followed_up", "answered"]
    later = bench.case(*story, ("2026-11-19 10:00", "followed_up", {"outcome": "satisfied", **past}))
    assert [one.what for one in later.required] == ["answered"]


def test_history_is_not_refused_by_the_engine_either(bench, find, iso):
    past = {"historic": True}
    lines = bench.play(
        (WED, "registered", {**past, "answer_by": iso("2026-11-17 10:00")}),
        ("2026-11-18 11:00", "judged", {**past, "validity": "valid", "post": "guard"}),
        ("2026-11-18 11:10", "judged", {**past, "validity": "valid", "post": "left long ago"}),
        ("2026-11-18 12:00", "withdrawn", past),
        ("2026-11-18 12:30", "answered", past),
        ("2026-11-18 12:40", "paused", past),
    )
    assert not find(lines, "refused")
    assert find(lines, "clock_started", due=iso("2026-11-20 18:00"))


# `clause` is one id of the pack, null only where the engine itself refuses.


def test_the_clause_is_one_id_of_the_pack_and_null_only_where_the_engine_refuses(pm1, iso):
    known = {clause.id for clause in pm1.pack.clause}
    lines = pm1.play(
        (WED, "registered", {"urgency": "urgent", "answer_by": iso("2026-11-18 12:00")}),
        ("2026-11-18 10:10", "promised", {"what": "visit", "by": iso("2026-11-18 11:00")}),
        (
            "2026-11-18 10:20",
            "slip_issued",
            {"slip": "s1", "form": "work_slip", "reply_by": iso("2026-11-18 11:30")},
        ),
        ("2026-11-18 13:00", "paused", {"reason": "x"}),
        ("2026-11-18 14:00", "closed"),
        ("2026-11-18 15:00", "judged", {"validity": "valid", "reason": "x"}),
        ("2026-11-18 16:00", "answered"),
        ("2026-11-18 17:00", "followed_up", {"outcome": "dissatisfied"}),
        ("2026-11-18 17:10", "escalated"),
        ("2026-11-18 17:20", "withdrawn"),
        ("2026-11-18 17:30", "answered"),
    )
    nulls = {(line["effect"], line["reason"]) for line in lines if line["clause"] is None}
    assert nulls == {("refused", "withdrawn")}
    assert {line["clause"] for line in lines} - {None} <= known
    assert {line["effect"] for line in lines} >= {
        "breached",
        "warned",
        "escalated",
        "notified",
        "reopened",
        "closed",
    }


# `reason` is a code with parameters; amounts are decimal strings; times are in the pack's zone to the second.


def test_amounts_are_decimal_strings_and_times_are_in_the_packs_zone_to_the_second(make, find):
    bench = make("""
[[authority]]
clause = "9"
up_to = 100
above = "chief"
""")
    lines = bench.play((WED, "registered"), ("2026-11-18 11:00", "compensated", {"amount": 100.1}))
    assert find(lines, "approval_required", amount="100.1", post="chief", clause="9")
    text = '{"at": "2026-11-18T02:00:00.900Z", "case": "c", "event": "registered", "kind": "complaint"}'
    from huiyin.engine.simulate import read_lines, simulate

    effects = simulate(read_lines([text], bench.procedure, bench.calendar), bench.procedure, bench.calendar)
    assert {effect.to_dict()["at"] for effect in effects} == {"2026-11-18T10:00:00+08:00"}
