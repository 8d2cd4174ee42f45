"""What lies outside one case: recurring work, windows of repetition, triggers, numbers, errors."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.engine import EngineError
from huiyin.engine.duties import duty_due, period_of
from huiyin.engine.numbers import format_number, number_rule, series
from huiyin.engine.repetition import problem_key, rank, window_start
from huiyin.engine.schema.frame import Repetition
from huiyin.engine.schema.papers import Duty


@pytest.mark.parametrize(
    ("every", "begin", "after"),
    [
        ("day", "2026-11-18", "2026-11-19"),
        ("week", "2026-11-16", "2026-11-23"),
        ("month", "2026-11-01", "2026-12-01"),
        ("quarter", "2026-10-01", "2027-01-01"),
        ("half_year", "2026-07-01", "2027-01-01"),
        ("year", "2026-01-01", "2027-01-01"),
    ],
)
def test_periods(every, begin, after):
    assert period_of(every, date(2026, 11, 18)) == (date.fromisoformat(begin), date.fromisoformat(after))
    assert period_of(every, date.fromisoformat(begin))[0] == date.fromisoformat(begin)


@pytest.mark.parametrize(
    ("every", "due", "begin", "expected"),
    [
        ("week", {"weekday": 3}, "2026-11-16", "2026-11-18 18:00"),
        ("week", {"in": "next", "weekday": 3}, "2026-11-16", "2026-11-25 18:00"),
        ("month", {"day": 25, "roll": "back"}, "2026-10-01", "2026-10-23 18:00"),
        ("month", {"day": 25, "roll": "on"}, "2026-10-01", "2026-10-26 18:00"),
        ("month", {"day": 25}, "2026-10-01", "2026-10-26 00:00"),
        ("month", {"weekday": 1}, "2026-12-01", "2026-12-07 18:00"),
        ("month", {"day": 31}, "2026-11-01", "2026-11-30 18:00"),
        ("year", {"in": "next", "month": 1, "day": 15}, "2026-01-01", "2027-01-15 18:00"),
        ("quarter", {"in": "next", "day": 20}, "2026-07-01", "2026-10-20 18:00"),
        ("year", {}, "2026-01-01", "2026-12-31 18:00"),
        ("year", {"month": 2, "day": "last"}, "2026-01-01", "2026-02-28 18:00"),
    ],
)
def test_when_recurring_work_is_due(make, at, every, due, begin, expected):
    duty = Duty.model_validate(
        {"clause": "1", "code": "d", "title": "d", "every": every, "due": due, "owner": "head"}
    )
    assert duty_due(duty, date.fromisoformat(begin), make().calendar) == at(expected)


def test_the_window_of_repetition_includes_its_first_instant(at):
    rule = Repetition(clause="1", window="30d")
    now = at("2026-11-18 10:00")
    assert window_start(rule, now) == at("2026-10-19 10:00")
    assert rank(rule, now, [at("2026-10-19 10:00")]) == 2
    assert rank(rule, now, [at("2026-10-19 09:59")]) == 1
    assert rank(rule, now, [now]) == 2
    assert rank(rule, now, [at("2026-11-18 10:01")]) == 1
    assert window_start(Repetition(clause="1", window="1mo"), now) == at("2026-10-18 10:00")
    endless = Repetition(clause="1")
    assert window_start(endless, now) is None
    assert rank(endless, now, [at("2006-01-01 10:00"), at("2007-01-01 10:00")]) == 3


def test_what_makes_the_same_problem():
    rule = Repetition(clause="1", same=["household", "category"], kinds=["complaint"])
    facts = {"household": "h", "category": "leak"}
    assert problem_key(rule, "complaint", facts) == ("h", "leak")
    assert problem_key(rule, "repair", facts) is None
    assert problem_key(rule, "complaint", {"household": "h"}) is None
    assert problem_key(Repetition(clause="1"), "repair", facts) == ("h", "leak")


COUNT = """
[[trigger]]
name = "many"
kind = "count"
clause = "1"
when = { kind = "complaint", urgency = "urgent" }
by = ["category"]
at_least = 3
window = "10d"
action = "survey"
"""


def test_a_count_fires_when_it_is_reached_and_again_only_after_it_fell(make, find, iso):
    def story(*days, category="leak", kind="complaint", urgency="urgent"):
        facts = {"kind": kind, "category": category, "urgency": urgency}
        return [
            (f"2026-{day} 10:00", "registered", {"case": f"{category}{kind}{urgency}{day}", **facts})
            for day in days
        ]

    bench = make(COUNT)
    lines = bench.play(
        *story("11-01", "11-02", "11-03", "11-04"),
        *story("11-01", "11-02", category="noise"),
        *story("11-01", "11-02", "11-03", category="lift", urgency="ordinary"),
        *story("11-01", "11-02", "11-03", category="lift", kind="repair"),
        *story("12-01", "12-02", "12-03"),
    )
    fired = find(lines, "action_required")
    assert [line["at"] for line in fired] == [iso("2026-11-03 10:00"), iso("2026-12-03 10:00")]
    assert fired[0]["params"] == {"trigger": "many", "figures": [3], "category": "leak"}
    edge = bench.play(*story("11-01", "11-02", "11-11"))
    assert not find(edge, "action_required")
    assert find(bench.play(*story("11-01", "11-02", "11-10")), "action_required")


def test_quarters_rise_too_and_units_apart(make, find, iso):
    bench = make("""
