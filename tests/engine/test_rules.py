"""Rule kinds beyond clocks: levels, owners, authority, escalation, repetition, triggers, slips, demands."""

from __future__ import annotations

import pytest

from huiyin.engine import step
from huiyin.engine.triggers import rising

WED = "2026-11-18 10:00"
REGISTERED = (WED, "registered")

LEVELS = """
[[level]]
code = "major"
title = "重大"
kind = "complaint"
clause = "1"
when = { via = "media" }
owner = "chief"
[[level]]
code = "minor"
title = "轻微"
kind = "complaint"
clause = "1"
when = { amount = { at_most = 100 } }
owner = "clerk"
[[level]]
code = "serious"
title = "较重"
kind = "complaint"
clause = "1"
owner = "head"
[[clock]]
name = "answer"
clause = "1"
when = { level = "major" }
from = "registered"
until = "answered"
limit = "1h"
[[clock]]
name = "answer"
clause = "1"
from = "registered"
until = "answered"
limit = "2h"
"""


def test_the_first_level_whose_criteria_match_sets_level_and_owner(make, find, iso):
    bench = make(LEVELS)

    def levels(**facts):
        lines = bench.play((WED, "registered", facts))
        return (
            find(lines, "level_set")[0]["level"],
            find(lines, "owner_set")[0]["post"],
            find(lines, "clock_started")[0]["due"],
        )

    assert levels(via="media", amount=5) == ("major", "chief", iso("2026-11-18 11:00"))
    assert levels(amount=100) == ("minor", "clerk", iso("2026-11-18 12:00"))
    assert levels(amount="100.01") == ("serious", "head", iso("2026-11-18 12:00"))
    assert levels() == ("serious", "head", iso("2026-11-18 12:00"))


def test_a_judged_level_wins_and_moves_owner_and_clock(make, find, iso):
    bench = make(LEVELS)
    lines = bench.play(REGISTERED, ("2026-11-18 10:10", "judged", {"validity": "valid", "level": "major"}))
    assert find(lines, "level_set", level="major")
    assert find(lines, "owner_set", post="chief")
    assert find(lines, "clock_changed", due=iso("2026-11-18 11:00"))


def test_an_owner_chosen_by_hand_stays_when_facts_change_but_not_when_the_level_does(make, find):
    bench = make(LEVELS)
    story = [REGISTERED, ("2026-11-18 10:10", "assigned", {"to_post": "clerk"})]
    same = bench.play(*story, ("2026-11-18 10:20", "amended", {"place": "B2"}))
    assert [line["post"] for line in find(same, "owner_set")] == ["head", "clerk"]
    other = bench.play(*story, ("2026-11-18 10:20", "amended", {"via": "media"}))
    assert [line["post"] for line in find(other, "owner_set")] == ["head", "clerk", "chief"]


OWNERS = """
[[category]]
code = "lift"
title = "电梯"
owner = "head"
[[category]]
code = "doors"
title = "轿门"
parent = "lift"
[[owner]]
clause = "6"
when = { category = "lift", urgency = "urgent" }
post = "chief"
"""


def test_owners_by_rule_then_by_category_then_by_kind(make, find):
    bench = make(OWNERS)

    def owner(**facts):
        (line,) = find(bench.play((WED, "registered", facts)), "owner_set")
        return line["post"], line["clause"]

    assert owner(category="lift", urgency="urgent") == ("chief", "6")
    assert owner(category="doors", urgency="urgent") == ("chief", "6")
    assert owner(category="lift") == ("head", "1")
    assert owner() == ("clerk", "1")


def test_the_owner_by_rule_follows_the_facts(make, find):
    lines = make(OWNERS).play(
        REGISTERED, ("2026-11-18 10:10", "amended", {"category": "lift", "urgency": "urgent"})
    )
    assert [line["post"] for line in find(lines, "owner_set")] == ["clerk", "chief"]


AUTHORITY = """
[[authority]]
clause = "9"
post = "clerk"
up_to = 100
above = "head"
[[authority]]
clause = "9"
post = "head"
up_to = "200.00"
above = "chief"
[[authority]]
clause = "9"
post = "chief"
up_to = 1000000
above = "chief"
"""


