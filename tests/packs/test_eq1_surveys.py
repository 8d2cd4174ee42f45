"""Pack EQ1: the technical quality department surveys its clients."""

from __future__ import annotations

import pytest


@pytest.mark.clause("EQ1-4.3")
def test_technical_quality_surveys_satisfaction(surveys):
    row, plan = surveys.row("yearly"), surveys.plan("yearly")
    assert (row.clause, row.owner, row.every) == ("4.3", "technical_quality", "year")
    assert plan.survey.organised_by == plan.analysis.by == "technical_quality"
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-12-31"
    assert surveys.score("yearly", surveys.all("yearly", "4", 3)).rate.value == 1
