"""Pack MF1: what each clause demands, played through the pack as it is shipped."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 09:00"
TOLD = {"order_number": "PO-2026-118", "product": "继电器", "defect": "不吸合", "defect_rate": 1.5}
FACTS = {"channel": "phone", **TOLD}
REGISTERED = (WED, "registered", FACTS)
FILED = ("2026-11-18 10:00", "slip_issued", {"slip": "K1", "form": "feedback_form", "post": "sales"})
TAKEN = ("2026-11-18 10:30", "slip_received", {"slip": "K1", "post": "quality"})
ACTED = ("2026-11-20 10:00", "completed", {"corrective_action": "x", "preventive_action": "y"})
ANSWERED = ("2026-11-20 11:00", "answered")
CLOSED = ("2026-11-20 12:00", "closed")
WHOLE = (REGISTERED, FILED, TAKEN, ACTED, ANSWERED, CLOSED)


@pytest.fixture(scope="module")
def mf1():
    return Bench(load_pack("MF1"))


@pytest.mark.parametrize("kind", ["complaint", "product_return"])
def test_a_complaint_or_return_runs_through(mf1, find, kind):
    lines = mf1.play((WED, "registered", {**FACTS, "kind": kind}), *WHOLE[1:])
    assert not find(lines, "refused")
    assert find(lines, "closed", clause="4.2")


@pytest.mark.clause("MF1-4.1")
@pytest.mark.parametrize(
    ("kind", "channel", "number"),
    [
        ("complaint", "face_to_face", "KS-2026-0001"),
        ("complaint", "phone", "KS-2026-0001"),
        ("complaint", "letter", "KS-2026-0001"),
        ("product_return", "product_return", "TH-2026-0001"),
    ],
)
def test_oral_phone_written_and_returned_goods_are_complaints(mf1, find, kind, channel, number):
    assert channel in {row.code for row in mf1.pack.channel}
    lines = mf1.play((WED, "registered", {"kind": kind, "channel": channel}))
    assert find(lines, "number_given", number=number, clause="4.1")
    assert find(lines, "owner_set", post="sales", clause="4.1")


@pytest.mark.clause("MF1-4.1")
def test_the_form_of_the_complaint_is_on_record(mf1, find):
    (line,) = find(mf1.play((WED, "registered", TOLD), FILED), "refused")
    assert (line["clause"], line["missing"]) == ("4.1", ["channel"])


@pytest.mark.clause("MF1-4.2")
@pytest.mark.parametrize("lacking", list(TOLD))
def test_sales_records_order_product_defect_and_rate(mf1, find, lacking):
    known = {name: value for name, value in FACTS.items() if name != lacking}
    (line,) = find(mf1.play((WED, "registered", known), FILED), "refused")
    assert (line["event"], line["clause"], line["missing"]) == ("slip_issued", "4.2", [lacking])
    asked_later = ("2026-11-18 09:30", "amended", {lacking: TOLD[lacking], "reason": "x"})
    assert not find(mf1.play((WED, "registered", known), asked_later, FILED), "refused")


@pytest.mark.clause("MF1-4.2")
def test_no_defective_piece_is_a_rate_too(mf1, find):
    assert not find(mf1.play((WED, "registered", {**FACTS, "defect_rate": 0}), FILED), "refused")


@pytest.mark.clause("MF1-4.2")
def test_the_form_goes_from_sales_to_quality(mf1, find):
    assert find(mf1.play(REGISTERED), "required", what="slip_issued", clause="4.2")
    lines = mf1.play(REGISTERED, FILED)
    assert find(lines, "number_given", number="FK-2026-0001", slip="K1", clause="4.2")
    assert find(lines, "notified", post="quality", clause="4.2")
    by_store = (*FILED[:2], {**FILED[2], "post": "store"})
    assert find(mf1.play(REGISTERED, by_store), "refused", clause="4.2", reason="post")
    taken_by_store = (*TAKEN[:2], {"slip": "K1", "post": "store"})
    assert find(mf1.play(REGISTERED, FILED, taken_by_store), "refused", clause="4.2")
    assert find(mf1.play(REGISTERED, FILED, ACTED), "refused", clause="4.2", missing=["slip_received"])
    assert mf1.pack.slip[0].title == "顾客信息反馈表"


@pytest.mark.clause("MF1-4.2")
def test_each_complaint_needs_corrective_and_preventive_action(mf1, find):
    story = [REGISTERED, FILED, TAKEN]
    assert find(mf1.play(*story), "required", what="completed", clause="4.2")
    for lacking in ("corrective_action", "preventive_action"):
        bare = (*ACTED[:2], {name: "x" for name in ACTED[2] if name != lacking})
        assert find(mf1.play(*story, bare), "refused", clause="4.2", missing=[lacking])
    assert find(mf1.play(*story, ANSWERED, CLOSED), "refused", clause="4.2", missing=["completed"])
    assert find(mf1.play(*story, ACTED), "notified", post="sales", clause="4.2")


def test_the_customer_is_told_and_asked(mf1, find, iso):
    story = [REGISTERED, FILED, TAKEN, ACTED]
    assert find(mf1.play(*story), "required", what="answered", clause="4.2")
    assert find(mf1.play(*story, CLOSED), "refused", missing=["answered"])
    assert find(mf1.play(*story, ANSWERED), "required", what="followed_up", clause="4.2")
    back = ("2026-11-21 10:00", "followed_up", {"outcome": "dissatisfied"})
    assert find(mf1.play(*story, ANSWERED, back), "reopened", clause="4.2")
    promised = ("2026-11-18 11:00", "promised", {"what": "answer", "by": iso("2026-11-19 10:00")})
    lines = mf1.play(*story[:3], promised, until="2026-11-19 11:00")
    assert find(lines, "escalated", to_post="sales_head", params={"clock": "promise", "what": "answer"})


def test_a_second_form_is_signed_for_before_closing(mf1, find):
    again = ("2026-11-20 11:30", "slip_issued", {"slip": "K2", "form": "feedback_form", "post": "sales"})
    assert find(mf1.play(*WHOLE[:5], again, CLOSED), "refused", clause="4.2", missing=["slips"])


@pytest.mark.clause("MF1-4.6")
def test_every_complaint_is_listed_and_kept_with_its_papers(mf1):
    (form,) = mf1.pack.record
    assert (form.title, form.kinds) == ("顾客投诉记录表", ["complaint", "product_return"])
    (kept,) = mf1.pack.retention
    assert {"complaint", "product_return", "complaint_record", "feedback_form"} == set(kept.of)


def test_every_clause_of_the_catalogue_is_in_the_pack(mf1):
    ids = {name for clause in mf1.pack.clause for name in clause.catalogue}
    assert ids == {f"MF1-{clause.id}" for clause in mf1.pack.clause}
    assert len(ids) == 7


@pytest.mark.clause("MF1-4.2")
def test_the_owner_is_reminded_of_a_promise(mf1, find, iso):
    promised = ("2026-11-18 15:00", "promised", {"what": "visit", "by": iso("2026-11-20 15:00")})
    lines = mf1.play(REGISTERED, promised, until="2026-11-20 14:59")
    assert find(lines, "notified", what="warned", clock="promise", clause="4.2")


@pytest.mark.clause("MF1-4.2")
def test_only_the_posts_of_the_clause_make_the_return_visit(mf1, find):
    def visit(post):
        fields = {"outcome": "satisfied", "post": post}
        return find(
            mf1.play(*WHOLE[:-1], ("2026-11-20 11:30", "followed_up", fields)), "refused", clause="4.2"
        )

    assert visit("general_manager")[0]["reason"] == "post"
    assert not visit("sales")


@pytest.mark.clause("MF1-4.2")
def test_the_forms_are_kept_three_years(mf1):
    (kept,) = mf1.pack.retention
    assert (kept.keep, kept.keeper) == ("3y", "quality_head")
    assert {"complaint_record", "feedback_form"} <= set(kept.of)
