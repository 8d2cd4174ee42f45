"""Pack RE3: the survey of the sales department."""

from __future__ import annotations

import pytest
from tests.packs.surveybench import households


@pytest.mark.clause("RE3-4.2")
def test_sales_runs_the_survey_of_those_who_signed(surveys):
    row, plan = surveys.row("yearly"), surveys.plan("yearly")
    assert (row.clause, row.owner) == ("4.2", "sales_manager")
    assert plan.survey.organised_by == plan.analysis.by == "sales_manager"
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-12-31"
    found = surveys.draw("yearly", households(20, signed=lambda at: int(at < 10)))
    assert [one.row[1] for one in found.chosen] == ["1"] * 3