def test_a_post_decides_alone_up_to_and_including_its_amount(make, find):
    bench = make(AUTHORITY)

    def pay(amount, post):
        return find(
            bench.play(REGISTERED, ("2026-11-18 11:00", "compensated", {"amount": amount, "post": post})),
            "approval_required",
        )

    assert not pay("100", "clerk")
    assert [(line["post"], line["amount"], line["what"]) for line in pay("100.01", "clerk")] == [
        ("head", "100.01", "compensated")
    ]
    assert not pay("200", "head")
    assert pay("201", "head")[0]["post"] == "chief"
    assert not pay("999", "chief")


def test_without_a_post_the_owners_authority_counts(make, find):
    lines = make(AUTHORITY).play(REGISTERED, ("2026-11-18 11:00", "compensated", {"amount": 150}))
    assert find(lines, "approval_required", post="head")


def test_amounts_add_up_so_that_splitting_is_seen(make, find):
    bench = make(AUTHORITY)
    pay = {"amount": "60", "post": "clerk"}
    story = [REGISTERED, ("2026-11-18 11:00", "compensated", pay), ("2026-11-18 11:10", "compensated", pay)]
    lines = bench.play(*story)
    assert find(lines, "approval_required", amount="120", at=lines[-1]["at"])
    standing = bench.case(*story)
    assert standing.compensated == "120"
    assert standing.approvals[0].post == "head"


def test_an_awaited_approval_keeps_the_case_open_until_it_is_decided(make, find):
    bench = make(AUTHORITY)
    story = [REGISTERED, ("2026-11-18 11:00", "compensated", {"amount": "150", "post": "clerk"})]
    (line,) = find(bench.play(*story, ("2026-11-18 12:00", "closed")), "refused")
    assert (line["reason"], line["clause"], line["missing"]) == ("approval_awaited", "9", ["approved"])
    low = [*story, ("2026-11-18 11:30", "approved", {"what": "compensated", "post": "head"})]
    assert not bench.case(*low).approvals
    assert not find(bench.play(*low, ("2026-11-18 12:00", "closed")), "refused")
    declined = [*story, ("2026-11-18 11:30", "declined", {"what": "compensated", "post": "chief"})]
    assert not bench.case(*declined).approvals
    other = [*story, ("2026-11-18 11:30", "approved", {"what": "closed", "post": "chief"})]
    assert bench.case(*other).approvals


def test_a_post_below_the_one_that_approves_settles_nothing(make):
    bench = make(AUTHORITY)
    story = [REGISTERED, ("2026-11-18 11:00", "compensated", {"amount": "250", "post": "head"})]
    assert bench.case(
        *story, ("2026-11-18 11:30", "approved", {"what": "compensated", "post": "head"})
    ).approvals


@pytest.mark.parametrize(
    ("approval", "asked"),
    [
        ({"event": "approved", "amount": "200", "post": "head"}, False),
        ({"event": "approved", "post": "chief"}, False),
        ({"event": "approved", "amount": "100", "post": "head"}, True),
        ({"event": "approved", "amount": "200", "post": "clerk"}, True),
        ({"event": "declined", "amount": "200", "post": "head"}, True),
    ],
)
def test_an_approval_given_beforehand_covers_its_amount(make, find, approval, asked):
    fields = {"what": "compensated", **approval}
    event = fields.pop("event")
    bench = make(AUTHORITY)
    lines = bench.play(
        REGISTERED,
        ("2026-11-18 10:30", event, {**fields, "historic": True}),
        ("2026-11-18 11:00", "compensated", {"amount": "150", "post": "clerk"}),
    )
    assert bool(find(lines, "approval_required")) is asked


REPETITION = """
[repetition]
clause = "1"
same = ["household", "category"]
kinds = ["complaint"]
window = "30d"
[[escalation]]
clause = "6"
on = "registered"
when = { repetition = { at_least = 2 } }
to = "chief"
reason = "repetition"
"""


