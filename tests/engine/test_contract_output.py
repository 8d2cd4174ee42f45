"""Order and instant of effects, `--until`, and lines that are wrong."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from huiyin.engine import EngineError, advance, next_moment, step

WED = "2026-11-18 10:00"

RULES = """
[[clock]]
name = "answer"
clause = "1"
when = { urgency = "urgent" }
from = "registered"
until = "answered"
limit = ["asked", "2h"]
warn = "50%"
on_breach = { escalate = "superior", notify = ["chief"], action = "look", owner = true }
on_warn = { notify = ["owner"] }
[[clock]]
name = "answer"
clause = "1"
from = "registered"
until = "answered"
limit = ["asked", "2wd"]
warn = "50%"
on_breach = { escalate = "superior", notify = ["chief"] }
[[clock]]
name = "visit"
clause = "1"
from = "registered"
until = "contacted"
limit = "2h"
warn = "50%"
"""


@pytest.fixture(scope="module")
def bench(make):
    return make(RULES)


def brief(lines):
    return [
        (line["at"][11:16], line["effect"], line.get("clock", line.get("post", line.get("to_post"))))
        for line in lines
    ]


# A time-driven effect has `at` = its moment, or the event that revealed it if later; `due` stays true.


def test_a_time_driven_effect_has_its_moment(bench, find, iso):
    lines = bench.play((WED, "registered"), ("2026-11-19 10:00", "noted"))
    assert [(line["at"], line["due"]) for line in find(lines, "breached")] == [(iso("2026-11-18 12:00"),) * 2]
    assert [line["at"] for line in find(lines, "warned")] == [iso("2026-11-18 11:00")]


def test_a_time_driven_effect_revealed_by_an_event_has_the_events_time_and_its_true_due(bench, find, iso):
    lines = bench.play((WED, "registered"), ("2026-11-19 09:00", "amended", {"urgency": "urgent"}))
    (line,) = find(lines, "breached", clock="answer")
    assert (line["at"], line["due"]) == (iso("2026-11-19 09:00"), iso("2026-11-18 12:00"))


# A warning revealed together with its breach is left out.


def test_a_warning_revealed_together_with_its_breach_is_left_out(bench, find):
    lines = bench.play(
        (WED, "registered"), ("2026-11-19 09:00", "amended", {"urgency": "urgent"}), until="2026-12-01 00:00"
    )
    assert not find(lines, "warned", clock="answer")
    assert len(find(lines, "breached", clock="answer")) == 1


def test_a_warning_revealed_alone_is_given(bench, find, iso):
    lines = bench.play((WED, "registered"), ("2026-11-18 11:30", "amended", {"urgency": "urgent"}))
    assert find(lines, "warned", clock="answer", at=iso("2026-11-18 11:30"))


def test_a_tick_that_was_missed_catches_up_once_with_each_effects_own_moment(bench, iso, at):
    standing = bench.case((WED, "registered"))
    late, effects = advance(standing, at("2026-11-18 20:00"), bench.procedure, bench.calendar)
    assert [(effect.effect, effect.at) for effect in effects] == [
        ("warned", at("2026-11-18 11:00")),
        ("breached", at("2026-11-18 12:00")),
    ]
    again, none = advance(late, at("2026-11-18 21:00"), bench.procedure, bench.calendar)
    assert none == ()
    assert again is late


def test_next_moment_is_when_time_alone_brings_something(bench, at):
    standing = bench.case((WED, "registered"))
    assert next_moment(standing) == at("2026-11-18 11:00")
    standing, _ = advance(standing, at("2026-11-18 11:00"), bench.procedure, bench.calendar)
    assert next_moment(standing) == at("2026-11-18 12:00")
    assert next_moment(bench.case((WED, "registered"), ("2026-11-18 10:30", "withdrawn"))) is None


def test_step_lets_time_pass_first(bench, at):
    standing = bench.case((WED, "registered"))
    (event,) = bench.events((WED, "registered"), ("2026-11-18 12:30", "contacted"))[1:]
    _, effects = step(standing, event, {}, bench.procedure, bench.calendar)
    assert [effect.effect for effect in effects] == ["warned", "breached", "clock_stopped"]


# Output is ordered by `at`, then case, then input line; events before time-driven effects of the same
# instant.


def test_output_is_ordered_by_time_then_case_then_line(bench):
    lines = bench.play(
        ("2026-11-18 10:05", "registered", {"case": "b", "kind": "repair"}),
        ("2026-11-18 10:05", "registered", {"case": "a", "kind": "repair"}),
        ("2026-11-18 10:00", "registered", {"case": "c", "kind": "repair"}),
        ("2026-11-18 10:05", "contacted", {"case": "b"}),
        ("2026-11-18 10:05", "answered", {"case": "b"}),
    )
    assert [(line["case"], line["effect"], line.get("clock")) for line in lines] == [
        ("c", "clock_started", "answer"),
        ("c", "clock_started", "visit"),
        ("a", "clock_started", "answer"),
        ("a", "clock_started", "visit"),
        ("b", "clock_started", "answer"),
        ("b", "clock_started", "visit"),
        ("b", "clock_stopped", "visit"),
        ("b", "clock_stopped", "answer"),
    ]


def test_events_come_before_time_driven_effects_of_the_same_instant(bench):
    lines = bench.play((WED, "registered"), ("2026-11-18 12:00", "chased"), ("2026-11-18 12:00", "closed"))
    assert brief(lines)[-3:] == [
        ("12:00", "clock_stopped", "answer"),
        ("12:00", "clock_stopped", "visit"),
        ("12:00", "closed", None),
    ]
    lines = bench.play((WED, "registered"), ("2026-11-18 12:00", "answered"), until="2026-11-18 12:00")
    assert brief(lines)[-2:] == [("12:00", "clock_stopped", "answer"), ("12:00", "breached", "visit")]


def test_two_events_of_one_instant_both_come_before_what_the_first_reveals(bench, find):
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-19 09:00", "amended", {"urgency": "urgent"}),
        ("2026-11-19 09:00", "answered"),
    )
    assert find(lines, "clock_stopped", clock="answer", outcome="late")
    assert not find(lines, "breached", clock="answer")


# Within an event: refused, number, level, owner, clocks in pack order, required, approval_required,
# escalated, notified, action_required, reopened, closed.


def test_order_within_an_event(make):
    bench = make(
        RULES
        + """
