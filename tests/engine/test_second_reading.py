"""What a second reader of the contract tried, sentence by sentence, and found otherwise."""

from __future__ import annotations

import json
from datetime import date

import pytest

from huiyin.engine import EngineError, Standing, build_calendar, check_event, step
from huiyin.engine.daytable import state_council_days
from huiyin.engine.simulate import output, read_lines, simulate

START = ("2026-11-20 09:00", "registered")
REPAIR = ("2026-11-20 09:00", "registered", {"kind": "repair"})
GOOD = '{"at":"2026-11-20T09:00:00+08:00","case":"c1","event":"registered","kind":"complaint"}'


def line(**fields: object) -> str:
    return json.dumps({"at": "2026-11-20T10:00:00+08:00", "case": "c1", "event": "noted", **fields})


# ---- promises, pauses, appeals


def test_what_a_notification_is_about_is_not_taken_for_what_was_promised(pm1, find):
    made = pm1.play(
        START,
        ("2026-11-20 09:30", "promised", {"what": "回电", "by": "2026-11-20T10:30:00+08:00"}),
        until="2026-11-20 10:00",
    )
    [told] = find(made, "notified")
    assert (told["what"], told["promised"]) == ("warned", "回电")


def test_a_chase_keeps_no_promise(pm1, find):
    made = pm1.play(
        START,
        ("2026-11-20 09:30", "promised", {"what": "chased", "by": "2026-11-20T10:30:00+08:00"}),
        ("2026-11-20 09:40", "chased"),
    )
    assert not find(made, "clock_stopped")


def test_a_clock_that_waits_for_a_chase_is_no_rule(make):
    with pytest.raises(ValueError, match="chased"):
        make('[[clock]]\nname="x"\nclause="1"\nfrom="registered"\nuntil="chased"\nlimit="2h"\n')


def test_a_pause_that_is_refused_cites_the_clock_that_runs_on(pm1, find):
    made = pm1.play(START, ("2026-11-20 10:00", "paused", {"reason": "customer_absent"}))
    [refused] = find(made, "refused")
    assert (refused["reason"], refused["clause"]) == ("pause_not_allowed", "7.2.3")


def test_a_pause_that_ends_in_an_estimated_year_says_so(pm1, find, iso):
    made = pm1.play(
        ("2026-12-28 09:00", "registered", {"kind": "repair"}),
        ("2026-12-29 10:00", "paused", {"reason": "customer_absent"}),
        ("2026-12-30 09:00", "resumed"),
    )
    [resumed] = find(made, "clock_resumed")
    assert resumed["due"] == iso("2027-01-04 18:00")
    assert resumed["estimated"] is True


def test_after_an_appeal_the_judgement_is_required_again(pm1, find):
    made = pm1.play(
        START,
        ("2026-11-20 10:00", "judged", {"validity": "valid", "reason": "x"}),
        ("2026-11-20 11:00", "appealed"),
    )
    assert [one["at"][11:16] for one in find(made, "required", what="judged")] == ["09:00", "11:00"]


def test_what_was_answered_before_an_appeal_does_not_close_it(pm1, find):
    made = pm1.play(
        START,
        ("2026-11-20 10:00", "judged", {"validity": "valid", "reason": "x"}),
        ("2026-11-20 10:10", "answered"),
        ("2026-11-20 10:20", "followed_up", {"outcome": "satisfied"}),
        ("2026-11-20 11:00", "appealed"),
        ("2026-11-20 11:10", "judged", {"validity": "partly_valid", "reason": "x"}),
        ("2026-11-20 11:20", "closed"),
    )
    [refused] = find(made, "refused")
    assert refused["missing"] == ["answered", "followed_up"]
    assert refused["params"]["answered"] == {"after": "appealed"}


def test_an_after_that_never_happened_is_not_said(pm1, find):
    made = pm1.play(
        START,
        ("2026-11-20 10:00", "judged", {"validity": "valid", "reason": "x"}),
        ("2026-11-20 11:20", "closed"),
    )
    assert find(made, "refused")[0]["params"]["answered"] == {}


def test_a_rule_that_comes_back_after_its_breach_breaches_no_second_time_and_is_late(pm1, find):
    made = pm1.play(
        (*START, {"urgency": "urgent"}),
        ("2026-11-20 12:00", "judged", {"validity": "invalid", "reason": "x"}),
        ("2026-11-20 13:00", "judged", {"validity": "valid", "reason": "x"}),
        ("2026-11-20 13:01", "noted"),
        ("2026-11-20 14:00", "answered"),
    )
    assert len(find(made, "breached")) == len(find(made, "warned")) == 1
    assert [one["outcome"] for one in find(made, "clock_stopped", clock="answer")] == ["void", "late"]