def test_repetition_counts_the_same_problem_within_its_window(make, find):
    bench = make(REPETITION)
    same = {"household": "h1", "category": "leak"}
    lines = bench.play(
        ("2026-10-01 10:00", "registered", {"case": "old", **same}),
        ("2026-11-01 10:00", "registered", {"case": "a", **same}),
        ("2026-11-02 10:00", "registered", {"case": "b", **same}),
        ("2026-11-03 10:00", "registered", {"case": "c", "household": "h1", "category": "noise"}),
        ("2026-11-04 10:00", "registered", {"case": "d", "household": "h2", "category": "leak"}),
        ("2026-11-05 10:00", "registered", {"case": "e", "household": "h1"}),
        ("2026-11-06 10:00", "registered", {"case": "f", "kind": "repair", **same}),
    )
    assert [(line["case"], line["to_post"]) for line in find(lines, "escalated", reason="repetition")] == [
        ("b", "chief")
    ]
    assert find(lines, "owner_set", case="b", post="chief")


def test_facts_from_outside_are_kept_among_the_facts(make, at):
    bench = make(REPETITION)
    (event,) = bench.events(REGISTERED)
    standing, effects = step(
        None, event, {"repetition": 3, "number": "N-2026-077"}, bench.procedure, bench.calendar
    )
    assert standing.facts["repetition"] == 3
    assert "number" not in standing.facts
    assert standing.number == "N-2026-077"
    assert {effect.effect for effect in effects} == {"number_given", "owner_set", "escalated"}


@pytest.mark.parametrize(
    ("totals", "runs", "expected"),
    [
        ([1, 2, 3, 4], 3, True),
        ([9, 1, 2, 3, 4], 3, True),
        ([1, 2, 3], 3, False),
        ([1, 2, 2, 3], 3, False),
        ([4, 3, 2, 1], 3, False),
        ([1, 2], 1, True),
    ],
)
def test_rising_is_strict_and_counts_the_steps(totals, runs, expected):
    assert rising(totals, runs) is expected


def test_three_rises_in_a_row_demand_an_action_at_the_end_of_the_month(make, find, iso):
    bench = make("""
[[trigger]]
name = "three rises"
kind = "rising"
clause = "1"
when = { kind = "complaint" }
runs = 3
action = "corrective"
""")
    story = [
        (f"2026-0{month}-{day + 1:02} 10:00", "registered", {"case": f"{month}{day}"})
        for month, count in ((1, 1), (2, 2), (3, 3), (4, 4))
        for day in range(count)
    ]
    story.append(("2026-04-20 10:00", "registered", {"case": "r", "kind": "repair"}))
    (line,) = find(bench.play(*story, until="2026-06-30 00:00"), "action_required")
    assert line["at"] == iso("2026-05-01 00:00")
    assert line["params"]["figures"] == [1, 2, 3, 4]
    assert (line["unit"], line["action"], line["reason"]) == ("", "corrective", "rising")
    assert not find(bench.play(*story, until="2026-04-30 23:59"), "action_required")


SLIPS = """
[[slip]]
code = "contact"
title = "内部联络书"
clause = "1"
receive = "30min"
reply = "2h"
finish = "2wd"
on_breach = { escalate = "superior" }
"""
ISSUED = ("2026-11-18 10:00", "slip_issued", {"slip": "s1", "form": "contact"})


def test_a_slip_runs_its_own_clocks(make, find, iso):
    bench = make(SLIPS)
    lines = bench.play(REGISTERED, ISSUED, until="2026-11-18 12:00")
    assert [(line["clock"], line["slip"], line["due"]) for line in find(lines, "clock_started")] == [
        ("slip_receive", "s1", iso("2026-11-18 10:30")),
        ("slip_reply", "s1", iso("2026-11-18 12:00")),
        ("slip_finish", "s1", iso("2026-11-20 18:00")),
    ]
    assert [line["clock"] for line in find(lines, "breached")] == ["slip_receive", "slip_reply"]
    done = bench.play(
        REGISTERED,
        ISSUED,
        ("2026-11-18 10:10", "slip_received", {"slip": "s1"}),
        ("2026-11-18 10:20", "slip_answered", {"slip": "s1"}),
        ("2026-11-18 10:30", "slip_finished", {"slip": "s1"}),
    )
    assert [line["clock"] for line in find(done, "clock_stopped", outcome="met")] == [
        "slip_receive",
        "slip_reply",
        "slip_finish",
    ]