[[level]]
code = "major"
title = "重"
kind = "complaint"
clause = "1"
owner = "head"
[[requirement]]
what = "judged"
clause = "1"
until = "judged"
[[escalation]]
clause = "1"
on = "registered"
action = "alarm"
to = "chief"
owner = false
notify = ["clerk"]
"""
    )
    assert [line["effect"] for line in bench.play((WED, "registered"))] == [
        "number_given",
        "level_set",
        "owner_set",
        "clock_started",
        "clock_started",
        "required",
        "escalated",
        "notified",
        "action_required",
    ]


def test_order_within_an_event_of_approvals_reopening_and_closing(make):
    bench = make("""
[[authority]]
clause = "9"
up_to = 100
above = "chief"
[[escalation]]
clause = "1"
on = ["compensated", "followed_up"]
notify = ["chief"]
to = "head"
[[requirement]]
what = "signed"
clause = "1"
from = "compensated"
until = "signed"
""")
    lines = bench.play(
        (WED, "registered"),
        ("2026-11-18 11:00", "compensated", {"amount": "200"}),
        ("2026-11-18 12:00", "followed_up", {"outcome": "dissatisfied"}),
    )
    assert [line["effect"] for line in lines[2:]] == [
        "owner_set",
        "required",
        "approval_required",
        "escalated",
        "notified",
        "escalated",
        "notified",
        "reopened",
    ]


def test_order_of_what_one_instant_brings(bench):
    lines = bench.play((WED, "registered", {"urgency": "urgent"}), until="2026-11-18 12:00")
    assert [(effect, what) for time, effect, what in brief(lines) if time == "12:00"] == [
        ("owner_set", "head"),
        ("breached", "answer"),
        ("breached", "visit"),
        ("escalated", "head"),
        ("notified", "answer"),
        ("action_required", None),
    ]


# `--until` is inclusive; later lines are checked and then ignored; without it, time ends with the last event.


def test_until_is_inclusive(bench, find):
    assert find(bench.play((WED, "registered"), until="2026-11-18 12:00"), "breached")
    assert not find(bench.play((WED, "registered"), until="2026-11-18 11:59:59"), "breached")
    events = [(WED, "registered"), ("2026-11-18 11:00", "contacted")]
    assert find(bench.play(*events, until="2026-11-18 11:00"), "clock_stopped", clock="visit")


def test_later_lines_are_checked_and_then_ignored(bench, find):
    lines = bench.play((WED, "registered"), ("2026-11-19 10:00", "closed"), until="2026-11-18 13:00")
    assert not find(lines, "closed")
    with pytest.raises(EngineError) as caught:
        bench.play((WED, "registered"), ("2026-11-19 10:00", "dreamt"), until="2026-11-18 13:00")
    assert caught.value.line == 2


def test_without_until_time_ends_with_the_last_event_of_any_case(bench, find):
    lines = bench.play(
        (WED, "registered"), ("2026-11-18 12:00", "registered", {"case": "c2", "kind": "repair"})
    )
    assert find(lines, "breached", case="c1", clock="visit")
    earlier = bench.play(
        (WED, "registered"), ("2026-11-18 11:59", "registered", {"case": "c2", "kind": "repair"})
    )
    assert not find(earlier, "breached")


# A malformed line, an unknown event or field value, an event for a case never registered, or times running
# backwards within a case: one clear error naming the line, status 2, no output.

GOOD = '{"at": "2026-11-18T10:00:00+08:00", "case": "c1", "event": "registered", "kind": "complaint"}'


def later(**fields) -> str:
    return json.dumps({"at": "2026-11-18T11:00:00+08:00", "case": "c1", **fields})


BAD = {
    "malformed": ("{", "malformed"),
    "no object": ("[1]", "malformed"),
    "no case": (later(event="noted").replace('"case": "c1", ', ""), "missing_field"),
    "empty case": (later(event="noted", case=""), "missing_field"),
    "no event": (later(), "missing_field"),
    "no time": ('{"case": "c1", "event": "noted"}', "missing_field"),
    "bad time": (later(event="noted", at="yesterday"), "time"),
    "number as time": (later(event="noted", at=5), "time"),
    "time without offset": (later(event="noted", at="2026-11-18T11:00:00"), "offset"),
    "unknown event": (later(event="dreamt"), "unknown_event"),
    "unknown field": (later(event="noted", urgncy="urgent"), "unknown_field"),
    "unknown value": (later(event="judged", validity="maybe"), "unknown_value"),
    "unknown kind": (later(event="amended", kind="banana"), "unknown_value"),
    "unknown outcome": (later(event="followed_up", outcome="fine"), "unknown_value"),
    "unknown via": (later(event="amended", via="phnoe"), "unknown_value"),
    "unknown relation": (later(event="linked", to="c2", relation="cousin"), "unknown_value"),
    "unknown post": (later(event="noted", post="nobody"), "unknown_value"),
    "unknown to_post": (later(event="assigned", to_post="nobody"), "unknown_value"),
    "post no word": (later(event="noted", post=3), "unknown_value"),
    "actor no word": (later(event="noted", actor=3), "unknown_value"),
    "historic no flag": (later(event="noted", historic="yes"), "unknown_value"),
    "flag no flag": (later(event="confirmed", satisfied="yes"), "unknown_value"),
    "number no number": (later(event="noted", attempts="three"), "unknown_value"),
    "flag as number": (later(event="noted", attempts=True), "unknown_value"),
    "records no list": (later(event="noted", records="attempts"), "unknown_value"),
    "records of numbers": (later(event="noted", records=[1]), "unknown_value"),
    "text no text": (later(event="noted", text=5), "unknown_value"),
    "bad amount": (later(event="compensated", amount="ten"), "amount"),
    "negative amount": (later(event="compensated", amount=-1), "amount"),
    "endless amount": (later(event="compensated", amount="Infinity"), "amount"),
    "flag as amount": (later(event="compensated", amount=True), "amount"),
    "bad answer_by": (later(event="amended", answer_by="soon"), "time"),
    "missing field": (later(event="judged"), "missing_field"),
    "null field": (later(event="judged", validity=None), "unknown_value"),
    "never registered": (later(event="noted", case="c9"), "not_registered"),
    "backwards": (later(event="noted", at="2026-11-18T09:59:59+08:00"), "time_backwards"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_line_is_one_clear_error_naming_the_line(bench, name):
    from huiyin.engine.simulate import read_lines

    text, code = BAD[name]
    with pytest.raises(EngineError) as caught:
        read_lines([GOOD, "", text, "{"], bench.procedure, bench.calendar)
    assert caught.value.line == 3
    assert caught.value.code == code
    assert str(caught.value).startswith("line 3: ")
    assert "\n" not in str(caught.value)


def test_times_may_run_backwards_between_cases(bench, find):
    lines = bench.play((WED, "registered"), ("2026-11-17 10:00", "registered", {"case": "c2"}))
    assert [line["case"] for line in find(lines, "number_given")] == ["c2", "c1"]


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "huiyin.cli.main", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command_prints_effects_and_a_wrong_line_prints_nothing(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text(GOOD + "\n", encoding="utf-8")
    good = run("simulate", "PM1", str(path), "--until", "2026-11-20T18:00:00+08:00")
    assert good.returncode == 0
    assert [json.loads(line)["effect"] for line in good.stdout.splitlines()][:2] == [
        "number_given",
        "owner_set",
    ]
    assert '"breached"' in good.stdout
    path.write_text(GOOD + "\n" + later(event="dreamt") + "\n", encoding="utf-8")
    bad = run("simulate", "PM1", str(path))
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.count("\n") == 1
    assert "line 2: unknown event 'dreamt'" in bad.stderr


def test_the_command_reads_standard_input_and_refuses_a_bad_until(tmp_path):
    assert run("simulate", "PM1", "-", text=GOOD + "\n").stdout.count("\n") == 4
    for until in ("tomorrow", "2026-11-20T18:00:00"):
        bad = run("simulate", "PM1", "-", "--until", until, text=GOOD)
        assert (bad.returncode, bad.stdout) == (2, "")
        assert "--until" in bad.stderr
    missing = run("simulate", "PM1", str(tmp_path / "none.jsonl"))
    assert (missing.returncode, missing.stdout) == (2, "")


def test_the_command_imports_no_django():
    code = (
        "import sys; from huiyin.cli.main import main; main(['simulate', 'PM1', '-']);"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=GOOD, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0


# Triggers carry a unit and no case.


def test_a_trigger_carries_a_unit_and_no_case(make, find):
    bench = make("""
[[trigger]]
name = "many"
kind = "count"
clause = "1"
unit = "unit"
at_least = 2
window = "30d"
action = "survey"
notify = ["head"]
""")
    lines = bench.play(
        (WED, "registered", {"unit": "s1"}),
        ("2026-11-19 10:00", "registered", {"case": "c2", "unit": "s1"}),
        ("2026-11-19 10:00", "registered", {"case": "c3", "unit": "s2"}),
    )
    (line,) = find(lines, "action_required")
    assert "case" not in line
    assert (line["unit"], line["action"], line["reason"], line["clause"]) == ("s1", "survey", "count", "1")
    assert line["params"] == {"trigger": "many", "figures": [2]}
    assert find(lines, "notified", unit="s1", post="head")
