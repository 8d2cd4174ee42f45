"""Pack SE1: three tiers of indicators, weights by judgement and comparison, 60% of the ordering customers."""

from __future__ import annotations

import pytest
from tests.packs.surveybench import households

from huiyin.surveys.core import indicator_weights, item_weights, judge, judgements


def tiers(plan):
    above = {one.code: one.parent for one in plan.indicator}

    def depth(code):
        return 1 if above[code] is None else 1 + depth(above[code])

    return {code: depth(code) for code in above}


@pytest.mark.clause("SE1-4.2.1")
def test_indicators_have_three_tiers(surveys):
    plan = surveys.plan("yearly")
    assert set(tiers(plan).values()) == {1, 2, 3}
    lowest = {code for code, depth in tiers(plan).items() if depth == 3}
    assert {item.indicator for item in plan.item if item.kind == "graded"} == lowest
    assert {one.clause for one in plan.indicator} == {"4.2.1"}


@pytest.mark.clause("SE1-4.2.2")
def test_weights_join_judgement_and_comparison_and_the_second_tier_is_a_sum(surveys):
    plan = surveys.plan("yearly")
    assert {one.clause for one in plan.comparison} == {"4.2.2"}
    given = {one.code: one.weight for one in plan.indicator if one.weight is not None}
    found = indicator_weights(plan)
    assert sum(found[code] for code in given) == pytest.approx(1)
    for parent in ("product", "service", "delivery"):
        below = [one.code for one in plan.indicator if one.parent == parent]
        assert found[parent] == pytest.approx(sum(found[code] for code in below))
    second = judge([[1, 3, 4], ["1/3", 1, 2], ["1/4", "1/2", 1]]).weights[0]
    assert found["appearance"] == pytest.approx((0.10 + second / 7) / 2)
    assert all(one.consistent for one in judgements(plan).values())
    assert {one.random_index for one in judgements(plan).values()} == {"saaty_0.58"}
    assert item_weights(plan)["appearance"] == pytest.approx(found["appearance"])


@pytest.mark.clause("SE1-4.2.2b")
@pytest.mark.parametrize(("grade", "score"), [("5", 100), ("4", 80), ("3", 60), ("2", 30), ("1", 0)])
def test_the_scores_of_the_five_grades(surveys, grade, score):
    assert surveys.plan("yearly").scale[0].clause == "4.2.2b"
    assert surveys.score("yearly", surveys.all("yearly", grade)).index.value == pytest.approx(score)


@pytest.mark.clause("SE1-4.2.3")
def test_sixty_per_cent_of_the_years_ordering_customers_at_random(surveys):
    row, plan = surveys.row("yearly"), surveys.plan("yearly")
    found = surveys.draw("yearly", households(50, ordered=lambda at: int(at < 41)))
    assert len(found.chosen) == 25
    assert {one.reason for one in found.chosen} == {"random"}
    assert {one.row[1] for one in found.chosen} == {"1"}
    other = surveys.draw("yearly", households(50, ordered=lambda at: int(at < 41)), seed=2)
    assert other.csv() != found.csv()
    assert (row.clause, row.every, row.share, row.owner) == ("4.2.3", "year", 0.6, "sales")
    assert row.given_to == ["quality_head"]
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-12-31"
    assert plan.survey.organised_by == "sales"
    assert set(plan.questionnaire.ways) == {"paper", "talk"}
