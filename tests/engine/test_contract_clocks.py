"""“What two readers must not understand differently”: the sentences about clocks, a test or more for each."""

from __future__ import annotations

import pytest

WED = "2026-11-18 10:00"

ANSWER = """
[[clock]]
name = "answer"
clause = "1"
when = { kind = "complaint", validity = ["valid", "partly_valid", "unjudged"], urgency = "urgent" }
from = "registered"
until = "answered"
limit = ["asked", "2h"]
warn = "50%"
[[clock]]
name = "answer"
clause = "1"
when = { kind = "complaint", validity = ["valid", "partly_valid", "unjudged"] }
from = "registered"
until = "answered"
limit = ["asked", "2wd"]
warn = "50%"
pause = ["absent"]
[[clock]]
name = "explain"
clause = "7"
when = { kind = "complaint", validity = "invalid" }
from = "judged"
until = "answered"
limit = "1wd"
"""


@pytest.fixture(scope="module")
def bench(make):
    return make(ANSWER)


# Until judged, a complaint runs a valid one's clocks; unset urgency is ordinary, unset severity is ordinary.


def test_until_judged_a_complaint_runs_a_valid_ones_clocks(bench, find, iso):
    lines = bench.play((WED, "registered"))
    (started,) = find(lines, "clock_started")
    assert (started["clock"], started["due"], started["clause"]) == ("answer", iso("2026-11-20 18:00"), "1")
    judged = bench.play((WED, "registered"), ("2026-11-18 11:00", "judged", {"validity": "valid"}))
    assert not find(judged, "clock_changed")
    assert not find(judged, "clock_stopped")


def test_unset_urgency_and_severity_are_ordinary(make, find, iso):
    bench = make("""
[[clock]]
name = "a"
clause = "1"
when = { urgency = "ordinary", severity = "ordinary" }
from = "registered"
until = "answered"
limit = "1h"
""")
    assert find(bench.play((WED, "registered")), "clock_started", due=iso("2026-11-18 11:00"))
    assert not find(bench.play((WED, "registered", {"urgency": "urgent"})), "clock_started")
    assert not find(bench.play((WED, "registered", {"severity": "severe"})), "clock_started")


# A `chased` or a mere acknowledgement stops nothing.


def test_a_chase_or_an_acknowledgement_stops_nothing(bench, find):
    story = [(WED, "registered")]
    for index, event in enumerate(
        ("chased", "acknowledged", "contacted", "noted", "admitted", "accepted", "completed")
    ):
        story.append((f"2026-11-18 10:0{index + 1}", event))
    lines = bench.play(*story)
    assert not find(lines, "clock_stopped")
    assert not find(lines, "refused")


# `answer_by` wins over the limit, earlier or later; it never pauses; before registration it is refused.
# Where it is later than the limit, that is counted apart.


@pytest.mark.parametrize("asked", ["2026-11-18 12:00", "2026-11-25 12:00"])
def test_answer_by_wins_over_the_limit_earlier_or_later(bench, find, at, iso, asked):
    lines = bench.play((WED, "registered", {"answer_by": iso(asked)}))
    (started,) = find(lines, "clock_started")
    assert started["due"] == iso(asked)
    assert started["asked"] is True


def test_answer_by_later_than_the_limit_is_counted_apart(bench, find, at, iso):
    later = bench.case((WED, "registered", {"answer_by": iso("2026-11-25 12:00")})).clocks[0]
    assert later.asked
    assert later.beyond_limit
    assert later.limit_due == at("2026-11-20 18:00")
    (line,) = find(bench.play((WED, "registered", {"answer_by": iso("2026-11-25 12:00")})), "clock_started")
    assert line["beyond_limit"] is True
    assert line["limit_due"] == iso("2026-11-20 18:00")
    for text in ("2026-11-18 12:00", "2026-11-20 18:00"):
        sooner = bench.case((WED, "registered", {"answer_by": iso(text)})).clocks[0]
        assert sooner.asked
        assert not sooner.beyond_limit
    (line,) = find(bench.play((WED, "registered", {"answer_by": iso("2026-11-18 12:00")})), "clock_started")
    assert "beyond_limit" not in line


def test_answer_by_never_pauses(bench, find, iso):
    lines = bench.play(
        (WED, "registered", {"answer_by": iso("2026-11-18 15:00")}),
        ("2026-11-18 11:00", "paused", {"reason": "absent"}),
        until="2026-11-18 16:00",
    )
    assert find(lines, "refused", reason="pause_not_allowed")
    assert not find(lines, "clock_paused")
    assert find(lines, "breached", due=iso("2026-11-18 15:00"))