def test_slips_of_one_form_do_not_stop_each_others_clocks(make, find):
    lines = make(SLIPS).play(
        REGISTERED,
        ISSUED,
        ("2026-11-18 10:00", "slip_issued", {"slip": "s2", "form": "contact"}),
        ("2026-11-18 10:20", "slip_answered", {"slip": "s2"}),
    )
    assert {line["slip"] for line in find(lines, "clock_stopped")} == {"s2"}


def test_a_reply_may_say_when_it_will_be_done(make, find, iso):
    bench = make(SLIPS.replace('finish = "2wd"\n', ""))
    story = [
        REGISTERED,
        ISSUED,
        ("2026-11-18 10:20", "slip_answered", {"slip": "s1", "finish_by": iso("2026-11-19 12:00")}),
    ]
    assert find(bench.play(*story), "clock_started", clock="slip_finish", due=iso("2026-11-19 12:00"))
    assert not find(bench.play(*story[:2]), "clock_started", clock="slip_finish")


def test_a_result_not_as_expected_means_another_round(make, find, iso):
    bench = make(SLIPS)
    story = [
        REGISTERED,
        ISSUED,
        ("2026-11-19 10:00", "slip_finished", {"slip": "s1"}),
        ("2026-11-19 11:00", "slip_evaluated", {"slip": "s1", "satisfied": False}),
    ]
    assert find(bench.play(*story), "clock_started", clock="slip_finish", due=iso("2026-11-23 18:00"))
    assert bench.case(*story).slips[0].state == "received"
    good = [*story[:3], ("2026-11-19 11:00", "slip_evaluated", {"slip": "s1", "satisfied": True})]
    assert bench.case(*good).slips[0].state == "evaluated"


@pytest.mark.parametrize(
    ("event", "fields", "reason"),
    [
        ("slip_received", {"slip": "s9"}, "unknown_slip"),
        ("slip_issued", {"slip": "s1", "form": "contact"}, "slip_exists"),
        (
            "slip_issued",
            {"slip": "s2", "form": "contact", "reply_by": "2026-11-18T10:59:00+08:00"},
            "reply_by_in_the_past",
        ),
        (
            "slip_issued",
            {"slip": "s2", "form": "contact", "finish_by": "2026-11-18T10:59:00+08:00"},
            "finish_by_in_the_past",
        ),
    ],
)
def test_slips_that_cannot_be(make, find, event, fields, reason):
    lines = make(SLIPS).play(REGISTERED, ISSUED, ("2026-11-18 11:00", event, fields))
    assert find(lines, "refused", event=event, reason=reason, clause=None)


def test_a_requirement_stands_until_it_is_met_and_is_said_once(make, find):
    bench = make("""
[[requirement]]
what = "signed"
clause = "7"
from = "completed"
until = { signed = {} }
""")
    story = [REGISTERED, ("2026-11-18 11:00", "completed"), ("2026-11-18 11:10", "noted")]
    assert len(find(bench.play(*story), "required", what="signed", clause="7")) == 1
    assert [one.what for one in bench.case(*story).required] == ["signed"]
    assert not bench.case(REGISTERED).required
    assert not bench.case(*story, ("2026-11-18 11:20", "signed")).required
    again = bench.case(*story, ("2026-11-18 11:20", "signed"), ("2026-11-18 11:30", "completed"))
    assert [one.what for one in again.required] == ["signed"]


