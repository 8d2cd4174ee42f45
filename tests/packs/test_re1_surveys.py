"""Pack RE1: satisfaction along the customer's journey."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.engine.bench import Bench, only
from tests.packs.surveybench import households

from huiyin.procedures.packfiles import load_pack
from huiyin.surveys.core import totals

WED = "2026-11-18 10:00"
STAGES = ("site_visit", "signing", "building", "handover", "moving_in", "living")


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("RE1"))


def taken(kind="complaint", **fields):
    return (WED, "registered", {"kind": kind, "touch_point": "handover", "text": "x", **fields})


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"RE1-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 7
    assert {clause.id for clause in pack.pack.clause if clause.running} >= {"7"}


@pytest.mark.clause("RE1-7")
@pytest.mark.parametrize(("kind", "days"), [("complaint", "23"), ("suggestion", "25"), ("praise", "25")])
def test_an_opinion_is_registered_with_its_touch_point_and_answered(pack, kind, days):
    without = pack.play((WED, "registered", {"kind": kind}))
    assert only(without, "refused", clause="7", missing=["touch_point"])
    lines = pack.play(taken(kind), until="2026-11-26 00:00")
    assert only(lines, "number_given", number="KH-2026-0001", clause="7")
    assert only(lines, "owner_set", post="relations_officer", clause="7")
    assert only(lines, "breached", clock="answer", due=f"2026-11-{days}T18:00:00+08:00", clause="7")
    assert only(lines, "escalated", to_post="customer_relations")
    asked = "2026-12-01T09:00:00+08:00"
    assert only(pack.play(taken(kind, answer_by=asked)), "clock_started", due=asked)


@pytest.mark.clause("RE1-7")
@pytest.mark.parametrize("kind", ["complaint", "suggestion"])
def test_it_is_closed_once_answered(pack, kind):
    closed = ("2026-11-18 17:00", "closed")
    assert only(pack.play(taken(kind), closed), "refused", missing=["answered"], clause="7")
    assert not only(
        pack.play(taken(kind), ("2026-11-18 11:00", "answered", {"text": "x"}), closed), "refused"
    )


@pytest.mark.clause("RE1-7")
def test_customer_relations_judges_with_a_reason(pack):
    def judged(**fields):
        return only(
            pack.play(taken(), ("2026-11-18 11:00", "judged", {"validity": "valid", **fields})), "refused"
        )

    assert judged()[0]["missing"] == ["reason"]
    assert judged(reason="x", post="project_head")[0]["clause"] == "7"
    assert judged(reason="x", post="relations_officer")[0]["clause"] == "7"
    assert not any(
        judged(reason="x", post=post)
        for post in ("customer_relations", "deputy_general_manager", "general_manager")
    )


@pytest.mark.clause("RE1-7")
def test_three_in_ten_customers_of_every_stage_are_asked_about_it(surveys):
    found = surveys.draw("journey", households(60, touch_point=lambda at: STAGES[at // 10]))
    assert Counter(one.stratum for one in found.chosen) == dict.fromkeys(STAGES, 3)
    uneven = surveys.draw("journey", households(75, touch_point=lambda at: STAGES[at // 15]))
    assert Counter(one.stratum for one in uneven.chosen) == dict.fromkeys(STAGES[:5], 5)


@pytest.mark.clause("RE1-7")
def test_figures_are_counted_and_reported_by_touch_point(surveys):
    answers = [{"touch_point": "handover", "handover": "4", "house_quality": "2"} for _ in range(6)]
    answers += [{"touch_point": "living", "property_service": "5", "repairs": "4"} for _ in range(6)]
    found = surveys.score("journey", answers)
    assert {one.group: one.rate.value for one in found.groups} == {"handover": 0.5, "living": 1.0}
    counted = totals(surveys.plan("journey"), [found], by="category")
    assert counted["handover"].rate == 0.5
    assert set(counted) == set(STAGES)
    row, plan = surveys.row("journey"), surveys.plan("journey")
    assert (row.clause, row.every, row.report) == ("7", "half_year", "客户满意度结果报告")
    assert (row.approval, row.given_to) == (["deputy_general_manager"], ["general_manager"])
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-07-15"
    assert row.owner == plan.survey.organised_by == plan.analysis.by == "customer_relations"
    assert plan.analysis.counted_by == ["touch_point"]
    assert set(plan.analysis.tools) == {"trend", "importance_performance"}


@pytest.mark.clause("RE1-7")
def test_a_question_of_another_stage_is_not_answered(surveys):
    from huiyin.core.errors import InvalidInput

    with pytest.raises(InvalidInput, match="not asked of this form"):
        surveys.score("journey", [{"touch_point": "signing", "repairs": "5"}])