def test_answer_by_given_during_a_pause_ends_the_pause_of_its_clock(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "paused", {"reason": "absent"}),
        ("2026-11-18 12:00", "amended", {"answer_by": iso("2026-11-18 15:00")}),
        until="2026-11-18 16:00",
    )
    assert find(lines, "clock_resumed", due=iso("2026-11-18 15:00"))
    assert find(lines, "breached", due=iso("2026-11-18 15:00"))


def test_answer_by_before_registration_is_refused(bench, find, iso):
    lines = bench.play((WED, "registered", {"answer_by": iso("2026-11-18 09:59:59")}))
    (line,) = lines
    assert (line["effect"], line["reason"], line["clause"]) == (
        "refused",
        "answer_by_before_registration",
        None,
    )
    assert not find(bench.play((WED, "registered", {"answer_by": iso(WED)})), "refused")
    amended = bench.play(
        (WED, "registered"), ("2026-11-18 11:00", "amended", {"answer_by": iso("2026-11-18 09:00")})
    )
    assert find(amended, "refused", event="amended", reason="answer_by_before_registration")


# A clock's name is one slot in a case. Rules of the same name are alternatives, the first that matches wins.


def test_a_clocks_name_is_one_slot_and_the_first_rule_that_matches_wins(bench, find, iso):
    lines = bench.play((WED, "registered", {"urgency": "urgent"}))
    (started,) = find(lines, "clock_started")
    assert started["due"] == iso("2026-11-18 12:00")
    assert bench.case((WED, "registered", {"urgency": "urgent"})).clocks[0].rule == 0


# When facts change, the due time is recomputed from the original start (`clock_changed`).


def test_changed_facts_recompute_the_due_time_from_the_original_start(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "amended", {"urgency": "urgent"}),
        ("2026-11-18 11:30", "amended", {"urgency": "ordinary"}),
    )
    changed = find(lines, "clock_changed")
    assert [line["due"] for line in changed] == [iso("2026-11-18 12:00"), iso("2026-11-20 18:00")]
    assert len(find(lines, "clock_started")) == 1


def test_facts_that_move_no_due_time_change_no_clock(bench, find):
    lines = bench.play((WED, "registered"), ("2026-11-18 11:00", "amended", {"place": "B2"}))
    assert not find(lines, "clock_changed")


def test_the_customers_time_given_later_changes_the_clock_and_can_be_taken_back(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "amended", {"answer_by": iso("2026-11-19 09:00")}),
        ("2026-11-18 11:30", "amended", {"answer_by": None}),
    )
    assert [line["due"] for line in find(lines, "clock_changed")] == [
        iso("2026-11-19 09:00"),
        iso("2026-11-20 18:00"),
    ]


# A rule that ceases to apply stops it as `void`; effects already given are never taken back.


def test_a_rule_that_ceases_to_apply_stops_its_clock_as_void(make, find):
    bench = make("""
[[clock]]
name = "safety"
clause = "1"
when = { safety = true }
from = "registered"
until = "contacted"
limit = "1h"
""")
    lines = bench.play(
        (WED, "registered", {"safety": True}),
        ("2026-11-18 10:30", "amended", {"safety": False}),
        until="2026-11-19 10:00",
    )
    assert find(lines, "clock_stopped", clock="safety", outcome="void")
    assert not find(lines, "breached")
    again = bench.play(
        (WED, "registered", {"safety": True}),
        ("2026-11-18 10:30", "amended", {"safety": False}),
        ("2026-11-18 10:40", "amended", {"safety": True}),
    )
    first, second = find(again, "clock_started")
    assert first["due"] == second["due"]
    dealt = bench.play(
        (WED, "registered", {"safety": True}),
        ("2026-11-18 10:30", "amended", {"safety": False}),
        ("2026-11-18 10:35", "contacted"),
        ("2026-11-18 10:40", "amended", {"safety": True}),
    )
    assert len(find(dealt, "clock_started")) == 1


def test_a_rule_that_applies_only_later_counts_from_its_own_start(make, find, iso):
    bench = make("""
[[clock]]
name = "visit"
clause = "1"
when = { safety = true }
from = "judged"
until = "contacted"
limit = "1h"
""")
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 10:20", "judged", {"validity": "valid"}),
        ("2026-11-18 10:40", "amended", {"safety": True}),
    )
    (started,) = find(lines, "clock_started")
    assert started["at"] == iso("2026-11-18 10:40")
    assert started["due"] == iso("2026-11-18 11:20")


def test_a_breach_stays_a_breach_when_facts_change_after_it(bench, find, iso):
    story = [
        (WED, "registered", {"urgency": "urgent"}),
        ("2026-11-18 13:00", "amended", {"urgency": "ordinary"}),
        ("2026-11-18 14:00", "answered"),
    ]
    lines = bench.play(*story, until="2026-12-01 00:00")
    assert find(lines, "breached", due=iso("2026-11-18 12:00"))
    assert len(find(lines, "breached")) == 1
    assert find(lines, "clock_stopped", clock="answer", outcome="late")
    standing = bench.case(*story)
    assert standing.breaches[0].due.isoformat() == iso("2026-11-18 12:00")