[[trigger]]
name = "rise"
kind = "rising"
clause = "1"
period = "quarter"
unit = "unit"
runs = 1
action = "look"
""")
    lines = bench.play(
        ("2026-02-05 10:00", "registered", {"case": "a", "unit": "s1"}),
        ("2026-04-01 00:00", "registered", {"case": "b", "unit": "s1"}),
        ("2026-05-05 10:00", "registered", {"case": "c", "unit": "s1"}),
        ("2026-02-05 10:00", "registered", {"case": "d", "unit": "s2"}),
        until="2026-07-01 00:00",
    )
    (line,) = find(lines, "action_required")
    assert (line["unit"], line["at"], line["params"]["figures"]) == ("s1", iso("2026-07-01 00:00"), [1, 2])


def test_numbers_by_rule(pm1, make, at, find):
    rule = number_rule(pm1.procedure, "complaint")
    assert rule is not None
    assert series(rule, "complaint", at("2026-11-18 10:00")) == "complaint|2026"
    assert format_number(rule, "complaint", at("2026-11-18 10:00"), 312) == "TS-2026-0312"
    assert number_rule(pm1.procedure, "nothing") is None
    monthly = rule.model_copy(
        update={"resets": "month", "per": "unit", "pattern": "{unit}-{kind}-{month:02}{day:02}-{serial}"}
    )
    assert series(monthly, "repair", at("2026-11-18 10:00"), "s1") == "complaint|repair|s1|2026-11"
    assert format_number(monthly, "repair", at("2026-11-18 10:00"), 5, "s1") == "s1-repair-1118-5"
    daily = rule.model_copy(update={"resets": "day"})
    assert series(daily, "complaint", at("2026-11-18 10:00")) == "complaint|2026-11-18"
    never = rule.model_copy(update={"resets": "never"})
    assert series(never, "complaint", at("2026-11-18 10:00")) == "complaint"


def test_chases_are_counted_and_rules_may_read_them(make, find, iso):
    bench = make("""
[[clock]]
name = "answer"
clause = "1"
when = { chased = { at_least = 2 } }
from = "registered"
until = "answered"
limit = "2h"
[[clock]]
name = "answer"
clause = "1"
from = "registered"
until = "answered"
limit = "8h"
""")
    story = [
        ("2026-11-18 10:00", "registered"),
        ("2026-11-18 10:10", "chased"),
        ("2026-11-18 10:20", "chased"),
    ]
    assert bench.case(*story).chased == 2
    assert find(bench.play(*story), "clock_changed", due=iso("2026-11-18 12:00"), at=iso("2026-11-18 10:20"))


def test_an_error_names_its_line_only_where_there_is_one():
    error = EngineError("no time", code="time", line=7, field="at")
    assert (str(error), error.message, error.code, error.line, error.params) == (
        "line 7: no time", "no time", "time", 7, {"field": "at"},
    )  # fmt: skip
    plain = EngineError("no time")
    assert (str(plain), plain.code, plain.line) == ("no time", "invalid", 0)


def test_a_plain_standing_is_short(make):
    data = make().case(("2026-11-18 10:00", "registered", {"kind": "repair"})).to_dict()
    assert data == {
        "case": "c1", "kind": "repair", "state": "registered", "registered_at": "2026-11-18T10:00:00+08:00",
        "at": "2026-11-18T10:00:00+08:00", "round_at": "2026-11-18T10:00:00+08:00",
        "entries": [{"name": "registered", "at": "2026-11-18T10:00:00+08:00", "data": {"kind": "repair"}}],
    }  # fmt: skip