def test_a_follow_up_within_a_time_runs_a_clock(make, find, iso):
    bench = make("""
[[followup]]
clause = "7"
when = { validity = "valid" }
from = "answered"
within = "3d"
other_than = "answered"
""")
    story = [
        REGISTERED,
        ("2026-11-18 10:10", "judged", {"validity": "valid"}),
        ("2026-11-18 11:00", "answered", {"actor": "zhang"}),
    ]
    lines = bench.play(*story, ("2026-11-19 10:00", "followed_up", {"outcome": "unreachable"}))
    assert find(lines, "clock_started", clock="follow_up", due=iso("2026-11-22 00:00"))
    assert not find(lines, "clock_stopped")
    lines = bench.play(
        *story, ("2026-11-19 10:00", "followed_up", {"outcome": "satisfied", "actor": "zhang"})
    )
    assert find(lines, "refused", reason="same_person")
    lines = bench.play(*story, ("2026-11-19 10:00", "followed_up", {"outcome": "satisfied", "actor": "wang"}))
    assert find(lines, "clock_stopped", clock="follow_up", outcome="met")
    sampled = make("""
[[followup]]
clause = "7"
from = "answered"
within = "3d"
share = 0.2
""").play(*story)
    assert not find(sampled, "clock_started")
    assert not find(sampled, "required")


def test_a_changed_kind_takes_the_rules_of_the_new_kind(make, find, iso):
    bench = make("""
[[clock]]
name = "mend"
clause = "1"
when = { kind = "repair" }
from = "registered"
until = "completed"
limit = "1d"
[[clock]]
name = "answer"
clause = "1"
when = { kind = "repair" }
from = "registered"
until = "answered"
limit = "8h"
[[clock]]
name = "answer"
clause = "1"
when = { kind = "complaint" }
from = "registered"
until = "answered"
limit = "2h"
""")
    story = [(WED, "registered", {"kind": "repair"}), ("2026-11-18 10:30", "amended", {"kind": "complaint"})]
    lines = bench.play(*story)
    assert find(lines, "clock_stopped", clock="mend", outcome="void")
    assert find(lines, "clock_changed", clock="answer", due=iso("2026-11-18 12:00"))
    assert bench.case(*story).kind == "complaint"


def test_a_rule_with_its_own_start_takes_over_the_slot(make, find, iso):
    bench = make("""
[[clock]]
name = "solve"
clause = "1"
when = { validity = "valid" }
from = "judged"
until = "completed"
limit = "2d"
[[clock]]
name = "solve"
clause = "1"
from = "registered"
until = "completed"
limit = "9d"
""")
    lines = bench.play(REGISTERED, ("2026-11-19 10:00", "judged", {"validity": "valid"}))
    assert [line["due"] for line in find(lines, "clock_changed")] == [iso("2026-11-22 00:00")]
    assert len(find(lines, "clock_started")) == 1


def test_a_clock_may_begin_anew_with_each_start(make, find, iso):
    text = """
[[clock]]
name = "accept"
clause = "1"
from = "assigned"
until = "accepted"
limit = "1h"
again = "AGAIN"
"""
    story = [REGISTERED, ("2026-11-18 10:10", "assigned"), ("2026-11-18 10:30", "assigned")]
    restarted = make(text.replace("AGAIN", "restart")).play(*story)
    assert [line["due"] for line in find(restarted, "clock_started")] == [
        iso("2026-11-18 11:10"),
        iso("2026-11-18 11:30"),
    ]
    assert find(restarted, "clock_stopped", outcome="void")
    kept = make(text.replace("AGAIN", "keep")).play(*story)
    assert len(find(kept, "clock_started")) == 1


def test_a_case_that_is_no_complaint_is_not_judged(make, find):
    lines = make().play(
        (WED, "registered", {"kind": "repair"}), ("2026-11-18 10:10", "judged", {"validity": "valid"})
    )
    assert find(lines, "refused", reason="kind_not_judged", clause=None)


def test_an_event_before_the_registration_is_refused(make):
    bench = make()
    standing = bench.case(REGISTERED)
    (event,) = bench.events(("2026-11-18 09:00", "registered"), ("2026-11-18 09:30", "noted"))[1:]
    after, effects = step(standing, event, {}, bench.procedure, bench.calendar)
    assert after is standing
    assert [effect.data["reason"] for effect in effects] == ["before_registration"]