# Invalid: the clock to explain runs from the judgement and is stopped by `answered` after it; `answer`
# becomes void.


def test_invalid_starts_explain_from_the_judgement_and_voids_answer(bench, find, iso):
    story = [(WED, "registered"), ("2026-11-19 11:00", "judged", {"validity": "invalid"})]
    lines = bench.play(*story, ("2026-11-20 18:00", "answered"))
    assert find(lines, "clock_stopped", clock="answer", outcome="void")
    assert find(lines, "clock_started", clock="explain", due=iso("2026-11-20 18:00"), clause="7")
    assert find(lines, "clock_stopped", clock="explain", outcome="met", at=iso("2026-11-20 18:00"))


def test_an_answer_before_the_judgement_does_not_stop_explain(bench, find):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "answered"),
        ("2026-11-18 12:00", "judged", {"validity": "invalid"}),
        until="2026-11-21 00:00",
    )
    assert find(lines, "clock_stopped", clock="answer", outcome="met")
    assert find(lines, "breached", clock="explain")


def test_judged_invalid_again_does_not_begin_explain_anew(bench, find):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "judged", {"validity": "invalid"}),
        ("2026-11-19 11:00", "judged", {"validity": "invalid"}),
    )
    assert len(find(lines, "clock_started", clock="explain")) == 1


def test_judged_valid_after_all_brings_answer_back_from_registration(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "judged", {"validity": "invalid"}),
        ("2026-11-18 12:00", "judged", {"validity": "valid"}),
    )
    assert find(lines, "clock_stopped", clock="explain", outcome="void")
    assert [line["due"] for line in find(lines, "clock_started", clock="answer")] == [
        iso("2026-11-20 18:00")
    ] * 2


# `appealed` clears the validity and starts `answer` anew from itself; another post judges.


def test_an_appeal_clears_the_validity_and_starts_answer_anew_from_itself(bench, find, iso):
    story = [
        (WED, "registered"),
        ("2026-11-18 11:00", "judged", {"validity": "invalid"}),
        ("2026-11-18 12:00", "answered"),
        ("2026-11-23 10:00", "appealed", {"by": "customer"}),
    ]
    lines = bench.play(*story)
    assert find(
        lines, "clock_started", clock="answer", at=iso("2026-11-23 10:00"), due=iso("2026-11-25 18:00")
    )
    standing = bench.case(*story)
    assert standing.validity is None
    assert standing.round == 1
    assert standing.open


def test_an_appeal_voids_a_running_explain_and_restarts_a_running_answer(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "judged", {"validity": "invalid"}),
        ("2026-11-18 12:00", "appealed"),
    )
    assert find(lines, "clock_stopped", clock="explain", outcome="void", at=iso("2026-11-18 12:00"))
    valid = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "judged", {"validity": "partly_valid"}),
        ("2026-11-19 12:00", "appealed"),
    )
    assert find(valid, "clock_stopped", clock="answer", outcome="void", at=iso("2026-11-19 12:00"))
    assert find(valid, "clock_started", clock="answer", due=iso("2026-11-23 18:00"))


def test_a_wish_for_a_time_that_is_past_at_the_appeal_no_longer_counts(bench, find, iso):
    lines = bench.play(
        (WED, "registered", {"answer_by": iso("2026-11-18 12:00")}),
        ("2026-11-18 11:00", "judged", {"validity": "invalid"}),
        ("2026-11-18 11:30", "answered"),
        ("2026-11-23 10:00", "appealed"),
    )
    assert find(lines, "clock_started", clock="answer", due=iso("2026-11-25 18:00"))


def test_after_an_appeal_another_post_judges(bench, find):
    story = [
        (WED, "registered"),
        ("2026-11-18 11:00", "judged", {"validity": "invalid", "post": "clerk"}),
        ("2026-11-18 12:00", "appealed"),
    ]
    lines = bench.play(*story, ("2026-11-18 13:00", "judged", {"validity": "invalid", "post": "clerk"}))
    assert find(lines, "refused", event="judged", reason="same_judge")
    lines = bench.play(*story, ("2026-11-18 13:00", "judged", {"validity": "valid", "post": "head"}))
    assert not find(lines, "refused")
    before = bench.play(*story[:2], ("2026-11-18 13:00", "judged", {"validity": "valid", "post": "clerk"}))
    assert not find(before, "refused")


def test_what_was_never_judged_cannot_be_appealed(bench, find):
    lines = bench.play((WED, "registered"), ("2026-11-18 12:00", "appealed"))
    assert find(lines, "refused", event="appealed", reason="not_judged", clause=None)


# `promised` starts the clock `promise`, stopped by what was promised.


