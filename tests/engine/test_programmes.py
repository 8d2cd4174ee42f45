"""Return visits by period: all cases of a period, or a share that a seed draws."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.engine.programmes import drawn

ALL = """
[[followup]]
clause = "7"
when = { kind = "repair" }
from = "completed"
every = "month"
within = "5d"
by = ["clerk"]
on_breach = { escalate = "superior", notify = ["head", "owner"] }
"""
SAMPLE = ALL.replace('within = "5d"', 'share = 0.3\nseed = "s/"')


def jobs(count, day="2026-11-10"):
    """Repairs of one day, all done and closed."""
    for number in range(count):
        case = {"case": f"c{number}", "kind": "repair"}
        yield f"{day} 10:00", "registered", case
        yield f"{day} 11:00", "completed", {"case": f"c{number}"}
        yield f"{day} 12:00", "closed", {"case": f"c{number}"}


def visited(lines, find):
    return [line["case"] for line in find(lines, "required", what="followed_up", clause="7")]


def test_all_cases_of_a_month_are_asked_for_when_it_is_over(make, find, iso):
    bench = make(ALL)
    assert not visited(bench.play(*jobs(3), until="2026-11-30 23:59"), find)
    lines = bench.play(*jobs(3), ("2026-12-01 09:00", "registered", {"case": "x"}))
    assert visited(lines, find) == ["c0", "c1", "c2"]
    (first, *_rest) = find(lines, "required", what="followed_up")
    assert first["at"] == iso("2026-12-01 00:00")
    assert first["params"] == {"from": "2026-11-01", "of": 3}


def test_the_limit_counts_from_the_last_day_of_the_period(make, find, iso):
    bench = make(ALL)
    late = ("2026-12-07 10:00", "followed_up", {"case": "c0", "outcome": "satisfied"})
    lines = bench.play(*jobs(1), late)
    (clock,) = find(lines, "clock_started", clock="follow_up")
    assert (clock["at"], clock["due"]) == (iso("2026-12-01 00:00"), iso("2026-12-06 00:00"))
    (breach,) = find(lines, "breached", clock="follow_up")
    assert breach["at"] == breach["due"] == iso("2026-12-06 00:00")
    assert [line["post"] for line in find(lines, "notified", what="breached")] == ["head"]
    assert find(lines, "clock_stopped", clock="follow_up", outcome="late", at=iso("2026-12-07 10:00"))
    in_time = ("2026-12-05 23:59", "followed_up", {"case": "c0", "outcome": "satisfied"})
    lines = bench.play(*jobs(1), in_time, until="2026-12-31 00:00")
    assert find(lines, "clock_stopped", clock="follow_up", outcome="met")
    assert not find(lines, "breached")


def test_hours_count_from_the_end_and_a_breach_climbs_from_the_owner(make, find, iso):
    bench = make(ALL.replace("5d", "2h").replace('kind = "repair"', 'kind = "complaint"'))
    story = [("2026-11-10 10:00", "registered"), ("2026-11-10 11:00", "completed")]
    lines = bench.play(*story, until="2026-12-01 02:00")
    assert find(lines, "breached", clock="follow_up", due=iso("2026-12-01 02:00"))
    assert find(lines, "escalated", to_post="head", reason="breach", params={"clock": "follow_up"})
    assert [line["post"] for line in find(lines, "notified", what="breached")] == ["head", "clerk"]
    assert not find(bench.play(*story, until="2026-12-01 01:59"), "breached")


@pytest.mark.parametrize(("outcome", "asked"), [("satisfied", False), ("unreachable", True)])
def test_a_customer_who_was_reached_meanwhile_is_not_asked_again(make, find, outcome, asked):
    visit = ("2026-11-20 10:00", "followed_up", {"case": "c0", "outcome": outcome})
    lines = make(ALL).play(*jobs(1), visit, until="2026-12-01 00:00")
    assert bool(visited(lines, find)) is asked


def test_only_what_the_rule_concerns_is_asked_for_and_only_its_posts_ask(make, find):
    bench = make(ALL)
    other = [("2026-11-10 10:00", "registered"), ("2026-11-10 11:00", "completed")]
    assert not visited(bench.play(*other, until="2026-12-01 00:00"), find)
    visit = ("2026-11-20 10:00", "followed_up", {"case": "c0", "outcome": "satisfied", "post": "chief"})
    assert find(bench.play(*jobs(1), visit), "refused", reason="post", clause="7")


def test_a_share_is_drawn_by_the_seed_and_each_month_has_its_own(make, find):
    bench = make(SAMPLE)
    lines = bench.play(*jobs(10), until="2026-12-01 00:00")

    def rank(case):
        return hashlib.sha256(f"s/2026-11-01/{case}".encode()).digest()

    expected = sorted((f"c{number}" for number in range(10)), key=rank)[:3]
    assert visited(lines, find) == sorted(expected)
    params = find(lines, "required", what="followed_up")[0]["params"]
    assert params == {"from": "2026-11-01", "of": 10, "share": 0.3, "seed": "s/2026-11-01"}
    october = bench.play(*jobs(10, "2026-10-10"), until="2026-12-01 00:00")
    assert visited(october, find) != visited(lines, find)


@given(st.sets(st.text(min_size=1), min_size=1), st.floats(min_value=0.01, max_value=1), st.text())
def test_a_draw_takes_the_share_rounded_up_and_does_not_depend_on_order(cases, share, seed):
    chosen = drawn(cases, share, seed)
    assert chosen == drawn(sorted(cases, reverse=True), share, seed)
    assert set(chosen) <= cases
    assert len(cases) * share - 1e-6 <= len(chosen) < len(cases) * share + 1


def test_a_larger_share_contains_the_smaller_one():
    cases = [f"c{number}" for number in range(50)]
    assert set(drawn(cases, 0.2, "x")) < set(drawn(cases, 0.4, "x"))
    assert len(drawn(cases, 0.1, "x")) == 5