# ---- facts and limits

OWN = """
[[fact]]
name = "cause"
values = ["design", "use"]
events = ["judged"]
[[clock]]
name = "remedy"
clause = "1"
when = { cause = "design" }
from = "registered"
until = "completed"
limit = "5d"
"""


def test_a_packs_own_fact_counts_on_whichever_event_tells_it(make, find, iso):
    made = make(OWN).play(
        START, ("2026-11-20 10:00", "judged", {"validity": "valid", "reason": "x", "cause": "design"})
    )
    [started] = find(made, "clock_started")
    assert (started["clock"], started["due"]) == ("remedy", iso("2026-11-25 18:00"))


ASKED = """
[[clock]]
name = "answer"
clause = "1"
from = "registered"
until = "answered"
limit = "asked"
"""


def test_where_only_the_customers_time_makes_a_limit_taking_it_back_voids_the_clock(make, find):
    made = make(ASKED).play(
        (*START, {"answer_by": "2026-11-21T09:00:00+08:00"}),
        ("2026-11-20 10:00", "amended", {"answer_by": None}),
    )
    [stopped] = find(made, "clock_stopped")
    assert stopped["outcome"] == "void"


NAMED = """
[[clock]]
name = "visit"
clause = "1"
from = "promised"
until = "contacted"
limit = ["by", "5d"]
"""


def test_a_time_that_the_starting_event_named_stays_when_facts_change(make, find):
    made = make(NAMED).play(
        START,
        ("2026-11-20 10:00", "promised", {"what": "visit", "by": "2026-11-20T12:00:00+08:00"}),
        ("2026-11-20 10:30", "amended", {"urgency": "urgent"}),
    )
    assert not find(made, "clock_changed")


COUNTED = """
[[trigger]]
name = "often"
clause = "1"
kind = "count"
of = "{of}"
at_least = 2
window = "{window}"
action = "look"
"""


@pytest.mark.parametrize(
    ("window", "second", "fires"),
    [
        ("24h", "2026-11-21 08:59", True),
        ("24h", "2026-11-21 09:00", False),
        ("1mo", "2026-12-20 08:59", True),
        ("1mo", "2026-12-20 09:00", False),
        ("7d", "2026-11-27 08:59", True),
    ],
)
def test_a_window_is_counted_in_its_own_unit(make, find, window, second, fires):
    bench = make(COUNTED.format(of="registered", window=window))
    made = bench.play(START, (second, "registered", {"case": "c2"}))
    assert bool(find(made, "action_required")) is fires


@pytest.mark.parametrize("window", ["3wd", "4sh"])
def test_a_window_of_working_time_is_no_window(make, window):
    with pytest.raises(ValueError, match="window"):
        make(COUNTED.format(of="registered", window=window))


def test_a_refused_event_is_no_occurrence_even_where_time_passed(make, find):
    clock = '[[clock]]\nname="x"\nclause="1"\nfrom="registered"\nuntil="answered"\nlimit="2h"\n'
    made = make(COUNTED.format(of="reopened", window="7d") + clock).play(
        START, ("2026-11-20 12:00", "reopened"), ("2026-11-20 13:00", "reopened")
    )
    assert len(find(made, "refused")) == 2
    assert not find(made, "action_required")


# ---- a revision of the calendar


def _under_revision(bench, before, after):
    """Each story's effects, the second part under a calendar in which 23 and 24 November are off."""
    table = bench.calendar.table
    revised = table.revised(
        2026,
        off=[*(day for day in table.off if day.year == 2026), date(2026, 11, 23), date(2026, 11, 24)],
        work=[day for day in table.work if day.year == 2026],
    )
    standing, made = None, []
    for calendar, story in ((bench.calendar, before), (build_calendar(bench.procedure, revised), after)):
        for event in bench.events(*before, *story)[len(before) :] if standing else bench.events(*story):
            standing, effects = step(standing, event, {}, bench.procedure, calendar)
            made += effects
    return standing, [json.loads(text) for text in output(made)]


