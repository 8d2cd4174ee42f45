"""Pack PM6: forum, mid-year sample with the heavy complainers, year-end survey into every mailbox."""

from __future__ import annotations

import pytest
from tests.packs.surveybench import households, reasons


@pytest.mark.clause("PM6-4.7")
def test_a_forum_every_half_year_planned_approved_announced_and_chaired(surveys):
    forum = surveys.meeting("forum")
    assert (forum.clause, forum.every, forum.chair) == ("4.7", "half_year", "department_manager")
    assert forum.with_customers
    assert forum.prepared
    assert forum.notice_approval == ["quality_group"]
    assert forum.publish_to == ["customers"]
    assert surveys.due(forum, "2026-07-01").date().isoformat() == "2026-12-31"


@pytest.mark.clause("PM6-4.10")
def test_heavy_complainers_are_at_least_a_fifth_of_the_mid_year_sample(surveys):
    frame = households(
        3000, site=lambda at: "AB"[at % 2], complaints_last_year=lambda at: 3 if at < 150 else at % 2
    )
    found = reasons(surveys.draw("mid_year", frame))
    asked = found["random"] + found["targeted"]
    assert asked == 682
    assert found["targeted"] == 137
    assert found["targeted"] >= asked * 0.2
    few = surveys.draw(
        "mid_year", households(3000, site="A", complaints_last_year=lambda at: 2 if at < 9 else 0)
    )
    assert few.notes == [{"code": "too_few_targeted", "wanted": 137, "found": 9, "clause": "4.10"}]


@pytest.mark.clause("PM6-4.10")
@pytest.mark.parametrize(("returned", "valid"), [(49, False), (50, True)])
def test_half_of_the_mid_year_forms_return(surveys, returned, valid):
    found = surveys.score("mid_year", surveys.all("mid_year", "4", returned), handed_out=100)
    assert (found.valid, found.reason["clause"]) == (valid, "4.10")


@pytest.mark.clause("PM6-4.11")
def test_at_the_end_of_the_year_every_mailbox_gets_one_and_a_box_takes_it(surveys):
    plan = surveys.plan("year_end")
    assert len(surveys.draw("year_end", households(50, site="A")).chosen) == 50
    assert set(plan.questionnaire.ways) == {"paper", "box"}
    assert plan.survey.anonymous
    assert surveys.row("year_end").clause == plan.sample.clause == "4.11"


@pytest.mark.clause("PM6-4.11")
@pytest.mark.parametrize(("returned", "valid"), [(29, False), (30, True)])
def test_thirty_per_cent_of_the_year_end_forms_return(surveys, returned, valid):
    found = surveys.score("year_end", surveys.all("year_end", "4", returned), handed_out=100)
    assert (found.valid, found.reason["clause"]) == (valid, "4.11")


@pytest.mark.clause("PM6-4.10t")
def test_surveys_come_before_the_management_reviews(surveys):
    for code, month in (("mid_year", "2026-06-30"), ("year_end", "2026-12-31")):
        row, plan = surveys.row(code), surveys.plan(code)
        assert (row.every, row.owner) == ("year", "quality_group")
        assert row.cites["time"] == plan.analysis.clause == "4.10t"
        assert row.feeds == plan.analysis.before == ["management_review"]
        assert surveys.due(row, "2026-01-01").date().isoformat() == month
