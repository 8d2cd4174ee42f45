"""Pack HM1: what each clause demands, played through the pack as it is shipped."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 09:00"
FAX = {"channel": "fax", "text": "轴承座开裂"}
REGISTERED = (WED, "registered", FAX)
SUGGESTED = (WED, "registered", {**FAX, "kind": "suggestion"})
VERIFIED = ("2026-11-18 09:30", "accepted", {"original_attached": True, "post": "sales"})
FILED = ("2026-11-18 10:00", "slip_issued", {"slip": "F1", "form": "feedback_sheet", "post": "sales"})
SIGNED = ("2026-11-18 10:30", "slip_received", {"slip": "F1", "post": "quality"})
CLASS_A = ("2026-11-18 10:40", "admitted", {"feedback_class": "a", "post": "quality"})
CLASS_B = ("2026-11-18 10:40", "admitted", {"feedback_class": "b", "post": "quality"})
TAKEN = (REGISTERED, VERIFIED, FILED, SIGNED, CLASS_B)
URGENT = ("registered", {**FAX, "urgency": "urgent", "severity": "severe"})
REMEDIED = ("2026-11-20 09:00", "completed", {"result": "x", "improvement": "x"})
SHEET = ("2026-11-20 10:00", "slip_issued", {"slip": "C1", "form": "handling_sheet", "post": "quality"})
COPIED = ("2026-11-20 11:00", "slip_received", {"slip": "C1", "post": "sales"})
ANSWERED = ("2026-11-20 14:00", "answered", {"means": "fax"})
CLOSED = ("2026-11-23 09:00", "closed")


def judged(responsibility="own_unit", validity="valid", at="2026-11-19 09:00"):
    return (at, "judged", {"validity": validity, "reason": "x", "responsibility": responsibility})


@pytest.fixture(scope="module")
def hm1():
    return Bench(load_pack("HM1"))


def test_an_own_units_complaint_runs_through(hm1, find):
    lines = hm1.play(*TAKEN, judged(), REMEDIED, SHEET, COPIED, ANSWERED, CLOSED)
    assert not find(lines, "refused")
    assert find(lines, "closed", clause="5.3.4.1")


@pytest.mark.clause("HM1-5.3.1.1")
@pytest.mark.parametrize("lacking", ["channel", "text"])
def test_feedback_that_is_not_in_writing_goes_no_further(hm1, find, lacking):
    written = {name: value for name, value in FAX.items() if name != lacking}
    (line,) = find(hm1.play((WED, "registered", written), VERIFIED), "refused")
    assert (line["event"], line["clause"], line["missing"]) == ("accepted", "5.3.1.1", [lacking])
    assert not find(hm1.play(REGISTERED, VERIFIED), "refused")


@pytest.mark.clause("HM1-5.3.1.1")
def test_calls_and_talks_come_in_as_notes(hm1):
    titles = {channel.code: channel.title for channel in hm1.pack.channel}
    assert set(titles) >= {"fax", "letter", "site_report", "accident_report", "phone", "face_to_face"}
    assert titles["phone"] == "电话记录"
    assert hm1.case((WED, "registered", {"channel": "accident_report"})).facts["channel"] == "accident_report"


@pytest.mark.clause("HM1-5.3.1.2")
@pytest.mark.parametrize(
    ("first", "other", "right"), [(REGISTERED, CLASS_A, CLASS_B), (SUGGESTED, CLASS_B, CLASS_A)]
)
def test_suggestions_are_class_a_and_complaints_class_b(hm1, find, first, other, right):
    story = (first, VERIFIED, FILED, SIGNED)
    assert find(hm1.play(*story, other), "refused", event="admitted", clause="5.3.1.2", reason="forbidden")
    assert not find(hm1.play(*story, right), "refused")


@pytest.mark.clause("HM1-5.3.2")
def test_whoever_takes_it_in_it_goes_to_sales(hm1, find):
    lines = hm1.play((WED, "registered", {**FAX, "post": "site_service"}))
    assert find(lines, "owner_set", post="sales", clause="5.3.2")
    assert find(lines, "number_given", number="GK-2026-0001", clause="5.3.2")
    assert find(lines, "required", what="accepted", clause="5.3.2")


@pytest.mark.clause("HM1-5.3.2")
def test_sales_verifies_with_the_original(hm1, find):
    def accept(**fields):
        return find(hm1.play(REGISTERED, ("2026-11-18 09:30", "accepted", fields)), "refused")

    assert accept(post="sales")[0]["missing"] == ["original_attached"]
    assert accept(post="unit_head", original_attached=True)[0]["clause"] == "5.3.2"
    assert not accept(post="sales_head", original_attached=True)
    assert find(hm1.play(REGISTERED, VERIFIED), "required", what="slip_issued", clause="5.3.2")


@pytest.mark.clause("HM1-5.3.2")
def test_the_sheet_is_filed_by_sales_once_verified_and_signed_for_by_quality(hm1, find):
    assert find(hm1.play(REGISTERED, FILED), "refused", clause="5.3.2", missing=["accepted"])
    by_unit = ("2026-11-18 10:00", "slip_issued", {**FILED[2], "post": "unit_head"})
    assert find(hm1.play(REGISTERED, VERIFIED, by_unit), "refused", clause="5.3.2", reason="post")
    signed = ("2026-11-18 10:30", "slip_received", {"slip": "F1", "post": "unit_head"})
    assert find(hm1.play(*TAKEN[:3], signed), "refused", event="slip_received", clause="5.3.2")
    lines = hm1.play(*TAKEN[:4])
    assert find(lines, "number_given", number="F-2026-0001", slip="F1")
    assert find(lines, "required", what="admitted", clause="5.3.2")


@pytest.mark.clause("HM1-5.3.2")
def test_quality_registers_and_first_classifies_it(hm1, find):
    story = TAKEN[:4]
    bare = ("2026-11-18 10:40", "admitted", {"post": "quality"})
    assert find(hm1.play(*story, bare), "refused", clause="5.3.2", missing=["feedback_class"])
    by_sales = ("2026-11-18 10:40", "admitted", {"feedback_class": "b", "post": "sales"})
    assert find(hm1.play(*story, by_sales), "refused", clause="5.3.2")
    early = hm1.play(*TAKEN[:3], CLASS_B)
    assert find(early, "refused", event="admitted", clause="5.3.2", missing=["slip_received"])
    assert find(hm1.play(*TAKEN), "owner_set", post="quality", clause="5.3.2")


@pytest.mark.clause("HM1-5.3.3")
def test_a_suggestion_is_answered_within_the_month(hm1, find, iso):
    asked = {"slip": "J1", "form": "improvement_sheet", "post": "quality"}
    issued = ("2026-11-19 09:00", "slip_issued", asked)
    story = [SUGGESTED, VERIFIED, FILED, SIGNED, CLASS_A]
    assert find(hm1.play(*story), "required", what="slip_issued", clause="5.3.3")
    lines = hm1.play(*story, issued, until="2026-12-20 00:00")
    assert find(lines, "number_given", number="J-2026-0001")
    # 19 December 2026 is a Saturday: no service, so until the day ends
    assert find(lines, "breached", clause="5.3.3", due=iso("2026-12-20 00:00"))
    assert find(lines, "escalated", clause="5.3.3", reason="breach")
    assert find(lines, "notified", clause="5.3.3", post="quality_head")
    story.append(issued)
    empty = ("2026-11-25 09:00", "slip_answered", {"slip": "J1"})
    assert find(hm1.play(*story, empty), "refused", clause="5.3.3", missing=["text"])
    told = ("2026-11-25 10:00", "answered")
    late = ("2026-11-25 11:00", "closed")
    assert find(hm1.play(*story, told, late), "refused", clause="5.3.3", missing=["slip_answered"])
    replied = ("2026-11-25 09:00", "slip_answered", {"slip": "J1", "text": "x"})
    assert find(hm1.play(*story, replied, late), "refused", clause="5.3.3", missing=["answered"])
    assert not find(hm1.play(*story, replied, told, late), "refused")


@pytest.mark.clause("HM1-5.3.4.1")
def test_cause_and_responsibility_are_analysed_first(hm1, find):
    assert find(hm1.play(*TAKEN), "required", what="judged", clause="5.3.4.1")
    bare = ("2026-11-19 09:00", "judged", {"validity": "valid"})
    assert find(hm1.play(*TAKEN, bare), "refused", missing=["reason", "responsibility"], clause="5.3.4.1")
    assert find(hm1.play(*TAKEN[:4], judged()), "refused", clause="5.3.4.1", missing=["feedback_class"])
    assert find(hm1.play(*TAKEN, REMEDIED), "refused", clause="5.3.4.1", missing=["judged"])


@pytest.mark.clause("HM1-5.3.4.1")
def test_only_what_is_both_urgent_and_major_may_be_handled_first(hm1, find):
    hasty = (WED, "registered", {**FAX, "urgency": "urgent"})
    approved = ("2026-11-18 11:00", "approved", {"what": "completed", "post": "management_representative"})
    lines = hm1.play(hasty, *TAKEN[1:], approved, REMEDIED)
    assert find(lines, "refused", event="completed", clause="5.3.4.1")


@pytest.mark.clause("HM1-5.3.4.1")
def test_an_own_fault_needs_remedy_and_improvement_on_a_sheet_with_copies(hm1, find):
    bare = ("2026-11-20 09:00", "completed")
    lines = hm1.play(*TAKEN, judged(), bare)
    assert find(lines, "refused", missing=["result", "improvement"], clause="5.3.4.1")
    assert find(lines, "required", what="completed", clause="5.3.4.1")
    story = [*TAKEN, judged(), REMEDIED]
    assert find(hm1.play(*story), "required", what="slip_issued", at="2026-11-20T09:00:00+08:00")
    assert find(hm1.play(*story), "notified", post="sales", clause="5.3.4.1")
    assert find(hm1.play(*story, SHEET), "number_given", number="C-2026-0001", clause="5.3.4.1")
    (refused,) = find(hm1.play(*story, SHEET, ANSWERED, CLOSED), "refused", clause="5.3.4.1")
    assert refused["missing"] == ["slip_received", "slips"]
    assert not find(hm1.play(*story, SHEET, COPIED, ANSWERED, CLOSED), "refused")


@pytest.mark.clause("HM1-5.3.4.1")
def test_another_units_complaint_is_forwarded_and_its_result_reported_back(hm1, find):
    story = [*TAKEN, judged("other_unit")]
    assert find(hm1.play(*story), "required", what="slip_issued", clause="5.3.4.1")
    done = ("2026-11-20 09:00", "completed", {"result": "x"})
    assert find(hm1.play(*story, done), "refused", clause="5.3.4.1", missing=["slip_finished"])
    story.append(("2026-11-19 10:00", "slip_issued", {"slip": "Z1", "form": "transfer_sheet"}))
    empty = ("2026-11-19 16:00", "slip_finished", {"slip": "Z1"})
    assert find(hm1.play(*story, empty), "refused", clause="5.3.4.1", missing=["result"])
    story.append(("2026-11-19 16:00", "slip_finished", {"slip": "Z1", "result": "x"}))
    told = find(hm1.play(*story), "notified", clause="5.3.4.1")
    assert {line["post"] for line in told} == {"quality", "sales"}
    assert not find(hm1.play(*story, done, ANSWERED, CLOSED), "refused")


@pytest.mark.clause("HM1-5.3.4.1")
def test_an_overdue_transfer_climbs(hm1, find, iso):
    asked = {"slip": "Z1", "form": "transfer_sheet", "finish_by": iso("2026-11-20 09:00")}
    issued = ("2026-11-19 10:00", "slip_issued", asked)
    lines = hm1.play(*TAKEN, judged("other_unit"), issued, until="2026-11-20 10:00")
    assert find(lines, "number_given", number="ZB-2026-0001", clause="5.3.4.1")
    assert find(lines, "escalated", clause="5.3.4.1", to_post="quality_head", reason="breach")


@pytest.mark.clause("HM1-5.3.4.1")
def test_the_customer_is_told_before_closing_and_asked_afterwards(hm1, find):
    story = [*TAKEN, judged("supplier"), REMEDIED]
    assert find(hm1.play(*story), "required", what="answered", clause="5.3.4.1")
    assert find(hm1.play(*story, CLOSED), "refused", clause="5.3.4.1", missing=["answered"])
    unfinished = hm1.play(*TAKEN, judged("supplier"), ANSWERED, CLOSED)
    assert find(unfinished, "refused", clause="5.3.4.1", missing=["completed"])
    assert find(hm1.play(*story, ANSWERED), "required", what="followed_up", clause="5.3.4.1")
    back = ("2026-11-21 10:00", "followed_up", {"outcome": "dissatisfied"})
    assert find(hm1.play(*story, ANSWERED, back), "reopened", clause="5.3.4.1")


@pytest.mark.clause("HM1-5.3.4.5")
@pytest.mark.parametrize("step", [("compensated", {"amount": "500"}), ("forwarded", {"party": "supplier"})])
def test_the_handling_sheet_is_the_ground_for_warranty_or_talks(hm1, find, step):
    wanted = ("2026-11-20 12:00", *step)
    (line,) = find(hm1.play(*TAKEN, judged(), REMEDIED, wanted), "refused")
    assert (line["clause"], line["missing"]) == ("5.3.4.5", ["slip_issued"])
    assert not find(hm1.play(*TAKEN, judged(), REMEDIED, SHEET, wanted), "refused")


@pytest.mark.clause("HM1-5.3.4.5")
def test_an_urgent_major_complaint_is_handled_first_with_approval_and_analysed_after(hm1, find):
    story = [(WED, *URGENT), *TAKEN[1:]]
    assert find(
        hm1.play(*story, REMEDIED), "refused", event="completed", clause="5.3.4.5", missing=["judged"]
    )

    def approved(post):
        return ("2026-11-18 11:00", "approved", {"what": "completed", "post": post})

    assert find(hm1.play(*story, approved("quality_head"), REMEDIED), "refused", clause="5.3.4.5")
    lines = hm1.play(*story, approved("management_representative"), REMEDIED, ANSWERED, CLOSED)
    told = find(lines, "notified", clause="5.3.4.5")
    assert {line["post"] for line in told} == {"quality", "quality_head"}
    assert find(lines, "required", what="judged", clause="5.3.4.5")
    assert find(lines, "refused", event="closed", missing=["validity"])
    late = judged("supplier", at="2026-11-21 09:00")
    assert not find(
        hm1.play(*story, approved("management_representative"), REMEDIED, ANSWERED, late, CLOSED), "refused"
    )


def test_an_appeal_is_judged_by_another_post(hm1, find):
    first = (*judged()[:2], {**judged()[2], "post": "quality"})
    again = (*judged(at="2026-11-19 11:00")[:2], first[2])
    lines = hm1.play(*TAKEN, first, ("2026-11-19 10:00", "appealed", {"reason": "x"}), again)
    assert find(lines, "refused", reason="same_judge", clause="5.3.4.1")


def test_a_promise_to_the_customer_is_watched(hm1, find, iso):
    promised = ("2026-11-18 11:00", "promised", {"what": "visit", "by": iso("2026-11-20 09:00")})
    lines = hm1.play(*TAKEN, promised, until="2026-11-20 10:00")
    assert find(lines, "warned", clock="promise", clause="5.3.4.1")
    assert find(lines, "notified", post="quality", what="warned")
    assert find(lines, "escalated", clause="5.3.4.1", to_post="quality_head", reason="breach")


@pytest.mark.clause("HM1-5.5.1")
def test_sheets_are_numbered_with_their_letters(hm1):
    letters = {name: rule.pattern[0] for rule in hm1.pack.number for name in rule.of}
    sheets = {"improvement_sheet": "J", "feedback_sheet": "F", "handling_sheet": "C"}
    assert {name: letters[name] for name in sheets} == sheets


def test_the_sheets_carry_their_blanks(hm1):
    forms = {form.code: {field.title for field in form.fields} for form in hm1.pack.slip}
    assert forms["feedback_sheet"] >= {"顾客", "产品", "图号", "启用日期", "故障日期", "部位、零件", "描述"}
    assert forms["handling_sheet"] >= {"产品", "图号", "顾客", "原因分析", "责任单位"}
    facts = {fact.name for fact in hm1.pack.fact if "registered" in fact.events}
    assert facts >= {"order_number", "product", "drawing_number", "factory_number", "part", "failed_at"}


def test_records_are_kept_as_long_as_the_procedure_says(hm1):
    kept = {what: rule.keep for rule in hm1.pack.retention for what in rule.of}
    assert {kept[sheet] for sheet in ("feedback_sheet", "handling_sheet", "complaint")} == {"5y"}
    assert {kept["monthly_statistics"], kept["questionnaire"]} == {"3y"}
    assert kept["trend_report"] == "5y"
    (ledger,) = hm1.pack.record
    assert kept[ledger.code] == "5y"
    assert {field.title for field in ledger.fields} >= {"顾客", "产品", "出厂编号", "三包单号", "费用"}


def test_every_clause_of_the_catalogue_is_in_the_pack(hm1):
    ids = {name for clause in hm1.pack.clause for name in clause.catalogue}
    assert ids == {f"HM1-{clause.id}" for clause in hm1.pack.clause}
    assert len(ids) == 29


@pytest.mark.clause("HM1-5.3.4.1")
def test_only_the_posts_of_the_clause_make_the_return_visit(hm1, find):
    def visit(post):
        fields = {"outcome": "satisfied", "post": post}
        return find(
            hm1.play(
                *TAKEN,
                judged(),
                REMEDIED,
                SHEET,
                COPIED,
                ANSWERED,
                ("2026-11-21 10:00", "followed_up", fields),
            ),
            "refused",
            clause="5.3.4.1",
        )

    assert visit("general_manager")[0]["reason"] == "post"
    assert not visit("sales")


@pytest.mark.clause("HM1-5.3.2", "HM1-5.3.3", "HM1-5.3.4.1")
@pytest.mark.parametrize("form", ["feedback_sheet", "improvement_sheet", "handling_sheet", "transfer_sheet"])
def test_each_sheet_is_opened_by_its_own_posts(hm1, find, form):
    other = "quality" if form == "feedback_sheet" else "sales"
    issued = ("2026-11-18 12:00", "slip_issued", {"slip": "X1", "form": form, "post": other})
    clauses = {slip.code: slip.clause for slip in hm1.pack.slip}
    lines = hm1.play(REGISTERED, issued)
    assert find(lines, "refused", event="slip_issued", reason="post", clause=clauses[form])


@pytest.mark.clause("HM1-5.3.4.1", "HM1-5.3.4.5")
def test_what_is_asked_for_after_the_remedy_depends_on_who_is_responsible(hm1, find):
    def asked(responsibility):
        lines = hm1.play(*TAKEN, judged(responsibility), REMEDIED)
        return [(line["what"], line["clause"]) for line in find(lines, "required")]

    assert ("slip_issued", "5.3.4.1") in asked("own_unit")
    assert ("slip_issued", "5.3.4.1") not in asked("supplier")
    assert ("judged", "5.3.4.5") not in asked("own_unit")
