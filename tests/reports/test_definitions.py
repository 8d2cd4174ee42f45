"""What each figure means, on small histories made for the purpose."""

from __future__ import annotations

from typing import Any

import pytest
from tests.reports.conftest import World, local

from huiyin.reports.figures.pareto import pareto
from huiyin.reports.periods import parse_period
from huiyin.reports.selectors import live_report, unit_for


def report(
    world: World, period: str = "2026-04", cutoff: str = "2026-05-05 10:00", unit: str = ""
) -> dict[str, Any]:
    actor = world.actor("manager")
    return live_report(actor, period=parse_period(period), unit=unit_for(actor, unit), cutoff=local(cutoff))


def test_the_category_that_crosses_four_fifths_is_the_last_of_the_vital_few() -> None:
    rows = pareto([("a", 42), ("b", 27), ("c", 15), ("d", 8), ("e", 5), ("f", 3)])
    assert [row.vital for row in rows] == [True, True, True, False, False, False]
    assert [row.cumulative for row in rows] == [42.0, 69.0, 84.0, 92.0, 97.0, 100.0]
    # exactly 80% is reached, not crossed again by the next
    assert [row.vital for row in pareto([("a", 80), ("b", 20)])] == [True, False]
    assert pareto([]) == []


def test_a_case_is_answered_in_time_up_to_its_due_moment(world: World) -> None:
    """Urgent: two hours."""
    exact = world.register("2026-04-07 09:00", urgency="urgent")
    world.record("2026-04-07 11:00", exact, "answered", text="好了", means="phone")
    late = world.register("2026-04-07 09:00", urgency="urgent")
    world.record("2026-04-07 11:01", late, "answered", text="好了", means="phone")
    world.register("2026-04-07 09:00", urgency="urgent")  # never answered
    figures = report(world)["figures"]
    assert (figures["answer_met"], figures["answer_late"]) == (1, 2)
    early = report(world, cutoff="2026-04-07 10:30")["figures"]
    assert (early["answer_met"], early["answer_late"], early["answer_waiting"]) == (0, 0, 3)


def test_where_the_customer_asked_for_later_than_the_limit_it_is_counted_apart(world: World) -> None:
    later = world.register("2026-04-07 09:00", urgency="urgent", answer_by="2026-04-08T18:00:00+08:00")
    world.record("2026-04-08 10:00", later, "answered", text="好了", means="phone")
    sooner = world.register("2026-04-07 09:00", answer_by="2026-04-07T12:00:00+08:00")
    world.record("2026-04-07 11:00", sooner, "answered", text="好了", means="phone")
    found = report(world)
    assert found["figures"]["asked_met"] == 1
    assert found["figures"]["answer_met"] == 1
    assert found["rates"]["in_time"] == {"counted": 1, "out_of": 1, "percent": 100.0}


def test_an_invalid_complaint_is_measured_by_its_explanation(world: World) -> None:
    case = world.register("2026-04-07 09:00")
    world.record("2026-04-07 10:00", case, "judged", validity="invalid", reason="不属于我们")
    assert report(world, cutoff="2026-04-07 12:00")["figures"]["answer_waiting"] == 1
    world.record("2026-04-13 10:00", case, "answered", text="向您说明原因", means="phone")
    found = report(world)
    assert found["figures"]["answer_late"] == 1
    assert found["rates"]["invalid"]["percent"] == 100.0


def test_a_deadline_moved_in_its_last_fifth_is_shown(world: World) -> None:
    near = world.register("2026-04-07 09:00", urgency="urgent")
    world.record("2026-04-07 10:40", near, "judged", validity="valid", reason="是", urgency="ordinary")
    early = world.register("2026-04-07 09:00", urgency="urgent")
    world.record("2026-04-07 09:30", early, "judged", validity="valid", reason="是", urgency="ordinary")
    assert report(world)["figures"]["downgraded"] == 1


@pytest.mark.clause("PM1-7.2.10")
def test_visits_by_the_handler_and_by_others_are_counted_apart(world: World) -> None:
    world.handled("2026-04-07")
    other = world.register("2026-04-08 09:00")
    world.record("2026-04-08 09:30", other, "judged", validity="valid", reason="是")
    world.record("2026-04-08 10:00", other, "completed", result="修好")
    world.record("2026-04-08 10:10", other, "answered", text="好了", means="phone")
    world.record(
        "2026-04-09 10:00",
        other,
        "followed_up",
        who="supervisor_a",
        outcome="fairly_satisfied",
        means="phone",
    )
    missing = world.register("2026-04-10 09:00")
    world.record("2026-04-10 09:30", missing, "judged", validity="valid", reason="是")
    world.record("2026-04-10 10:00", missing, "completed", result="修好")
    found = report(world)
    figures = found["figures"]
    assert (figures["visit_due"], figures["visited"], figures["visit_missing"]) == (3, 2, 1)
    assert (figures["visit_own"], figures["visit_other"]) == (1, 1)
    assert found["rates"]["coverage"]["percent"] == 66.7
    assert found["rates"]["satisfaction"]["percent"] == 100.0


