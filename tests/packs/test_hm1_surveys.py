"""Pack HM1: five grades, weighted items of two kinds of product, the evaluation report."""

from __future__ import annotations

import pytest

LINE = ("reliability", "safety", "functions", "bought_in")
COMMON = ("outer", "service", "delivery")


def form(product, grades, unit="u1"):
    keys = (*LINE, *COMMON) if product == "line" else ("inner", *COMMON)
    return {"product": product, "unit": unit} | dict(zip(keys, grades, strict=True))


@pytest.mark.clause("HM1-5.4.1.1")
def test_satisfaction_is_gathered_twice_a_year_and_irregularly_in_many_ways(surveys):
    row, plan = surveys.row("half_yearly"), surveys.plan("half_yearly")
    assert (row.clause, row.every, row.questionnaire) == ("5.4.1.1", "half_year", "0703-06")
    assert surveys.row("irregular").every == "as_needed"
    assert row.owner == surveys.row("irregular").owner == plan.survey.organised_by == "sales"
    assert surveys.clause("irregular") == plan.questionnaire.clause == "5.4.1.1"
    ways = {"visit", "talk", "paper", "fair", "on_site", "fax", "phone", "letter"}
    assert set(plan.questionnaire.ways) == ways
    assert set(surveys.plan("irregular").questionnaire.ways) < ways


@pytest.mark.clause("HM1-5.4.2")
@pytest.mark.parametrize(("grade", "score"), [("5", 10), ("4", 8.5), ("3", 7.5), ("2", 6), ("1", 4)])
def test_grade_points_are_weight_times_score(surveys, grade, score):
    plan = surveys.plan("half_yearly")
    assert plan.scale[0].clause == "5.4.2"
    scores = {one.code: one.score for one in plan.scale[0].grade}
    weights = {item.key: item.weight for item in plan.item if item.clause == "5.4.2"}
    assert {key: weights[key] for key in ("inner", *COMMON)} == {
        "inner": 6, "outer": 1, "service": 2, "delivery": 1,
    }  # fmt: skip
    assert {key: weights[key] for key in LINE} == dict(zip(LINE, (2, 2, 1, 1), strict=True))
    tables = {"5": (6, 1, 2, 1), "4": (5.1, 0.85, 1.7, 0.85), "3": (4.5, 0.75, 1.5, 0.75)}
    tables |= {"2": (3.6, 0.6, 1.2, 0.6), "1": (2.4, 0.4, 0.8, 0.4)}
    points = [weights[key] * scores[grade] / 10 for key in ("inner", *COMMON)]
    assert points == pytest.approx(tables[grade])
    found = surveys.score("half_yearly", [form("castings", grade * 4)])
    assert found.index.value == pytest.approx(score / 10)


@pytest.mark.clause("HM1-5.4.2")
def test_a_products_satisfaction_is_points_over_full_points_and_all_are_their_mean(surveys):
    castings = form("castings", "5432")  # 6 + .85 + 1.5 + .6 of 10
    line = form("line", "5443214")  # 2 + 1.7 + .85 + .75 + .6 + .8 + .85 of 10
    assert surveys.score("half_yearly", [castings]).index.value == pytest.approx(0.895)
    assert surveys.score("half_yearly", [line]).index.value == pytest.approx(0.755)
    both = surveys.score("half_yearly", [castings, line])
    assert both.index.value == pytest.approx((0.895 + 0.755) / 2)
    assert both.rate.value == pytest.approx(8 / 9)


@pytest.mark.clause("HM1-5.4.2")
def test_each_kind_of_product_has_its_own_items(surveys):
    from huiyin.core.errors import InvalidInput

    with pytest.raises(InvalidInput, match="not asked of this form"):
        surveys.score("half_yearly", [form("castings", "5555") | {"safety": "5"}])
    with pytest.raises(InvalidInput, match="not asked of this form"):
        surveys.score("half_yearly", [form("line", "5555555") | {"inner": "5"}])


@pytest.mark.clause("HM1-5.4.3")
def test_forms_go_through_sales_to_quality_at_the_end_of_june_and_december(surveys):
    row = surveys.row("collection")
    assert (row.clause, row.owner, row.given_to) == ("5.4.3", "sales", ["quality"])
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-06-30"
    assert surveys.due(row, "2026-07-01").date().isoformat() == "2026-12-31"


@pytest.mark.clause("HM1-5.4.3")
def test_quality_computes_each_unit_and_all(surveys):
    answers = [form("castings", "5555", "u1")] * 5 + [form("castings", "4444", "u2")] * 6
    found = surveys.score("half_yearly", answers)
    by_unit = {one.group: one.index.value for one in found.groups if one.by == "unit"}
    assert by_unit == {"u1": pytest.approx(1), "u2": pytest.approx(0.85)}
    assert found.index.value == pytest.approx((5 + 6 * 0.85) / 11)
    assert surveys.plan("half_yearly").score.clause == "5.4.3"


@pytest.mark.clause("HM1-5.4.4")
def test_the_evaluation_report_is_approved_by_the_eighth_after_the_half_year(surveys):
    row, plan = surveys.row("report"), surveys.plan("half_yearly")
    assert (row.clause, row.report, row.owner) == ("5.4.4", "顾客满意度评价报告", "quality")
    assert row.approval == ["management_representative"]
    assert row.given_to == ["general_manager"]
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-07-08"
    assert surveys.due(row, "2026-07-01").date().isoformat() == "2027-01-08"
    assert plan.analysis.clause == "5.4.4"
    assert plan.analysis.by == "quality"
    assert plan.analysis.proposals
    assert {"company", "unit"} <= set(plan.analysis.counted_by)
    assert "trend" in plan.analysis.tools
