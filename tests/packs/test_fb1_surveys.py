"""Pack FB1: surveys of every area, verified by calling back, and where their reports go."""

from __future__ import annotations

import pytest
from tests.packs.surveybench import households

from huiyin.surveys.core import to_verify

SURVEYS = ("monthly", "quarterly", "office", "quality")


def areas(first, second):
    """Twenty forms handed out in each of two areas, so many of them filled in."""
    sample = [
        {"id": f"h{at}", "area": "AB"[at // 20], "stratum": "all", "reason": "random", "weight": 1}
        for at in range(40)
    ]
    return sample, [f"h{at}" for at in (*range(first), *range(20, 20 + second))]


@pytest.mark.clause("FB1-2.1.1")
def test_customer_service_surveys_by_month_and_quarter_and_others_as_needed(surveys):
    every = {code: (surveys.row(code).every, surveys.row(code).owner) for code in SURVEYS}
    assert every == {
        "monthly": ("month", "customer_service"),
        "quarterly": ("quarter", "customer_service"),
        "office": ("as_needed", "project_manager"),
        "quality": ("as_needed", "quality_manager"),
    }
    assert {surveys.clause(code) for code in SURVEYS} == {"2.1.1"}
    assert surveys.due(surveys.row("monthly"), "2026-11-01").date().isoformat() == "2026-11-30"
    assert surveys.due(surveys.row("quarterly"), "2026-10-01").date().isoformat() == "2026-12-31"
    assert surveys.plan("quality").survey.organised_by == "quality_manager"


@pytest.mark.clause("FB1-2.1.2")
@pytest.mark.parametrize("survey", SURVEYS)
def test_every_area_returns_at_least_ninety_per_cent(surveys, survey):
    sample, ids = areas(20, 18)
    answers = [form | {"id": one} for form, one in zip(surveys.all(survey, "4", len(ids)), ids, strict=True)]
    assert surveys.score(survey, answers, sample=sample).valid
    short = [form for form in answers if form["id"] != "h20"]
    found = surveys.score(survey, short, sample=sample)
    assert not found.valid
    assert (found.reason["clause"], found.reason["groups"]) == ("2.1.2", ["B"])
    assert surveys.row(survey).response_rate == 0.9


@pytest.mark.clause("FB1-2.1.3")
@pytest.mark.parametrize("survey", SURVEYS)
def test_qualified_over_qualified_and_dissatisfied_without_what_was_not_answered(surveys, survey):
    answers = [
        *surveys.all(survey, "5", area="A"),
        *surveys.all(survey, "4", area="A"),
        *surveys.all(survey, "3", area="A", cleaning=""),
        *surveys.all(survey, "2", area="A", cleaning="1"),
    ]
    plan = surveys.plan(survey)
    sample = [{"id": f"h{at}", "area": "A", "reason": "random", "weight": 1} for at in range(4)]
    found = surveys.score(survey, answers, sample=sample)
    cleaning = next(item for item in found.items if item.key == "cleaning")
    assert (cleaning.satisfied, cleaning.dissatisfied, cleaning.not_answered) == (2, 1, 1)
    assert cleaning.rate.value == pytest.approx(2 / 3)
    assert found.rate.value == pytest.approx(23 / 31)
    assert {plan.scale[0].clause, plan.score.clause, plan.analysis.clause} == {"2.1.3"}
    assert set(plan.analysis.tools) == {"check_sheet", "pareto"}
    manager = "quality_manager" if survey == "quality" else "project_manager"
    assert surveys.row(survey).approval == plan.analysis.to == [manager]


@pytest.mark.clause("FB1-2.1.3d")
def test_where_the_reports_go(surveys):
    routes = {
        code: (surveys.row(code).approval, surveys.row(code).given_to, surveys.row(code).publish_to)
        for code in ("service_report", "office_report", "quality_report")
    }
    assert routes == {
        "service_report": (["project_manager"], [], ["departments"]),
        "office_report": (["project_manager"], ["general_manager"], []),
        "quality_report": (["quality_manager"], ["general_manager"], []),
    }
    assert {surveys.clause(code) for code in routes} == {"2.1.3d"}
    owners = [surveys.row(code).owner for code in routes]
    assert owners == ["customer_service", "supervisor", "quality_manager"]
    assert surveys.row("service_report").every == "month"
    assert surveys.due(surveys.row("service_report"), "2026-11-01").date().isoformat() == "2026-12-05"
    assert {surveys.row(code).every for code in ("office_report", "quality_report")} == {"as_needed"}


@pytest.mark.clause("FB1-2.2")
@pytest.mark.parametrize(("survey", "who"), [("monthly", "project_manager"), ("quality", "quality_manager")])
def test_answers_are_verified_by_calling_back(surveys, survey, who):
    plan = surveys.plan(survey)
    assert (plan.verification.by, plan.verification.clause) == (who, "2.2")
    ids = [f"h{at}" for at in range(95)]
    chosen = to_verify(plan, ids, 1)
    assert len(chosen) == 10
    assert chosen == to_verify(plan, ids, 1) != to_verify(plan, ids, 2)


@pytest.mark.clause("FB1-2.2")
@pytest.mark.parametrize(("survey", "who"), [("monthly", "project_manager"), ("quality", "quality_manager")])
def test_serious_dissatisfaction_is_visited_and_unsatisfactory_items_are_nonconformities(
    surveys, survey, who
):
    answers = surveys.all(survey, "4", 3, area="A") + surveys.all(
        survey, "4", 1, area="A", repair="1", parking="2"
    )
    sample = [{"id": f"h{at}", "area": "A", "reason": "random", "weight": 1} for at in range(4)]
    due = {one.action: one for one in surveys.scored(survey, answers, sample=sample)[1]}
    assert set(due) == {"return_visit", "nonconformity"}
    assert (due["return_visit"].forms, due["return_visit"].by, due["return_visit"].clause) == (
        (3,),
        who,
        "2.2",
    )
    assert (set(due["nonconformity"].about), due["nonconformity"].by) == ({"repair", "parking"}, who)


@pytest.mark.clause("FB1-2.2")
def test_paid_services_are_visited_all(surveys):
    found = surveys.draw("paid_services", households(10, paid_service=lambda at: int(at < 4)))
    assert len(found.chosen) == 4
    row, plan = surveys.row("paid_services"), surveys.plan("paid_services")
    assert (row.clause, row.every, row.owner) == ("2.2", "month", "customer_service")
    assert set(plan.questionnaire.ways) == {"phone", "visit"}
    serious = surveys.scored("paid_services", surveys.all("paid_services", "4", 1, price="1"))[1]
    assert [(one.action, one.by) for one in serious] == [("return_visit", "project_manager")]
