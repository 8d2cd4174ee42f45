"""A pause that the pack does not allow is refused; while paused nothing warns or breaches; resuming adds the
span in the clock's own unit."""

from __future__ import annotations

import pytest

START = "2026-11-18 10:00"


def clock(limit: str, pause: str = 'pause = ["absent"]') -> str:
    return f"""
[[clock]]
name = "a"
clause = "1"
from = "registered"
until = "completed"
limit = "{limit}"
warn = "50%"
{pause}
"""


def story(begin: str, end: str | None, reason: str = "absent"):
    lines = [(START, "registered"), (begin, "paused", {"reason": reason})]
    return [*lines, (end, "resumed")] if end else lines


def test_a_pause_that_the_pack_does_not_allow_is_refused(make, find):
    lines = make(clock("2wd")).play(*story("2026-11-18 11:00", None, "lunch"))
    (line,) = find(lines, "refused")
    assert (line["event"], line["reason"], line["clause"]) == ("paused", "pause_not_allowed", "1")
    assert line["params"] == {"reason": "lunch"}
    assert find(make(clock("2wd", "")).play(*story("2026-11-18 11:00", None)), "refused")
    assert not find(
        make(clock("2wd", "pause = true")).play(*story("2026-11-18 11:00", None, "lunch")), "refused"
    )


def test_while_paused_nothing_warns_or_breaches(make, find):
    lines = make(clock("2h")).play(*story("2026-11-18 10:30", None), until="2026-12-18 10:00")
    assert find(lines, "clock_paused", clock="a")
    assert not find(lines, "warned")
    assert not find(lines, "breached")


@pytest.mark.parametrize(
    ("limit", "begin", "end", "due"),
    [
        ("2h", "2026-11-18 11:00", "2026-11-18 20:00", "2026-11-18 21:00"),
        ("30min", "2026-11-18 10:10", "2026-11-18 10:25", "2026-11-18 10:45"),
        ("4sh", "2026-11-18 11:00", "2026-11-18 17:00", "2026-11-19 11:00"),
        ("2wd", "2026-11-18 11:00", "2026-11-20 09:00", "2026-11-24 18:00"),
        ("2wd", "2026-11-18 11:00", "2026-11-18 17:00", "2026-11-20 18:00"),
        ("2wd", "2026-11-20 11:00", "2026-11-22 11:00", "2026-11-23 18:00"),
        ("5d", "2026-11-19 11:00", "2026-11-21 11:00", "2026-11-25 18:00"),
        ("1mo", "2026-11-19 11:00", "2026-11-29 11:00", "2026-12-28 18:00"),
    ],
)
def test_resuming_adds_the_span_in_the_clocks_own_unit(make, find, iso, limit, begin, end, due):
    lines = make(clock(limit)).play(*story(begin, end))
    (line,) = find(lines, "clock_resumed")
    assert (line["at"], line["due"]) == (iso(end), iso(due))


def test_a_pause_of_the_last_day_leaves_the_rest_of_a_day(make, find, iso):
    lines = make(clock("1wd")).play(*story("2026-11-19 17:00", "2026-11-19 20:00"))
    assert find(lines, "clock_resumed", due=iso("2026-11-20 18:00"))
    lines = make(clock("2d")).play(*story("2026-11-20 17:00", "2026-11-20 20:00"))
    assert find(lines, "clock_resumed", due=iso("2026-11-22 00:00"))


def test_two_pauses_add_up(make, find, iso):
    lines = make(clock("2h")).play(
        *story("2026-11-18 10:30", "2026-11-18 11:30"),
        ("2026-11-18 12:00", "paused", {"reason": "absent"}),
        ("2026-11-18 14:00", "resumed"),
    )
    assert [line["due"] for line in find(lines, "clock_resumed")] == [
        iso("2026-11-18 13:00"),
        iso("2026-11-18 15:00"),
    ]