def test_a_time_that_was_told_does_not_move_by_a_revision_when_facts_change(pm1, find, at):
    standing, made = _under_revision(
        pm1, [START], [("2026-11-20 10:00", "amended", {"category": "leak", "reason": "x"})]
    )
    assert not find(made, "clock_changed")
    assert standing.clocks[0].due == at("2026-11-24 18:00")


def test_a_rule_that_comes_back_keeps_the_time_that_was_told(pm1, find, iso):
    _, made = _under_revision(
        pm1,
        [START, ("2026-11-20 10:00", "judged", {"validity": "invalid", "reason": "x"})],
        [("2026-11-20 11:00", "judged", {"validity": "valid", "reason": "x"})],
    )
    assert [one["due"] for one in find(made, "clock_started", clock="answer")] == [
        iso("2026-11-24 18:00")
    ] * 2


def test_a_pause_adds_its_span_to_the_time_that_was_told_and_not_the_revision(pm1, find, iso):
    pause = ("2026-11-20 10:00", "paused", {"reason": "customer_absent"})
    _, made = _under_revision(pm1, [REPAIR, pause], [("2026-11-25 09:00", "resumed")])
    # told for the 25th; of the days paused only the 25th is worked under the revised calendar
    assert [one["due"] for one in find(made, "clock_resumed")] == [iso("2026-11-26 18:00")]


def test_another_limit_is_counted_by_the_revised_calendar(pm1, find, iso):
    _, made = _under_revision(pm1, [REPAIR], [("2026-11-20 10:00", "amended", {"kind": "suggestion"})])
    assert find(made, "clock_started", clock="answer")[0]["due"] == iso("2026-12-01 18:00")


# ---- malformed lines

TWICE = GOOD[:-1] + ',"kind":"repair"}'
WRONG = {
    "a key twice": (TWICE, "the key 'kind' stands twice"),
    "NaN": (line()[:-1] + ',"attempts":NaN}', "no JSON"),
    "an infinite number": (line()[:-1] + ',"attempts":1e999}', "attempts cannot be inf"),
    "nested without end": ("[" * 200_000, "no JSON"),
    "half a character": (line(text="\ud800"), "no JSON"),
    "an amount beyond all money": (line(event="compensated", amount="1E+1000000"), "amount is no amount"),
    "an amount with a line": (line(event="compensated", amount="1_000"), "amount is no amount"),
    "an amount below nothing": (line(event="compensated", amount="-0"), "amount is no amount"),
    "an amount in other digits": (line(event="compensated", amount="５"), "amount is no amount"),
    "year 1": (line(at="0001-01-01T00:00:00+14:00"), "outside the years"),
    "year 9999": (line(at="9999-12-31T23:59:59-14:00"), "outside the years"),
    "a wish for year 9999": (
        line(event="amended", answer_by="9999-12-31T00:00:00+08:00"),
        "answer_by lies outside the years",
    ),
    "a case that is a number": (line(case=5), "case is no word: 5"),
    "an event that is a list": (line(event=["noted"]), "event is no word"),
    "a value with the list of those there are": (
        line(event="judged", validity="maybe"),
        "one of: valid, partly_valid, invalid",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_line_that_cannot_be_read_is_named(pm1, name):
    text, words = WRONG[name]
    with pytest.raises(EngineError) as caught:
        read_lines([GOOD, text], pm1.procedure, pm1.calendar)
    message = str(caught.value)
    assert message.startswith("line 2: ")
    assert words in message
    assert len(message) < 400
    assert "\n" not in message


def test_a_limit_beyond_the_calendar_names_its_line(pm1):
    late = GOOD.replace("2026-11-20", "2059-12-31").replace('"complaint"', '"suggestion"')
    far = late.replace("2059-12-31", "2060-12-31")
    assert read_lines([late], pm1.procedure, pm1.calendar)
    with pytest.raises(EngineError, match="line 1: at lies outside"):
        read_lines([far], pm1.procedure, pm1.calendar)


def test_a_clock_that_runs_out_of_the_calendar_names_its_line(make):
    bench = make('[[clock]]\nname="x"\nclause="1"\nfrom="registered"\nuntil="answered"\nlimit="900wd"\n')
    events = read_lines(["", GOOD.replace("2026", "2059")], bench.procedure, bench.calendar)
    with pytest.raises(EngineError, match="line 2: no calendar"):
        simulate(events, bench.procedure, bench.calendar)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(0.1, "0.1"), (1e-7, "0.0000001"), (100, "100"), ("100.00", "100.00"), (1e3, "1000.0")],
)
def test_amounts_are_kept_as_plain_decimals(make, given, kept):
    bench = make("")
    events = read_lines([GOOD, line(event="compensated", amount=given)], bench.procedure, bench.calendar)
    standing = None
    for event in events:
        standing, _ = step(standing, event, {}, bench.procedure, bench.calendar)
    assert standing.entries[-1].data["amount"] == kept


