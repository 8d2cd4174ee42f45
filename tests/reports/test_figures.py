"""Figures of random histories: the balance, the lists behind the figures, the cut-off."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Any

from tests.reports.conftest import World, local, random_history

from huiyin.cases.models import Case, CaseEvent
from huiyin.reports.figures.conditions import ENDINGS, FIGURES
from huiyin.reports.periods import Period, parse_period
from huiyin.reports.selection import selection
from huiyin.reports.selectors import frame_for, live_report, unit_for

PERIODS = ("2026-03", "2026-04", "2026-05", "2026-Q1", "2026-Q2", "2026")
CUTOFF = "2026-05-20 12:00"


def report(world: World, period: str, unit: str = "", cutoff: str = CUTOFF) -> dict[str, Any]:
    actor = world.actor("manager")
    return live_report(actor, period=parse_period(period), unit=unit_for(actor, unit), cutoff=local(cutoff))


def balances(figures: dict[str, int]) -> bool:
    ended = sum(figures[name] for name in ENDINGS)
    return figures["open_start"] + figures["new"] + figures["reopened"] - ended == figures["open_end"]


def test_open_at_start_and_what_came_less_what_went_is_open_at_end(history: World) -> None:
    for period in PERIODS:
        for cutoff in ("2026-04-03 09:00", CUTOFF):
            for unit in ("", "HQ", "A", "B"):
                found = report(history, period, unit, cutoff)
                assert balances(found["figures"]), (period, unit, cutoff)
                for site in found["sites"]:
                    assert balances(site["figures"]), (period, site["name"])


def test_the_end_of_a_month_is_the_start_of_the_next(history: World) -> None:
    march, april = report(history, "2026-03")["figures"], report(history, "2026-04")["figures"]
    assert march["open_end"] == april["open_start"]
    ages = sum(count for name, count in april.items() if name.startswith("open_age"))
    assert ages == april["open_end"]


def test_the_balance_agrees_with_the_cases_themselves(history: World) -> None:
    figures = report(history, "2026-05")["figures"]
    assert figures["open_end"] == Case.objects.filter(open=True).count()
    whole = report(history, "2026")["figures"]
    assert whole["new"] == whole["received"] == Case.objects.count()
    assert whole["voided"] == CaseEvent.objects.filter(name="voided").count()


def test_the_sites_add_up_to_the_company(history: World) -> None:
    whole, first, second = (report(history, "2026-04", code) for code in ("", "A", "B"))
    for name in FIGURES:
        assert whole["figures"][name] == sum(site["figures"][name] for site in whole["sites"]), name
        assert whole["figures"][name] == first["figures"][name] + second["figures"][name], name


def test_every_figure_is_the_length_of_its_list(history: World) -> None:
    actor = history.actor("manager")
    for period in PERIODS:
        for code in ("", "A"):
            found = report(history, period, code)
            frame = frame_for(actor, unit_for(actor, code), parse_period(period), local(CUTOFF))
            for name, count in found["figures"].items():
                assert len(selection(name, frame).case_ids()) == count, (period, code, name)
                for site in found["sites"]:
                    listed = selection(name, frame, {"site": site["id"]}).case_ids()
                    assert len(listed) == site["figures"][name], (period, name, site["name"])
            for dimension, rows in found["dimensions"].items():
                figure = "complaints" if dimension == "validity" else "received"
                for row in rows:
                    listed = selection(figure, frame, {dimension: row["code"]}).case_ids()
                    assert len(listed) == row["count"], (dimension, row)
                assert sum(row["count"] for row in rows) == found["figures"][figure]
            for row in found["pareto"]:
                listed = selection("complaints_valid", frame, {"category": row["code"]}).case_ids()
                assert len(listed) == row["count"]


def test_every_figure_of_a_bucket_is_the_length_of_its_list(history: World) -> None:
    """Spans, promises and chases narrowed by what the case was known as."""
    actor = history.actor("manager")
    frame = frame_for(actor, unit_for(actor), parse_period("2026-04"), local(CUTOFF))
    for name, figure in FIGURES.items():
        whole = len(selection(name, frame).case_ids())
        if figure.source.name == "spans" and name != "new":
            months = [
                selection(name, frame, {"kind": kind}).count()
                for kind in ("complaint", "repair", "suggestion", "enquiry")
            ]
            assert sum(months) == whole, name
        by_channel = [
            selection(name, frame, {"channel": one}).count()
            for one in ("phone", "front_desk", "wechat", "letter")
        ]
        assert sum(by_channel) == whole, name


def test_answers_fall_into_exactly_one_class(history: World) -> None:
    figures = report(history, "2026")["figures"]
    classes = (
        "answer_met",
        "answer_late",
        "answer_waiting",
        "answer_none",
        "asked_met",
        "asked_late",
        "asked_waiting",
    )
    assert sum(figures[name] for name in classes) == figures["received"]
    assert figures["answer_met"] > 0
    assert figures["answer_late"] > 0
    assert figures["asked_late"] + figures["asked_met"] > 0
    promised = ("promises_kept", "promises_broken", "promises_open", "promises_void")
    assert sum(figures[name] for name in promised) == figures["promises"] > 0
    assert figures["chases"] == CaseEvent.objects.filter(name="chased").count() > 0


def test_a_report_ignores_what_was_recorded_after_its_cut_off(history: World) -> None:
    cutoffs = ("2026-04-10 12:00", "2026-04-25 12:00")
    before = {cutoff: report(history, "2026-04", cutoff=cutoff) for cutoff in cutoffs}
    assert before[cutoffs[0]]["figures"] != before[cutoffs[1]]["figures"]
    random_history(history, seed=8, cases=15, start="2026-05-21 08:00", days=10)
    for cutoff in cutoffs:
        assert report(history, "2026-04", cutoff=cutoff) == before[cutoff]


def test_the_medians_are_those_of_the_cases(history: World) -> None:
    found = report(history, "2026-04")
    actor = history.actor("manager")
    frame = frame_for(actor, unit_for(actor), parse_period("2026-04"), local(CUTOFF))
    seconds = sorted(selection("solved", frame).rows.values_list("solve_seconds", flat=True))
    assert len(seconds) > 4
    assert found["solve"]["median"] == int(median(seconds))
    assert found["solve"]["p90"] == seconds[-(-len(seconds) * 9 // 10) - 1]


def test_periods_are_made_of_whole_months() -> None:
    assert parse_period("2019-Q2") == Period("quarter", 201904, 201906)
    assert parse_period("2019").start == local("2019-01-01 00:00")
    assert parse_period("2019-12").end == local("2020-01-01 00:00")
    assert parse_period("2020-01").shifted(-1).code == "2019-12"
    assert parse_period("2019-Q1").shifted(-1).code == "2018-Q4"
    assert isinstance(parse_period("2019").end, datetime)
