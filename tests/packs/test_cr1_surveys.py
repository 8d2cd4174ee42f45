"""Pack CR1: feedback by questionnaires and calls, regular surveys."""

from __future__ import annotations

import pytest
from tests.packs.surveybench import households


@pytest.mark.clause("CR1-3")
def test_feedback_comes_by_questionnaire_or_call(surveys):
    plan = surveys.plan("yearly")
    assert (set(plan.questionnaire.ways), plan.questionnaire.clause) == ({"paper", "phone"}, "3")
    assert surveys.row("yearly").cites["ways"] == "3"


@pytest.mark.clause("CR1-6")
def test_satisfaction_is_surveyed_regularly(surveys):
    row = surveys.row("yearly")
    assert (row.clause, row.every, row.owner) == ("6", "year", "team_leader")
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-12-31"
    assert row.given_to == surveys.plan("yearly").analysis.to == ["manager"]
    assert len(surveys.draw("yearly", households(10)).chosen) == 3
    assert surveys.score("yearly", surveys.all("yearly", "4", 3)).rate.value == 1
