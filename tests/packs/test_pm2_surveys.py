"""Pack PM2: the half-yearly survey of the quality department and the forum."""

from __future__ import annotations

import pytest
from tests.packs.surveybench import households


@pytest.mark.clause("PM2-3.1")
def test_quality_asks_the_customers_every_half_year(surveys):
    row, plan = surveys.row("half_yearly"), surveys.plan("half_yearly")
    assert (row.clause, row.every) == ("3.1", "half_year")
    assert row.owner == plan.survey.organised_by == plan.analysis.by == "quality"
    assert surveys.due(row, "2026-07-01").date().isoformat() == "2026-12-31"
    # 278 answers are wanted of 1,000 households, every second one is expected to come back
    assert len(surveys.draw("half_yearly", households(1000, site="A")).chosen) == 556


@pytest.mark.clause("PM2-4.2.6")
def test_a_forum_every_half_year_with_an_approved_notice_and_published_minutes(surveys):
    forum = surveys.meeting("forum")
    assert (forum.clause, forum.every, forum.chair) == ("4.2.6", "half_year", "department_manager")
    assert forum.notice_approval == ["department_manager"]
    assert forum.prepared
    assert forum.with_customers
    assert forum.publish_to == ["customers"]
    assert forum.followed_up
    assert surveys.due(forum, "2026-01-01").date().isoformat() == "2026-06-30"


@pytest.mark.clause("PM2-4.2.6")
def test_only_with_a_leaders_consent_is_a_forum_held_later(surveys):
    assert surveys.meeting("forum").postponed_by == ["general_manager"]
