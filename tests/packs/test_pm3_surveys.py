"""Pack PM3: full surveys of communities, questionnaires of the branches, special surveys."""

from __future__ import annotations

import pytest
from tests.packs.surveybench import households, reasons

from huiyin.surveys.core import compare, dissatisfaction, totals

FIFTEEN = {
    "attitude", "repair_quality", "repair_timeliness", "cleaning", "pest_control", "greening", "security",
    "parking", "mail", "culture", "complaints", "lifts", "fire", "heating", "hot_water",
}  # fmt: skip


@pytest.mark.clause("PM3-3.3")
def test_quality_computes_the_rate_of_the_company_and_its_trend(surveys):
    plan, row = surveys.plan("full"), surveys.row("company")
    assert (plan.analysis.by, plan.analysis.clause) == ("quality", "3.3")
    assert "trend" in plan.analysis.tools
    assert "company" in plan.analysis.counted_by
    assert (row.clause, row.owner) == ("3.3", "quality")
    assert "branch_manager" in row.given_to
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2027-01-31"
    branches = [surveys.score("full", surveys.all("full", grade, 20)) for grade in ("4", "2")]
    assert totals(plan, branches)["lifts"].rate == 0.5


@pytest.mark.clause("PM3-3.3")
def test_the_trend_is_told_apart_from_chance(surveys):
    sample = [{"id": f"h{at}", "reason": "random", "weight": 10} for at in range(100)]

    def year(good):
        answers = surveys.all("full", "4", good) + surveys.all("full", "2", 100 - good)
        return surveys.score("full", answers, sample=sample).rate

    assert not compare(year(80), year(82)).differs
    assert compare(year(80), year(95)).differs


@pytest.mark.clause("PM3-4.2a")
def test_communities_occupied_for_three_months_are_surveyed_fully(surveys):
    row = surveys.row("full")
    assert (row.clause, row.owner, row.every) == ("4.2a", "branch_manager", "year")
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-12-31"
    frame = households(10, occupied_since=lambda at: "2026-08-22" if at < 6 else "2026-08-23")
    found = surveys.draw("full", frame, on="2026-11-22")
    assert len(found.chosen) == 6
    assert {one.weight for one in found.chosen} == {1.0}


@pytest.mark.clause("PM3-4.2a")
@pytest.mark.parametrize(("returned", "valid"), [(75, False), (76, True)])
def test_the_survey_counts_where_more_than_75_per_cent_return_within_half_a_month(surveys, returned, valid):
    found = surveys.score("full", surveys.all("full", "4", returned), handed_out=100)
    assert found.valid is valid
    assert found.reason["clause"] == "4.2a"
    assert surveys.plan("full").returns.within == surveys.plan("full").survey.deadline == "15d"


@pytest.mark.clause("PM3-4.2b")
def test_a_branchs_questionnaire_goes_out_with_the_representatives_approval(surveys):
    for code in ("full", "special"):
        plan = surveys.plan(code)
        assert plan.questionnaire.clause == "4.2b"
        assert plan.survey.organised_by == "branch_manager"
        assert plan.missing_approvals(["branch_manager"]) == ["management_representative"]
        assert plan.missing_approvals(["management_representative"]) == []


@pytest.mark.clause("PM3-4.2c")
def test_rates_of_each_item_and_of_all(surveys):
    answers = surveys.all("full", "4", 3) + surveys.all("full", "2", 1, lifts="1", hot_water="")
    found = surveys.score("full", answers)
    rates = {item.key: item.rate.value for item in found.items if item.rate}
    assert len(rates) == 15
    assert rates["lifts"] == 0.75
    assert rates["hot_water"] == 1
    assert found.rate.value == pytest.approx(45 / 59)
    assert surveys.plan("full").score.clause == "4.2c"


@pytest.mark.clause("PM3-4.2d")
def test_a_widespread_grievance_calls_for_a_survey_of_those_concerned(surveys):
    answers = surveys.all("full", "4", 7) + surveys.all("full", "4", 3, lifts="2")
    result, due = surveys.scored("full", answers)
    assert [(one.action, one.clause, one.about) for one in due] == [
        ("special_survey", "4.2d", ("lifts",)),
        ("corrective_action", "4.2d", ("lifts",)),
    ]
    assert dissatisfaction(result)[0].name == "lifts"
    assert surveys.scored("full", surveys.all("full", "4", 8) + surveys.all("full", "2", 2))[1] == []
    row = surveys.row("special")
    assert (row.clause, row.every, row.owner) == ("4.2d", "as_needed", "branch_manager")
    asked = surveys.draw("special", households(10, concerned=lambda at: int(at < 3)))
    assert reasons(asked) == {"random": 3}


@pytest.mark.clause("PM3-4.2e")
def test_the_fifteen_items(surveys):
    assert {item.key for item in surveys.plan("full").item if item.clause == "4.2e"} == FIFTEEN