def test_a_late_entry_stops_its_clock_at_its_own_time(make, find, at):
    """Recorded after the breach was given, but it happened in time: met, and the breach stays on record."""
    from huiyin.engine import Event, advance

    bench = make("""
[[clock]]
name = "answer"
clause = "1"
from = "registered"
until = "answered"
limit = "2h"
""")
    standing, _ = advance(bench.case(REGISTERED), at("2026-11-18 13:00"), bench.procedure, bench.calendar)
    event = Event("answered", at("2026-11-18 11:30"), "c1")
    standing, effects = step(standing, event, {}, bench.procedure, bench.calendar)
    assert [effect.data.get("outcome") for effect in effects] == ["met"]
    assert len(standing.breaches) == 1


def test_states_follow_the_work_and_do_not_fall_back(make):
    bench = make()
    story = [REGISTERED]
    seen = []
    for minute, event in enumerate(
        ("admitted", "assigned", "accepted", "answered", "admitted", "completed", "answered"), 1
    ):
        story.append((f"2026-11-18 10:{minute:02}", event))
        seen.append(bench.case(*story).state)
    assert seen == ["admitted", "assigned", "accepted", "answered", "answered", "completed", "completed"]
    assert bench.case(*story, ("2026-11-18 11:00", "assigned")).state == "assigned"


def test_free_text_is_never_kept_in_a_standing(make):
    import json

    standing = make().case(
        (WED, "registered", {"text": "王女士的原话", "reporter": "王女士", "demand": "赔偿"}),
        ("2026-11-18 10:10", "judged", {"validity": "valid", "reason": "王女士说得对"}),
        ("2026-11-18 10:20", "answered", {"text": "答复王女士"}),
    )
    assert "王女士" not in json.dumps(standing.to_dict(), ensure_ascii=False)
    assert standing.facts["text"] is True
    assert standing.entries[1].data["reason"] is True


def test_a_slip_keeps_who_sent_it_where_and_when(make, at):
    fields = {"slip": "s1", "form": "内部联络书", "to_unit": "u7", "from_post": "clerk"}
    story = [REGISTERED, ("2026-11-18 10:05", "slip_issued", fields)]
    slip = make(SLIPS).case(*story).slips[0]
    assert (slip.slip, slip.form, slip.state, slip.round) == ("s1", "contact", "issued", 1)
    assert (slip.issued_at, slip.from_post, slip.to_unit) == (at("2026-11-18 10:05"), "clerk", "u7")
    acting = [REGISTERED, ("2026-11-18 10:05", "slip_issued", {**fields, "post": "head"})]
    assert make(SLIPS).case(*acting).slips[0].from_post == "head"
    again = [*story, ("2026-11-18 10:06", "followed_up", {"outcome": "dissatisfied"})]
    second = make(SLIPS).case(*again, ("2026-11-18 10:07", "slip_issued", {"slip": "s2", "form": "contact"}))
    assert [(one.slip, one.round) for one in second.slips] == [("s1", 1), ("s2", 2)]


def test_an_answer_clock_that_comes_back_after_an_appeal_counts_from_the_appeal(make, find, iso):
    bench = make("""
[[clock]]
name = "answer"
clause = "1"
when = { validity = ["valid", "unjudged"] }
from = "registered"
until = "answered"
limit = "2wd"
""")
    lines = bench.play(
        REGISTERED,
        ("2026-11-18 11:00", "judged", {"validity": "invalid"}),
        ("2026-11-18 11:30", "answered"),
        ("2026-11-19 10:00", "appealed"),
        ("2026-11-19 11:00", "judged", {"validity": "invalid"}),
        ("2026-11-19 12:00", "judged", {"validity": "valid"}),
    )
    assert [line["due"] for line in find(lines, "clock_started")] == [
        iso("2026-11-20 18:00"),
        iso("2026-11-23 18:00"),
        iso("2026-11-23 18:00"),
    ]