def test_a_channel_or_category_is_any_word_in_a_simulation_but_not_where_a_company_records(pm1):
    text = GOOD[:-1] + ',"channel":"telephone","category":"elevator"}'
    [event] = read_lines([text], pm1.procedure, pm1.calendar)
    with pytest.raises(EngineError, match="channel cannot be"):
        check_event(event, pm1.procedure, pm1.calendar)


# ---- the command


def _command(tmp_path, capsysbinary, data: bytes, *more: str):
    from huiyin.cli.main import main

    file = tmp_path / "events.jsonl"
    file.write_bytes(data)
    status = main(["simulate", "PM1", str(file), *more])
    return status, *capsysbinary.readouterr()


@pytest.fixture
def command(tmp_path, capsysbinary, monkeypatch):
    import sys

    monkeypatch.setattr(type(sys.stdout), "reconfigure", lambda *_, **__: None, raising=False)
    return lambda data, *more: _command(tmp_path, capsysbinary, data, *more)


@pytest.mark.parametrize(
    ("data", "more", "words"),
    [
        (GOOD.encode() + b'\n{"at":"\xff"}\n', (), b"line 2: not UTF-8 text"),
        (GOOD.encode(), ("--until", "9999-12-31T23:59:59-14:00"), b"--until is no time"),
        (GOOD.encode(), ("--until", "0001-01-01T00:00:00+14:00"), b"--until is no time"),
        (GOOD.encode(), ("--until", "2026-01-01"), b"--until has no offset"),
        (GOOD.encode() + b"\n" + line(event="nothing").encode(), (), b"line 2: unknown event"),
    ],
)
def test_a_bad_file_or_time_is_one_line_and_prints_nothing(command, data, more, words):
    status, out, err = command(data, *more)
    assert (status, out, err.count(b"\n")) == (2, b"", 1)
    assert words in err


def test_what_separates_lines_elsewhere_may_stand_in_a_text(command):
    text = line(text="@").replace("@", "x\u2028y\x85z")
    status, out, _ = command(f"\ufeff{GOOD}\r\n\r\n{text}\r\n".encode())
    assert status == 0
    assert out.count(b"\n") == 4


def test_an_empty_file_has_no_effects(command):
    assert command(b"") == (0, b"", b"")


# ---- tables and standings, read afresh


def test_the_arrangement_reads_the_same_each_time_it_is_built():
    table = state_council_days.__wrapped__()
    assert table == state_council_days()
    assert date(2026, 10, 10) in table.work
    assert date(2026, 2, 23) in table.off
    assert date(2027, 10, 3) in table.off


def test_revising_one_year_leaves_the_make_up_days_of_the_others_and_drops_its_own():
    table = state_council_days().revised(2026, off=[], work=[date(2026, 3, 1)])
    assert date(2025, 9, 28) in table.work
    assert date(2026, 10, 10) not in table.work
    assert date(2026, 3, 1) in table.work


def test_a_pause_that_is_over_comes_back_from_json_as_it_was(pm1):
    standing = pm1.case(
        REPAIR,
        ("2026-11-20 10:00", "paused", {"reason": "customer_absent"}),
        ("2026-11-20 11:00", "resumed"),
        ("2026-11-20 12:00", "paused", {"reason": "customer_absent"}),
    )
    read = Standing.from_dict(json.loads(json.dumps(standing.to_dict())))
    assert read == standing
    [paused] = [clock for clock in read.clocks if clock.pauses]
    assert [end is None for _, end in paused.pauses] == [False, True]


def test_rules_read_what_was_compensated_as_soon_as_it_was(make, find):
    rule = (
        '[[clock]]\nname="x"\nclause="1"\nwhen={ compensated = { above = 50 } }\n'
        'from="registered"\nuntil="answered"\nlimit="5d"\n'
    )
    made = make(rule).play(
        START,
        ("2026-11-20 10:00", "compensated", {"amount": "50"}),
        ("2026-11-20 11:00", "compensated", {"amount": "0.01"}),
    )
    assert [one["at"][11:16] for one in find(made, "clock_started")] == ["11:00"]
