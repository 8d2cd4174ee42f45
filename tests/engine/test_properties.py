"""Properties that hold for any history, any calendar day and any limit."""

from __future__ import annotations

import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engine import Calendar, Standing, advance, build_calendar, compile_pack, replay, step
from huiyin.engine.calendar import parse_windows
from huiyin.engine.due import due_time
from huiyin.engine.durations import parse_duration
from huiyin.engine.simulate import read_lines, simulate
from huiyin.procedures.packfiles import load_pack

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = Calendar(SHANGHAI, parse_windows(["09:00-12:00", "13:30-18:00"]))
PM1 = compile_pack(load_pack("PM1"))
PM1_CALENDAR = build_calendar(PM1)
HOLIDAYS = Path(
    os.environ.get("HUIYIN_HOLIDAYS", Path(__file__).parents[3] / "shared" / "data" / "holidays_cn")
)

BEGIN = datetime(2026, 9, 28, 8, 0, tzinfo=SHANGHAI)
moments = st.integers(0, 40 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
limits = st.one_of(
    st.tuples(st.integers(1, 400), st.just("min")),
    st.tuples(st.integers(1, 80), st.sampled_from(["h", "sh"])),
    st.tuples(st.integers(1, 15), st.sampled_from(["wd", "d"])),
    st.tuples(st.integers(1, 3), st.just("mo")),
).map(lambda pair: f"{pair[0]}{pair[1]}")
pauses = st.lists(st.integers(0, 20 * 24 * 60), min_size=2, max_size=8).map(
    lambda minutes: [BEGIN + timedelta(minutes=minute) for minute in sorted(minutes)]
)


@given(start=moments, limit=limits, cuts=pauses, roll=st.booleans())
def test_a_pause_never_makes_a_clock_due_earlier(start, limit, cuts, roll):
    duration = parse_duration(limit)
    spans = [
        (max(start, first), max(start, second)) for first, second in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    due = due_time(start, duration, OFFICE, roll=roll)
    for count in range(len(spans) + 1):
        later = due_time(start, duration, OFFICE, roll=roll, pauses=tuple(spans[:count]))
        assert later >= due
        due = later


@given(start=moments, limit=limits, cuts=pauses)
def test_a_pause_that_began_in_time_never_ends_too_late(start, limit, cuts):
    begin, end = max(start, cuts[0]), max(start, cuts[1])
    duration = parse_duration(limit)
    if begin < due_time(start, duration, OFFICE):
        assert due_time(start, duration, OFFICE, pauses=((begin, end),)) >= end


def naive_days() -> dict[date, bool]:
    """Day to whether it is worked, straight from the published files."""
    days: dict[date, bool] = {}
    for path in sorted(HOLIDAYS.glob("20*.json")):
        for row in json.loads(path.read_text(encoding="utf-8"))["days"]:
            days[date.fromisoformat(row["date"])] = not row["isOffDay"]
    return days


@pytest.mark.skipif(not HOLIDAYS.is_dir(), reason=f"the published holiday files are not at {HOLIDAYS}")
def test_working_day_counting_agrees_with_a_naive_count_over_2019_to_2026():
    listed = naive_days()
    assert len(listed) > 200

    def works(day: date) -> bool:
        return listed.get(day, day.weekday() < 5)

    day = date(2019, 1, 1)
    while day < date(2026, 11, 1):
        assert OFFICE.is_working(day) == works(day), day
        following, count = day, 0
        for limit in (1, 2, 5, 12):
            while count < limit:
                following += timedelta(days=1)
                count += works(following)
            assert OFFICE.add_working_days(day, limit) == following
            assert OFFICE.working_days_between(day, following) == limit
        day += timedelta(days=1)


@given(start=moments, seconds=st.integers(1, 60 * 3600))
def test_service_time_added_is_service_time_between(start, seconds):
    end = OFFICE.add_service(start, seconds)
    assert OFFICE.service_between(start, end) == seconds
    assert OFFICE.service_between(start, end - timedelta(seconds=1)) == seconds - 1


# Histories

STEPS = [
    ("judged", {"validity": "valid", "reason": "x"}),
    ("judged", {"validity": "invalid", "reason": "x", "responsible_party": "developer"}),
    ("judged", {"validity": "partly_valid", "reason": "x"}),
    ("amended", {"urgency": "urgent"}),
    ("amended", {"urgency": "ordinary"}),
    ("amended", {"answer_by": "2026-10-20T12:00:00+08:00"}),
    ("amended", {"answer_by": None}),
    ("amended", {"kind": "repair"}),
    ("answered", {}),
    ("completed", {"result": "x"}),
    ("contacted", {}),
    ("accepted", {}),
    ("assigned", {"to_post": "handler"}),
    ("escalated", {}),
    ("appealed", {}),
    ("followed_up", {"outcome": "satisfied"}),
    ("followed_up", {"outcome": "dissatisfied"}),
    ("followed_up", {"outcome": "unreachable"}),
    ("approved", {"what": "closed", "recourse_offered": True}),
    ("promised", {"what": "visit", "by": "2026-10-25T12:00:00+08:00"}),
    ("slip_issued", {"slip": "s1", "form": "work_slip", "reply_by": "2026-11-09T12:00:00+08:00"}),
    ("slip_answered", {"slip": "s1", "finish_by": "2026-11-09T18:00:00+08:00"}),
    ("slip_finished", {"slip": "s1", "result": "x"}),
    ("paused", {"reason": "waiting_parts"}),
    ("resumed", {}),
    ("forwarded", {"party": "developer"}),
    ("chased", {}),
    ("noted", {}),
    ("closed", {}),
    ("reopened", {}),
    ("withdrawn", {}),
]
FIRST = [
    {"kind": "complaint"},
    {"kind": "complaint", "urgency": "urgent"},
    {"kind": "complaint", "answer_by": "2026-11-08T12:00:00+08:00", "via": "media"},
    {"kind": "repair"},
    {"kind": "enquiry", "historic": True},
]
gaps = st.integers(0, 3 * 24 * 60)


@st.composite
def histories(draw, case="c1"):
    at = draw(moments)
    rows = [{"at": at, "case": case, "event": "registered", **draw(st.sampled_from(FIRST))}]
    for name, fields in draw(st.lists(st.sampled_from(STEPS), max_size=14)):
        at += timedelta(minutes=draw(gaps))
        rows.append({"at": at, "case": case, "event": name, **fields})
    return [json.dumps({**row, "at": row["at"].isoformat()}) for row in rows]


def played(lines, until=None):
    return simulate(read_lines(lines, PM1, PM1_CALENDAR), PM1, PM1_CALENDAR, until)


def plain(effects):
    return [effect.to_dict() for effect in effects]


@settings(max_examples=150)
@given(lines=histories())
def test_standing_goes_to_json_and_back_exactly(lines):
    standing, _ = replay(read_lines(lines, PM1, PM1_CALENDAR), {}, PM1, PM1_CALENDAR)
    text = json.dumps(standing.to_dict())
    back = Standing.from_dict(json.loads(text))
    assert back == standing
    assert json.dumps(back.to_dict()) == text


@settings(max_examples=150)
@given(lines=histories(), ticks=st.lists(moments, max_size=6))
def test_folding_step_equals_standing_computed_afresh(lines, ticks):
    """Step by step, through JSON each time and with ticks in between, against one replay without any."""
    events = read_lines(lines, PM1, PM1_CALENDAR)
    afresh, expected = replay(events, {}, PM1, PM1_CALENDAR)
    standing, made = None, []
    for event in events:
        for tick in sorted(tick for tick in ticks if standing is not None and standing.at <= tick < event.at):
            standing, effects = advance(standing, tick, PM1, PM1_CALENDAR)
            made += effects
        if standing is not None:
            standing = Standing.from_dict(json.loads(json.dumps(standing.to_dict())))
        standing, effects = step(standing, event, {}, PM1, PM1_CALENDAR)
        made += effects
    assert standing == afresh
    assert plain(made) == plain(expected)


@settings(max_examples=100)
@given(first=histories("a"), second=histories("b"), third=histories("c"), order=st.randoms())
def test_the_order_of_unrelated_cases_does_not_matter(first, second, third, order):
    until = datetime(2027, 2, 1, tzinfo=SHANGHAI)
    queues = [list(first), list(second), list(third)]
    mixed = []
    while any(queues):
        mixed.append(order.choice([queue for queue in queues if queue]).pop(0))

    def without_numbers(lines):
        rows = plain(played(lines, until))
        return [row for row in rows if row["effect"] != "number_given"]

    assert without_numbers(mixed) == without_numbers([*first, *second, *third])
    alone = [row for lines in (first, second, third) for row in without_numbers(lines)]
    assert sorted(map(json.dumps, alone)) == sorted(map(json.dumps, without_numbers(mixed)))


@settings(max_examples=150)
@given(lines=histories())
def test_a_breach_once_given_never_disappears(lines):
    given_so_far: set[str] = set()
    for count in range(1, len(lines) + 1):
        effects = plain(played(lines[:count]))
        breaches = {json.dumps(row) for row in effects if row["effect"] == "breached"}
        at_end = json.loads(lines[count - 1])["at"]
        assert given_so_far <= breaches
        # what comes at the very instant of the last event may still be forestalled by another event of it
        given_so_far |= {text for text in breaches if json.loads(text)["at"] < at_end}
        standing, _ = replay(read_lines(lines[:count], PM1, PM1_CALENDAR), {}, PM1, PM1_CALENDAR)
        kept = {(one.clock, one.key, one.due) for one in standing.breaches}
        assert len(kept) == len(standing.breaches)


@settings(max_examples=150)
@given(lines=histories())
def test_no_clock_outlives_its_case_and_none_is_two(lines):
    standing, _ = replay(read_lines(lines, PM1, PM1_CALENDAR), {}, PM1, PM1_CALENDAR)
    names = [(clock.name, clock.key) for clock in standing.clocks]
    assert len(names) == len(set(names))
    if not standing.open:
        assert not any(clock.live for clock in standing.clocks)
        assert standing.paused_at is None
    for clock in standing.clocks:
        assert (clock.state == "paused") == (bool(clock.pauses) and clock.pauses[-1][1] is None)
        assert (clock.stopped is None) == clock.live


@settings(max_examples=100)
@given(lines=histories())
def test_effects_come_in_order_and_the_same_every_time(lines):
    until = datetime(2027, 2, 1, tzinfo=SHANGHAI)
    rows = plain(played(lines, until))
    assert rows == plain(played(lines, until))
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
