"""Pack RE4: the return-visit survey a year after handover."""

from __future__ import annotations

import pytest
from tests.packs.surveybench import households


@pytest.mark.clause("RE4-4.3.4")
def test_a_year_after_handover_where_more_than_half_is_occupied(surveys):
    """Site A is occupied to exactly 50 per cent, B to 60; of B one home was handed over too lately."""
    frame = households(
        20,
        site=lambda at: "A" if at < 10 else "B",
        handed_over=lambda at: "2025-11-23" if at == 19 else "2025-11-22",
        occupied=lambda at: int(at % 10 < (5 if at < 10 else 6)),
    )
    found = surveys.draw("return_visit", frame, on="2026-11-22")
    assert {one.row[0] for one in found.chosen} == {f"h{at}" for at in range(10, 19)}
    assert found.notes == [{"code": "groups_left_out", "groups": ["A"], "clause": "4.3.4"}]


@pytest.mark.clause("RE4-4.3.4")
@pytest.mark.parametrize(("returned", "valid"), [(25, False), (26, True)])
def test_more_than_a_quarter_must_return(surveys, returned, valid):
    found = surveys.score("return_visit", surveys.all("return_visit", "4", returned), handed_out=100)
    assert (found.valid, found.reason["clause"]) == (valid, "4.3.4")


@pytest.mark.clause("RE4-4.3.4")
def test_five_items_a_form_reviewed_by_departments_and_a_report(surveys):
    row, plan = surveys.row("return_visit"), surveys.plan("return_visit")
    keys = {"planning", "building", "sales", "complaints", "property"}
    assert {item.key for item in plan.item if item.clause == "4.3.4"} == keys
    assert plan.missing_approvals([]) == ["engineering", "sales", "design", "property_management"]
    assert (row.clause, row.report, row.approval) == ("4.3.4", "顾客回访分析报告", ["service_manager"])
    assert (row.every, row.per, row.owner, row.given_to) == ("year", "site", "customer_service", ["leader"])
    assert plan.analysis.clause == plan.questionnaire.clause == "4.3.4"
    assert plan.survey.organised_by == plan.analysis.by == "customer_service"
    assert set(plan.questionnaire.ways) == {"visit", "paper", "phone"}