def test_a_reopened_case_comes_in_again(world: World) -> None:
    case = world.handled("2026-04-07")
    world.record("2026-04-20 09:00", case, "reopened", reason="又漏了")
    figures = report(world)["figures"]
    assert (figures["new"], figures["closed"], figures["reopened"], figures["open_end"]) == (1, 1, 1, 1)
    assert figures["open_age_15_30"] == 1
    assert report(world, "2026-05")["figures"]["open_start"] == 1


def test_an_unfinished_case_that_is_reopened_does_not_come_in_twice(world: World) -> None:
    case = world.register("2026-04-07 09:00")
    world.record("2026-04-07 09:30", case, "judged", validity="valid", reason="是")
    world.record("2026-04-07 10:00", case, "answered", text="好了", means="phone")
    world.record("2026-04-08 10:00", case, "followed_up", outcome="dissatisfied", means="phone")
    figures = report(world)["figures"]
    assert (figures["new"], figures["reopened"], figures["open_end"]) == (1, 0, 1)


def test_late_entries_are_shown(world: World) -> None:
    told_late = world.register("2026-04-10 09:00", told="2026-04-07 09:00")
    world.record("2026-04-20 09:00", told_late, "answered", at="2026-04-11 09:00", text="好了", means="phone")
    figures = report(world)["figures"]
    assert (figures["late_registered"], figures["late_recorded"]) == (1, 1)


def test_promises_are_kept_broken_or_open(world: World) -> None:
    case = world.register("2026-04-07 09:00")
    by = "2026-04-08T18:00:00+08:00"
    world.record("2026-04-07 09:10", case, "promised", what="answer", by=by)
    assert report(world, cutoff="2026-04-07 12:00")["figures"]["promises_open"] == 1
    world.record("2026-04-08 10:00", case, "answered", text="好了", means="phone")
    broken = world.register("2026-04-07 09:00", who="duty_b")
    world.record("2026-04-07 09:10", broken, "promised", who="head_b", what="visit", by=by)
    found = report(world)
    assert (found["figures"]["promises_kept"], found["figures"]["promises_broken"]) == (1, 1)
    assert found["rates"]["promises"]["percent"] == 50.0


def test_a_category_corrected_after_the_cut_off_is_still_the_old_one(world: World) -> None:
    case = world.register("2026-04-07 09:00", category="leak")
    world.record("2026-05-06 09:00", case, "amended", category="lift", reason="归错类")
    before = report(world)["dimensions"]["category"]
    assert [(row["code"], row["count"]) for row in before] == [("leak", 1)]
    after = report(world, cutoff="2026-05-07 09:00")["dimensions"]["category"]
    assert [(row["code"], row["count"]) for row in after] == [("lift", 1)]


def test_complaints_are_set_against_occupied_households(world: World) -> None:
    from datetime import date

    from huiyin.customers.models import Household, Place

    small = world.small
    site = Place.objects.create(
        company=small.root, unit=small.site_a, kind="site", name="东湖花园", full_name="东湖花园", sort="1"
    )
    for number in range(50):
        room = Place.objects.create(
            company=small.root, unit=small.site_a, site=site, parent=site, kind="room", code=f"1-{number}",
            name=f"{number}", full_name=f"东湖花园 1-{number}", sort=f"{number:04}",
        )  # fmt: skip
        until = date(2026, 4, 15) if number < 10 else None
        Household.objects.create(
            company=small.root, unit=small.site_a, room=room, since=date(2020, 1, 1), until=until
        )
    world.register("2026-04-07 09:00")
    found = report(world)
    assert (found["households"], found["per_100"]) == (40, 2.5)
    assert report(world, "2026-03")["households"] == 50


def test_the_trend_has_thirteen_months(world: World) -> None:
    world.register("2025-04-07 09:00")
    world.register("2026-04-07 09:00")
    trend = report(world)["trend"]
    assert [row["month"] for row in trend][::12] == [202504, 202604]
    assert [row["complaints"] for row in trend][::12] == [1, 1]