def test_a_promise_is_stopped_by_what_was_promised(bench, find, iso):
    story = [
        (WED, "registered"),
        ("2026-11-18 11:00", "promised", {"what": "contacted", "by": iso("2026-11-18 15:00")}),
    ]
    lines = bench.play(*story, ("2026-11-18 14:00", "answered"), ("2026-11-18 15:00", "contacted"))
    (started,) = find(lines, "clock_started", clock="promise")
    assert (started["due"], started["what"], started["clause"]) == (iso("2026-11-18 15:00"), "contacted", "5")
    (stopped,) = find(lines, "clock_stopped", clock="promise")
    assert (stopped["at"], stopped["outcome"]) == (iso("2026-11-18 15:00"), "met")
    late = bench.play(*story, ("2026-11-18 15:00:01", "contacted"))
    assert find(late, "breached", clock="promise")
    assert find(late, "clock_stopped", clock="promise", outcome="late")


def test_promises_of_different_things_run_beside_each_other(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "promised", {"what": "visit", "by": iso("2026-11-18 15:00")}),
        ("2026-11-18 11:01", "promised", {"what": "answer", "by": iso("2026-11-18 17:00")}),
        ("2026-11-18 12:00", "answered"),
    )
    assert [line["what"] for line in find(lines, "clock_stopped", clock="promise")] == ["answer"]


def test_a_new_promise_of_the_same_thing_takes_the_slot(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "promised", {"what": "visit", "by": iso("2026-11-18 15:00")}),
        ("2026-11-18 12:00", "promised", {"what": "visit", "by": iso("2026-11-18 17:00")}),
        ("2026-11-18 16:00", "contacted"),
    )
    assert [line["outcome"] for line in find(lines, "clock_stopped", clock="promise")] == ["void", "met"]


def test_a_promise_in_other_words_is_kept_by_any_contact(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "promised", {"what": "看漏点", "by": iso("2026-11-18 15:00")}),
        ("2026-11-18 12:00", "completed"),
    )
    assert find(lines, "clock_stopped", clock="promise", outcome="met")


def test_a_promise_for_a_time_already_past_is_refused(bench, find, iso):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "promised", {"what": "visit", "by": iso("2026-11-18 10:59")}),
        ("2026-11-18 11:00", "promised", {"what": "answer", "by": iso("2026-11-18 11:00")}),
    )
    (line,) = find(lines, "refused")
    assert line["reason"] == "promise_in_the_past"


# Acting exactly at `due` is met.


def test_acting_exactly_at_due_is_met_and_a_second_later_is_late(bench, find):
    exact = bench.play((WED, "registered"), ("2026-11-20 18:00:00", "answered"))
    assert find(exact, "clock_stopped", outcome="met")
    assert not find(exact, "breached")
    late = bench.play((WED, "registered"), ("2026-11-20 18:00:01", "answered"))
    assert find(late, "clock_stopped", outcome="late")
    assert len(find(late, "breached")) == 1


# `warn = "50%"` is of elapsed time for hours and minutes, otherwise of service time.


@pytest.mark.parametrize(
    ("limit", "start", "warned"),
    [
        ("2h", "2026-11-20 17:30", "2026-11-20 18:30"),
        ("30min", "2026-11-20 17:50", "2026-11-20 18:05"),
        ("2wd", "2026-09-30 16:30", "2026-10-08 17:15"),
        ("2sh", "2026-11-20 17:30", "2026-11-23 09:30"),
        ("5d", "2026-11-16 09:00", "2026-11-18 14:15"),
        ("1mo", "2026-09-30 18:00", "2026-10-19 18:00"),
    ],
)
def test_half_is_of_elapsed_time_for_hours_and_minutes_otherwise_of_service_time(
    make, find, iso, limit, start, warned
):
    bench = make(f"""
[[clock]]
name = "a"
clause = "1"
from = "registered"
until = "answered"
limit = "{limit}"
warn = "50%"
""")
    lines = bench.play((start, "registered"), until="2027-01-01 00:00")
    assert find(lines, "clock_started", warn_at=iso(warned))
    assert [line["at"] for line in find(lines, "warned")] == [iso(warned)]


def test_a_warning_may_also_stand_a_time_before_the_due_time(make, find, iso):
    bench = make("""
[[clock]]
name = "a"
clause = "1"
from = "registered"
until = "answered"
limit = "1wd"
warn = "30min"
""")
    assert find(bench.play((WED, "registered")), "clock_started", warn_at=iso("2026-11-19 17:30"))


def test_the_warning_for_the_customers_own_time_is_half_of_the_service_time(bench, find, iso):
    lines = bench.play((WED, "registered", {"answer_by": iso("2026-11-19 10:00")}))
    assert find(lines, "clock_started", warn_at=iso("2026-11-18 15:15"))
