"""Pack PM1: monthly asking, the yearly survey, special surveys and the forum."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.packs.surveybench import households, reasons

EIGHT = {"housing", "security", "vehicles", "cleaning", "greening", "repair", "events", "convenience"}
SITES = {"site": lambda at: "A" if at < 101 else "B", "occupied": "1", "asked": 0}


@pytest.mark.clause("PM1-5.4")
def test_the_customer_service_supervisor_surveys_analyses_and_proposes(surveys):
    for code in ("monthly", "yearly", "special"):
        plan = surveys.plan(code)
        assert surveys.row(code).owner == plan.survey.organised_by == "service_supervisor"
        assert plan.analysis.by == "service_supervisor"
        assert plan.analysis.proposals
    special = surveys.row("special")
    assert (special.clause, special.every) == ("5.4", "as_needed")
    assert reasons(surveys.draw("special", households(4, concerned=lambda at: at % 2))) == {"random": 2}


@pytest.mark.clause("PM1-7.3.1")
def test_every_office_asks_each_month_about_eight_topics(surveys):
    row, plan = surveys.row("monthly"), surveys.plan("monthly")
    assert (row.clause, row.every, row.per) == ("7.3.1", "month", "site")
    assert {item.key for item in plan.item if item.clause == "7.3.1"} == EIGHT
    assert set(plan.questionnaire.ways) == {"visit", "phone", "outdoors", "paper"}
    assert surveys.due(row, "2026-11-01").isoformat() == "2026-11-30T18:00:00+08:00"


@pytest.mark.clause("PM1-7.3.2")
def test_each_month_five_per_cent_of_the_occupied_households_of_each_office(surveys):
    found = surveys.draw("monthly", households(121, **SITES))
    assert Counter(one.stratum for one in found.chosen) == {"A": 6, "B": 1}
    three = {**SITES, "site": lambda at: "A" if at < 90 else "B"}
    assert Counter(one.stratum for one in surveys.draw("monthly", households(120, **three)).chosen) == {
        "A": 5,
        "B": 2,
    }
    empty = surveys.draw("monthly", households(100, site="A", occupied=lambda at: int(at < 40), asked=0))
    assert len(empty.chosen) == 2
    assert surveys.row("monthly").share == 0.05


@pytest.mark.clause("PM1-7.3.2")
def test_nobody_is_asked_again_until_everybody_was(surveys):
    found = surveys.draw("monthly", households(100, site="A", occupied="1", asked=lambda at: int(at >= 5)))
    assert {one.row[0] for one in found.chosen} == {"h0", "h1", "h2", "h3", "h4"}


@pytest.mark.clause("PM1-7.3.2")
@pytest.mark.parametrize(("returned", "after"), [(50, 1.0), (46, 1.0), (45, 0.99), (39, 0.98)])
def test_five_points_of_return_short_cost_one_point_of_satisfaction(surveys, returned, after):
    found = surveys.score("monthly", surveys.all("monthly", "4", returned), handed_out=100)
    assert found.valid
    assert found.rate.value == 1
    assert found.after == pytest.approx(after)
    assert found.reason["clause"] == "7.3.2"


@pytest.mark.clause("PM1-7.3.3")
def test_results_are_counted_by_the_eight_categories_every_half_year(surveys):
    from huiyin.surveys.core import totals

    plan = surveys.plan("monthly")
    months = [surveys.score("monthly", surveys.all("monthly", grade, 2)) for grade in ("5", "4", "1")]
    found = totals(plan, months)
    assert set(found) == EIGHT
    assert (found["repair"].satisfied, found["repair"].dissatisfied) == (4, 2)
    row = surveys.row("half_yearly")
    assert (row.clause, row.every) == ("7.3.3", "half_year")
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-07-15"
    assert "category" in plan.analysis.counted_by


@pytest.mark.clause("PM1-7.3.3")
def test_a_missed_objective_and_common_complaints_demand_measures(surveys):
    answers = [*surveys.all("monthly", "4", 8), *surveys.all("monthly", "4", 2, repair="1", vehicles="2")]
    result, due = surveys.scored("monthly", answers)
    assert result.rate.value == pytest.approx(0.95)
    assert [(one.action, one.clause, set(one.about)) for one in due] == [
        ("corrective_action", "7.3.3", {"repair", "vehicles"})
    ]
    few = surveys.all("monthly", "4", 19) + surveys.all("monthly", "4", 1, repair="1")
    assert surveys.scored("monthly", few)[1] == []
    worse, due = surveys.scored("monthly", surveys.all("monthly", "4", 8) + surveys.all("monthly", "2", 2))
    assert next(one for one in worse.flags if one["code"] == "objective_missed") == {
        "code": "objective_missed",
        "objective": 0.9,
        "actual": 0.8,
        "clause": "7.3.3",
    }
    assert ("missed_objective", "department_head") in [(one.on, one.by) for one in due]


@pytest.mark.clause("PM1-7.3.4")
def test_a_forum_with_owners_every_year(surveys):
    forum = surveys.meeting("forum")
    assert (forum.clause, forum.every, forum.with_customers) == ("7.3.4", "year", True)
    assert forum.agenda[0] == "业主意见"
    assert surveys.due(forum, "2026-01-01").date().isoformat() == "2026-12-31"


@pytest.mark.clause("PM1-7.3.5")
def test_a_full_survey_each_year_and_special_ones_as_needed(surveys):
    yearly, special = surveys.row("yearly"), surveys.row("special")
    assert (yearly.clause, yearly.every) == ("7.3.5", "year")
    assert surveys.due(yearly, "2026-01-01").date().isoformat() == "2026-12-31"
    assert special.cites["survey"] == "7.3.5"
    assert surveys.plan("special").sample.clause == "7.3.5"


@pytest.mark.clause("PM1-7.3.6")
def test_half_of_all_households_of_every_site_with_those_who_complained(surveys):
    complained = {"complained": lambda at: int(at in (3, 150)), "occupied": lambda at: at % 2}
    found = surveys.draw("yearly", households(202, site=lambda at: "A" if at < 121 else "B", **complained))
    asked = [one for one in found.chosen if one.reason != "reserve"]
    assert Counter(one.stratum for one in asked) == {"A": 61, "B": 41}
    assert {one.row[0] for one in asked if one.reason == "targeted"} == {"h3", "h150"}
    assert {one.weight for one in asked if one.reason == "targeted"} == {1.0}


@pytest.mark.clause("PM1-7.3.6")
def test_half_must_return_and_the_objective_must_be_met(surveys):
    site = [{"id": f"h{at}", "site": "A", "reason": "random", "weight": 2} for at in range(100)]
    found = surveys.score("yearly", surveys.all("yearly", "4", 40), sample=site)
    assert (found.deduction, found.reason["clause"]) == (pytest.approx(0.02), "7.3.6")
    result, due = surveys.scored("yearly", surveys.all("yearly", "2", 50), sample=site)
    assert "objective_missed" in {flag["code"] for flag in result.flags}
    assert [(one.action, one.clause) for one in due] == [("corrective_action", "7.3.6")]


@pytest.mark.clause("PM1-7.3.7")
def test_results_go_to_the_general_manager_with_techniques_and_proposals(surveys):
    plan, row = surveys.plan("yearly"), surveys.row("yearly")
    assert plan.analysis.clause == plan.questionnaire.clause == row.cites["analysis"] == "7.3.7"
    assert set(plan.analysis.tools) == {"pareto", "cause_effect"}
    assert plan.analysis.to == row.given_to == ["general_manager"]
    assert plan.analysis.proposals
    assert plan.questionnaire.tells_improvements
