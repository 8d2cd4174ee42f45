"""Pack MD2: the satisfaction questionnaire is collected, counted and analysed."""

from __future__ import annotations

import pytest

from huiyin.surveys.core import dissatisfaction


@pytest.mark.clause("MD2-4.2.3")
def test_questionnaires_are_collected_counted_and_analysed(surveys):
    row, plan = surveys.row("yearly"), surveys.plan("yearly")
    assert (row.clause, row.title, row.owner) == ("4.2.3", "满意度调查表", "quality")
    assert row.given_to == plan.analysis.to == ["quality_head"]
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-12-31"
    assert plan.analysis.by == "quality"
    assert {"pareto", "trend"} == set(plan.analysis.tools)
    found = surveys.score(
        "yearly", surveys.all("yearly", "4", 3) + surveys.all("yearly", "4", 1, delivery="2")
    )
    assert found.rate.value == pytest.approx(11 / 12)
    first = dissatisfaction(found)[0]
    assert (first.name, first.count) == ("delivery", 1)