def test_the_warning_moves_with_the_pause(make, find, iso):
    lines = make(clock("2h")).play(*story("2026-11-18 10:30", "2026-11-18 13:30"), until="2026-11-18 20:00")
    assert [line["at"] for line in find(lines, "warned")] == [iso("2026-11-18 14:00")]
    assert [line["at"] for line in find(lines, "breached")] == [iso("2026-11-18 15:00")]


def test_a_warning_before_the_pause_is_not_given_again(make, find, iso):
    lines = make(clock("2h")).play(*story("2026-11-18 11:30", "2026-11-18 13:30"), until="2026-11-18 20:00")
    assert [line["at"] for line in find(lines, "warned")] == [iso("2026-11-18 11:00")]
    assert [line["at"] for line in find(lines, "breached")] == [iso("2026-11-18 14:00")]


def test_the_warning_in_service_time_moves_with_the_pause(make, find, iso):
    lines = make(clock("4sh")).play(*story("2026-11-18 11:00", "2026-11-18 16:00"), until="2026-11-19 20:00")
    assert [line["at"] for line in find(lines, "warned")] == [iso("2026-11-18 17:00")]
    assert [line["at"] for line in find(lines, "breached")] == [iso("2026-11-19 10:00")]


def test_acting_while_paused_is_met(make, find):
    lines = make(clock("2h")).play(*story("2026-11-18 10:30", None), ("2026-11-25 10:00", "completed"))
    assert find(lines, "clock_stopped", outcome="met")


def test_a_pause_after_the_breach_changes_nothing_about_it(make, find, iso):
    lines = make(clock("2h")).play(
        *story("2026-11-18 13:00", "2026-11-18 15:00"),
        ("2026-11-18 15:10", "completed"),
        until="2026-11-19 10:00",
    )
    assert [line["due"] for line in find(lines, "breached")] == [iso("2026-11-18 12:00")]
    assert find(lines, "clock_resumed", due=iso("2026-11-18 12:00"))
    assert find(lines, "clock_stopped", outcome="late")


def test_paused_twice_or_resumed_without_a_pause_is_refused(make, find):
    bench = make(clock("2wd"))
    twice = bench.play(*story("2026-11-18 11:00", None), ("2026-11-18 12:00", "paused", {"reason": "absent"}))
    assert find(twice, "refused", event="paused", reason="already_paused")
    assert find(
        bench.play((START, "registered"), ("2026-11-18 12:00", "resumed")), "refused", reason="not_paused"
    )


def test_a_clock_that_starts_during_a_pause_waits_with_it(make, find, iso):
    bench = make(
        clock("2wd")
        + """
[[clock]]
name = "b"
clause = "1"
from = "assigned"
until = "accepted"
limit = "1h"
pause = ["absent"]
[[clock]]
name = "c"
clause = "1"
from = "assigned"
until = "accepted"
limit = "1h"
"""
    )
    lines = bench.play(
        *story("2026-11-18 11:00", None),
        ("2026-11-18 12:00", "assigned", {"to_post": "clerk"}),
        ("2026-11-18 15:00", "resumed"),
        until="2026-11-18 20:00",
    )
    assert [line["clock"] for line in find(lines, "clock_paused")] == ["a", "b"]
    assert [(line["clock"], line["due"]) for line in find(lines, "breached")] == [
        ("c", iso("2026-11-18 13:00")),
        ("b", iso("2026-11-18 16:00")),
    ]


def test_closing_ends_the_pause(make, find):
    standing = make(clock("2wd")).case(*story("2026-11-18 11:00", None), ("2026-11-18 12:00", "withdrawn"))
    assert standing.paused_at is None
    assert standing.clocks[0].state == "void"


def test_a_new_round_ends_the_pause(make, find):
    bench = make(clock("2wd"))
    lines = bench.play(
        *story("2026-11-18 11:00", None), ("2026-11-18 12:00", "followed_up", {"outcome": "dissatisfied"})
    )
    assert find(lines, "clock_resumed")
    standing = bench.case(
        *story("2026-11-18 11:00", None), ("2026-11-18 12:00", "followed_up", {"outcome": "dissatisfied"})
    )
    assert standing.paused_at is None
    assert [clock.state for clock in standing.clocks] == ["running"]
