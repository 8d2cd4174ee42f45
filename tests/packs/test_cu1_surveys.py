"""Pack CU1: after-sales information and the survey of sales; quality goes to technical support."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.engine.bench import Bench, only
from tests.packs.surveybench import households

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
KINDS = ("complaint", "enquiry", "suggestion")


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("CU1"))


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"CU1-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 5
    assert {clause.id for clause in pack.pack.clause if clause.running} >= {"4.3.6"}


@pytest.mark.clause("CU1-4.3.6")
@pytest.mark.parametrize("kind", KINDS)
def test_sales_gathers_after_sales_information_and_technical_support_has_quality(pack, kind):
    def owner(**fields):
        lines = pack.play((WED, "registered", {"kind": kind, "text": "x", **fields}))
        return only(lines, "owner_set")[0]["post"]

    assert owner() == owner(region="domestic", category="delivery") == "domestic_sales"
    assert owner(region="export", category="delivery") == "export_sales"
    assert owner(category="quality") == owner(region="export", category="quality") == "technical_support"


@pytest.mark.clause("CU1-4.3.6")
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_numbered_answered_and_closed(pack, kind):
    lines = pack.play(
        (WED, "registered", {"kind": kind}), ("2026-11-18 17:00", "closed"), until="2026-11-24 00:00"
    )
    assert only(lines, "number_given", number="SH-2026-0001", clause="4.3.6")
    assert only(lines, "refused", event="closed", missing=["answered"], clause="4.3.6")
    assert only(lines, "breached", clock="answer", due="2026-11-23T18:00:00+08:00", clause="4.3.6")
    assert only(lines, "escalated", to_post="sales_head")
    asked = "2026-12-01T09:00:00+08:00"
    lines = pack.play((WED, "registered", {"kind": kind, "answer_by": asked}))
    assert only(lines, "clock_started", due=asked)


@pytest.mark.clause("CU1-4.3.6")
def test_a_judgement_has_a_reason_and_is_not_a_salesmans(pack):
    def judged(**fields):
        story = [(WED, "registered", {"kind": "complaint"})]
        return only(
            pack.play(*story, ("2026-11-18 11:00", "judged", {"validity": "valid", **fields})), "refused"
        )

    assert judged()[0]["missing"] == ["reason"]
    assert judged(reason="x", post="domestic_sales")[0]["clause"] == "4.3.6"
    for post in ("technical_support", "sales_head", "general_manager"):
        assert not judged(reason="x", post=post)


@pytest.mark.clause("CU1-4.3.6")
def test_sales_surveys_both_sides_and_technical_support_takes_up_quality(surveys):
    row, plan = surveys.row("yearly"), surveys.plan("yearly")
    assert (row.clause, row.every) == ("4.3.6", "year")
    assert row.owner == plan.survey.organised_by == plan.analysis.by == "sales_head"
    assert plan.analysis.to == ["technical_support"]
    assert row.given_to == ["technical_support", "general_manager"]
    assert surveys.due(row, "2026-01-01").date().isoformat() == "2026-12-31"
    assert plan.questionnaire.languages == ["zh", "en"]
    found = surveys.draw("yearly", households(9, region=lambda at: ("domestic", "export")[at % 2]))
    assert Counter(one.stratum for one in found.chosen) == {"domestic": 5, "export": 4}
    answers = surveys.all("yearly", "4", 8) + surveys.all("yearly", "4", 2, quality="1")
    due = surveys.scored("yearly", answers)[1]
    assert [(one.action, one.by, one.about, one.forms) for one in due] == [
        ("nonconformity", "technical_support", ("quality",), ()),
        ("case", "technical_support", (), (8, 9)),
    ]
    mild = surveys.all("yearly", "4", 10) + surveys.all("yearly", "4", 1, quality="2")
    assert surveys.scored("yearly", mild)[1] == []
