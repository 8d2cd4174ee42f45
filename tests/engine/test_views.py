"""What people see of a standing: open steps, and how a due time came about."""

from __future__ import annotations

import pytest

from huiyin.engine import explain_due, open_steps

WED = "2026-11-18 10:00"
REGISTERED = (WED, "registered")


def steps_of(bench, at, *story, now="2026-11-18 13:00", **who):
    return open_steps(bench.case(*story), bench.procedure, bench.calendar, at(now), **who)


def by_event(steps):
    return {step.event: step for step in steps}


def test_what_is_needed_comes_first_by_its_due_time(pm1, at):
    steps = steps_of(pm1, at, REGISTERED)
    assert [step.event for step in steps if step.needed] == ["answered", "judged"]
    assert (steps[0].due, steps[0].clause) == (at("2026-11-20 18:00"), "7.2.3")
    assert "registered" not in by_event(steps)
    later = steps_of(
        pm1,
        at,
        REGISTERED,
        ("2026-11-18 11:00", "promised", {"what": "visit", "by": at("2026-11-18 15:00").isoformat()}),
    )
    assert next(step.event for step in later) == "contacted"


def test_a_refused_step_says_what_is_missing_and_which_clause_asks_for_it(pm1, at):
    steps = by_event(steps_of(pm1, at, REGISTERED))
    closed = steps["closed"]
    assert not closed.allowed
    assert (closed.reason, closed.clause, closed.missing) == ("missing", "7.2.3", ("validity",))
    valid = ("2026-11-18 10:20", "judged", {"validity": "valid", "reason": "x"})
    closed = by_event(steps_of(pm1, at, REGISTERED, valid))["closed"]
    assert closed.missing == ("answered", "followed_up")
    assert closed.clause == "7.2.7"
    assert closed.params["followed_up"] == {"outcome": ["satisfied", "fairly_satisfied"]}


def test_the_fields_a_step_must_carry_are_said_and_not_missing(pm1, at):
    judged = by_event(steps_of(pm1, at, REGISTERED))["judged"]
    assert judged.allowed
    assert judged.fields == ("validity", "reason")
    assert by_event(steps_of(pm1, at, REGISTERED))["noted"].fields == ()


def test_posts_and_persons_are_asked_where_given(pm1, at):
    assert by_event(steps_of(pm1, at, REGISTERED, post="duty"))["judged"].reason == "post"
    assert by_event(steps_of(pm1, at, REGISTERED, post="handler"))["judged"].allowed
    assert by_event(steps_of(pm1, at, REGISTERED, post="nobody"))["judged"].reason == "unknown_post"


def test_when_nothing_waits_the_next_step_is_to_close(pm1, at):
    done = [
        REGISTERED,
        ("2026-11-18 10:20", "judged", {"validity": "valid", "reason": "x"}),
        ("2026-11-18 11:00", "answered"),
        ("2026-11-18 12:00", "followed_up", {"outcome": "satisfied"}),
    ]
    first = steps_of(pm1, at, *done)[0]
    assert (first.event, first.needed, first.allowed) == ("closed", True, True)
    closed = steps_of(pm1, at, *done, ("2026-11-18 12:30", "closed"))
    assert {step.event for step in closed if step.allowed} == {
        "noted", "linked", "unlinked", "chased", "followed_up", "appealed", "reopened",
    }  # fmt: skip
    assert not any(step.needed for step in closed)


def test_pauses_slips_and_reopening_are_open_only_where_they_can_be(pm1, at):
    complaint = by_event(steps_of(pm1, at, REGISTERED))
    assert complaint["paused"].reason == "pause_not_allowed"
    assert complaint["slip_answered"].reason == "no_slip"
    assert complaint["slip_issued"].allowed
    assert complaint["reopened"].reason == "not_closed"
    assert complaint["resumed"].reason == "not_paused"
    repair = by_event(steps_of(pm1, at, (WED, "registered", {"kind": "repair"})))
    assert repair["paused"].allowed
    assert repair["judged"].reason == "kind_not_judged"


def test_facts_from_outside_count(make, at):
    bench = make("""
[[gate]]
step = "closed"
clause = "7"
when = { repetition = { at_least = 2 } }
needs = { signed = {} }
""")
    assert by_event(steps_of(bench, at, REGISTERED))["closed"].allowed
    assert by_event(steps_of(bench, at, REGISTERED, facts={"repetition": 2}))["closed"].missing == ("signed",)


def clock_pack(limit, more=""):
    return f"""
[[clock]]
name = "a"
clause = "7"
from = "registered"
until = "answered"
limit = {limit}
pause = ["absent"]
{more}
"""


def explained(make, limit, *story, more=""):
    bench = make(clock_pack(limit, more))
    clock = bench.case(*story).clocks[0]
    return [(step.code, dict(step.params)) for step in explain_due(clock, bench.procedure, bench.calendar)]


