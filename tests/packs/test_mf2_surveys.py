"""Pack MF2: survey results analysed by quality, improvements told and noted."""

from __future__ import annotations

import pytest


@pytest.mark.clause("MF2-5.9")
def test_quality_analyses_and_improvements_are_told_and_noted_on_the_form(surveys):
    row, plan = surveys.row("yearly"), surveys.plan("yearly")
    assert (row.clause, row.owner, row.every) == ("5.9", "quality", "year")
    assert plan.analysis.by == plan.survey.organised_by == "quality"
    assert plan.analysis.clause == plan.questionnaire.clause == "5.9"
    assert plan.questionnaire.tells_improvements
    due = surveys.scored("yearly", surveys.all("yearly", "2", 5))[1]
    assert [(one.action, one.by, one.clause) for one in due] == [("tell_customer", "quality", "5.9")]