def test_working_days_are_counted_one_by_one(make, iso):
    assert explained(make, '"2wd"', ("2026-09-30 16:30", "registered")) == [
        ("rule", {"clause": "7", "limit": "2wd"}),
        ("started", {"at": iso("2026-09-30 16:30")}),
        ("first_day_not_counted", {"day": "2026-09-30"}),
        ("rest_days", {"from": "2026-10-01", "to": "2026-10-07"}),
        ("working_day_counted", {"day": "2026-10-08", "number": 1}),
        ("working_day_counted", {"day": "2026-10-09", "number": 2}),
        ("end_of_service", {"day": "2026-10-09", "at": iso("2026-10-09 18:00")}),
        ("due", {"at": iso("2026-10-09 18:00")}),
    ]


def test_a_make_up_workday_is_named(make):
    steps = explained(make, '"2wd"', ("2026-10-08 10:00", "registered"))
    assert ("make_up_day_counted", {"day": "2026-10-10", "number": 2}) in steps


def test_a_long_count_is_one_line(make):
    steps = explained(make, '"40wd"', (WED, "registered"))
    assert [code for code, _ in steps] == [
        "rule", "started", "first_day_not_counted", "working_days_counted", "end_of_service",
        "estimated_year", "due",
    ]  # fmt: skip
    assert steps[3][1]["count"] == 40
    assert steps[5][1] == {"year": 2027}


def test_service_hours_are_counted_day_by_day(make, iso):
    steps = explained(make, '"2sh"', ("2026-11-20 17:30", "registered"))
    assert steps[2:] == [
        ("service_counted", {"day": "2026-11-20", "seconds": 1800}),
        ("service_counted", {"day": "2026-11-23", "seconds": 5400}),
        ("due", {"at": iso("2026-11-23 10:30")}),
    ]


@pytest.mark.parametrize("limit", ["2h", "30min"])
def test_hours_run_round_the_clock(make, limit):
    assert [code for code, _ in explained(make, f'"{limit}"', (WED, "registered"))] == [
        "rule",
        "started",
        "round_the_clock",
        "due",
    ]


def test_calendar_days_months_and_rolling(make, iso):
    steps = explained(make, '"5d"', ("2026-09-28 10:00", "registered"), more="roll = true")
    assert steps[3:] == [
        ("days_counted", {"from": "2026-09-28", "to": "2026-10-03", "count": 5}),
        ("rolled", {"from": "2026-10-03", "to": "2026-10-08"}),
        ("end_of_service", {"day": "2026-10-08", "at": iso("2026-10-08 18:00")}),
        ("due", {"at": iso("2026-10-08 18:00")}),
    ]
    steps = explained(make, '"1mo"', ("2026-10-07 10:00", "registered"))
    assert steps[3][0] == "month_counted"
    assert explained(make, '"5d"', ("2026-09-28 10:00", "registered"))[4] == (
        "end_of_day",
        {"day": "2026-10-03", "at": iso("2026-10-04 00:00")},
    )


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("2wd", {"working_days": 2}),
        ("5d", {"days": 2}),
        ("2h", {"seconds": 172800}),
        ("4sh", {"seconds": 54000}),
    ],
)
def test_pauses_are_said_in_the_clocks_own_unit(make, iso, limit, said):
    story = [
        (WED, "registered"),
        ("2026-11-18 11:00", "paused", {"reason": "absent"}),
        ("2026-11-20 11:00", "resumed"),
    ]
    steps = dict(explained(make, f'"{limit}"', *story))
    assert steps["paused"] == {"from": iso("2026-11-18 11:00"), "to": iso("2026-11-20 11:00"), **said}
    open_pause = dict(explained(make, f'"{limit}"', *story[:2]))
    assert open_pause["paused_since"] == {"at": iso("2026-11-18 11:00")}


def test_the_customers_own_time_and_what_the_limit_would_have_been(make, iso):
    steps = explained(make, '["asked", "2wd"]', (WED, "registered", {"answer_by": iso("2026-11-25 12:00")}))
    assert steps[2:] == [
        ("asked", {"at": iso("2026-11-25 12:00"), "by": "asked"}),
        ("beyond_limit", {"limit_due": iso("2026-11-20 18:00")}),
        ("due", {"at": iso("2026-11-25 12:00")}),
    ]


def test_crossing_into_an_estimated_year_is_said_on_the_clock_too(make, find, iso):
    bench = make(clock_pack('"5wd"'))
    (line,) = find(bench.play(("2026-12-29 10:00", "registered")), "clock_started")
    assert line["estimated"] is True
    assert bench.case(("2026-12-29 10:00", "registered")).clocks[0].estimated
    assert not bench.case((WED, "registered")).clocks[0].estimated
