"""Pack SV1: what each clause demands, played through the pack as it is shipped."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engine.bench import Bench

from huiyin.engine.duties import duty_due, period_of
from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
REGISTERED = (WED, "registered", {"channel": "phone"})
JUDGED = ("2026-11-18 14:00", "judged", {"validity": "valid", "reason": "x", "post": "quality"})
INVALID = ("2026-11-18 14:00", "judged", {"validity": "invalid", "reason": "x", "post": "quality"})
OPENED = ("2026-11-18 15:00", "slip_issued", {"slip": "s1", "form": "action_form", "post": "quality"})
OPINION = ("2026-11-19 10:00", "answered", {"means": "phone", "text": "x"})
DONE = ("2026-11-24 10:00", "slip_finished", {"slip": "s1", "result": "x"})
COMPLETED = ("2026-11-24 11:00", "completed", {"result": "x"})
SENT = ("2026-11-24 14:00", "answered", {"action_form_sent": True, "means": "email"})
PLEASED = ("2026-11-26 10:00", "followed_up", {"outcome": "satisfied"})
CLOSED = ("2026-11-27 10:00", "closed")
WHOLE = [REGISTERED, JUDGED, OPENED, OPINION, DONE, COMPLETED, SENT, PLEASED, CLOSED]


@pytest.fixture(scope="module")
def sv1():
    return Bench(load_pack("SV1"))


def without(*left_out):
    return [event for event in WHOLE if event not in left_out]


def test_a_complaint_runs_through(sv1, find):
    lines = sv1.play(*WHOLE)
    assert not find(lines, "refused")
    assert not find(lines, "breached")
    assert find(lines, "closed", clause="5.2.5")


@pytest.mark.clause("SV1-5.2.1")
@pytest.mark.parametrize("channel", ["letter", "fax", "phone", "face_to_face"])
def test_written_or_oral_it_is_registered(sv1, find, channel):
    lines = sv1.play((WED, "registered", {"channel": channel}))
    assert find(lines, "number_given", number="TS-2026-0001", clause="5.2.1")
    assert find(lines, "owner_set", post="quality", clause="5.2.1")
    assert find(lines, "required", what="judged", clause="5.2.1")


@pytest.mark.clause("SV1-5.2.1")
def test_the_register_has_its_form(sv1):
    (form,) = sv1.pack.record
    assert (form.title, form.clause) == ("顾客投诉登记表", "5.2.1")
    assert {field.title for field in form.fields} >= {"质量问题", "处理意见", "处理结果"}


@pytest.mark.clause("SV1-5.2.1")
def test_quality_opens_the_action_form_with_the_responsible_unit(sv1, find, iso):
    assert find(sv1.play(REGISTERED, JUDGED), "required", what="slip_issued", clause="5.2.1")
    by_unit = (*OPENED[:2], {**OPENED[2], "post": "unit_head"})
    assert find(sv1.play(REGISTERED, JUDGED, by_unit), "refused", clause="5.2.1", reason="post")
    assert find(sv1.play(*WHOLE[:3]), "number_given", number="JY-2026-0001", clause="5.2.1")
    (line,) = find(sv1.play(*without(OPENED, DONE)), "refused")
    assert (line["clause"], line["missing"]) == ("5.2.1", ["slip_issued"])
    (line,) = find(sv1.play(*without(DONE)), "refused")
    assert (line["clause"], line["missing"]) == ("5.2.1", ["slips"])
    empty = ("2026-11-24 10:00", "slip_finished", {"slip": "s1"})
    assert find(sv1.play(*WHOLE[:3], empty), "refused", clause="5.2.1", missing=["result"])


@pytest.mark.clause("SV1-5.2.1")
def test_an_overdue_action_form_climbs(sv1, find, iso):
    issued = (*OPENED[:2], {**OPENED[2], "finish_by": iso("2026-11-19 10:00")})
    lines = sv1.play(REGISTERED, JUDGED, issued, until="2026-11-19 11:00")
    assert find(lines, "escalated", to_post="quality_head", clause="5.2.1", reason="breach")


@pytest.mark.clause("SV1-5.2.1")
def test_quality_says_whose_fault_it_is_and_why(sv1, find):
    bare = ("2026-11-18 14:00", "judged", {"validity": "valid"})
    assert find(sv1.play(REGISTERED, bare), "refused", clause="5.2.1", missing=["reason"])
    by_unit = (*JUDGED[:2], {**JUDGED[2], "post": "marketing"})
    assert find(sv1.play(REGISTERED, by_unit), "refused", clause="5.2.1")
    assert find(sv1.play(REGISTERED, OPINION, CLOSED), "refused", clause="5.2.1", missing=["validity"])


@pytest.mark.clause("SV1-5.2.2")
@pytest.mark.parametrize(
    ("region", "due"),
    [
        ({}, "2026-11-20 17:30"),
        ({"region": "inside"}, "2026-11-20 17:30"),
        ({"region": "outside"}, "2026-11-23 17:30"),
    ],
)
def test_an_opinion_in_two_working_days_or_five_days_from_outside_the_province(sv1, find, iso, region, due):
    lines = sv1.play((WED, "registered", region), until="2026-11-24 00:00")
    assert find(lines, "clock_started", clock="answer", due=iso(due), clause="5.2.2")
    assert find(lines, "breached", clock="answer", due=iso(due), clause="5.2.2")
    assert find(lines, "warned", clock="answer")
    assert find(lines, "notified", post="quality", what="warned")
    assert find(lines, "escalated", to_post="quality_head", clause="5.2.2")
    assert find(lines, "notified", post="management_representative", what="breached")


@pytest.mark.clause("SV1-5.2.2")
def test_five_days_are_calendar_days(sv1, find, iso):
    lines = sv1.play(("2026-11-17 10:00", "registered", {"region": "outside"}))
    assert find(lines, "clock_started", due=iso("2026-11-23 00:00"))  # the Sunday, until it ends


@pytest.mark.clause("SV1-5.2.2")
def test_a_region_told_later_moves_the_time(sv1, find, iso):
    lines = sv1.play(REGISTERED, ("2026-11-18 11:00", "amended", {"region": "outside"}))
    assert find(lines, "clock_changed", clock="answer", due=iso("2026-11-23 17:30"))


@pytest.mark.clause("SV1-5.2.3")
def test_what_is_not_the_companys_fault_is_explained_with_evidence(sv1, find):
    assert find(sv1.play(REGISTERED, INVALID), "required", what="answered", clause="5.2.3")
    bare = ("2026-11-19 10:00", "answered")
    (line,) = find(sv1.play(REGISTERED, INVALID, bare), "refused")
    assert (line["clause"], line["missing"]) == ("5.2.3", ["text", "evidence"])


@pytest.mark.clause("SV1-5.2.3")
def test_the_customer_agrees_before_it_is_closed(sv1, find):
    explained = ("2026-11-19 10:00", "answered", {"text": "x", "evidence": "y"})
    agreed = ("2026-11-20 10:00", "confirmed", {"satisfied": True})
    objected = ("2026-11-20 10:00", "confirmed", {"satisfied": False})
    early = [REGISTERED, ("2026-11-18 11:00", "answered"), INVALID]
    assert find(sv1.play(*early, agreed, CLOSED), "refused", clause="5.2.3", missing=["answered"])
    story = [*early, explained]
    assert find(sv1.play(*story), "required", what="confirmed", clause="5.2.3")
    for answer in ([], [objected]):
        (line,) = find(sv1.play(*story, *answer, CLOSED), "refused")
        assert (line["clause"], line["missing"]) == ("5.2.3", ["confirmed"])
    assert not find(sv1.play(*story, agreed, CLOSED), "refused")


@pytest.mark.clause("SV1-5.2.3")
def test_another_post_judges_after_an_appeal(sv1, find):
    appealed = ("2026-11-18 15:00", "appealed", {"reason": "x"})
    again = ("2026-11-18 16:00", *INVALID[1:])
    lines = sv1.play(REGISTERED, INVALID, appealed, again)
    assert find(lines, "refused", reason="same_judge", clause="5.2.3")
    assert len(find(lines, "required", what="judged", clause="5.2.1")) == 2


@pytest.mark.clause("SV1-5.2.5")
def test_the_result_is_told_and_the_action_form_sent(sv1, find):
    assert find(sv1.play(*WHOLE[:5]), "required", what="completed", clause="5.2.5")
    assert find(sv1.play(*WHOLE[:6]), "required", what="answered", clause="5.2.5")
    unsent = (*SENT[:2], {"means": "phone"})
    (line,) = find(sv1.play(*without(SENT, PLEASED, CLOSED), unsent, PLEASED, CLOSED), "refused")
    assert (line["clause"], line["missing"]) == ("5.2.5", ["answered"])
    (line,) = find(sv1.play(*without(COMPLETED)), "refused")
    assert (line["clause"], line["missing"]) == ("5.2.5", ["completed"])


@pytest.mark.clause("SV1-5.2.5")
def test_it_goes_on_until_the_customer_is_satisfied(sv1, find, iso):
    story = without(PLEASED, CLOSED)
    assert find(sv1.play(*story), "required", what="followed_up", clause="5.2.5")
    (line,) = find(sv1.play(*story, CLOSED), "refused")
    assert (line["clause"], line["missing"]) == ("5.2.5", ["followed_up"])
    lines = sv1.play(*story, ("2026-11-26 10:00", "followed_up", {"outcome": "dissatisfied"}), CLOSED)
    assert find(lines, "reopened", clause="5.2.5")
    assert find(lines, "refused", event="closed")
    assert find(lines, "clock_started", clock="answer", due=iso("2026-11-30 17:30"))
    assert {line["post"] for line in find(lines, "notified", clause="5.2.5")} == {"quality", "marketing"}


@pytest.mark.clause("SV1-5.2.5")
@pytest.mark.parametrize("fault", [True, False])
def test_who_cannot_be_satisfied_is_closed_only_with_approval(sv1, find, fault):
    story = (
        without(PLEASED, CLOSED)
        if fault
        else [REGISTERED, INVALID, ("2026-11-19 10:00", "answered", {"text": "x", "evidence": "y"})]
    )

    def close(post, **records):
        approved = ("2026-11-26 15:00", "approved", {"what": "closed", "post": post, **records})
        gone = ("2026-11-26 10:00", "followed_up", {"outcome": "unreachable"})
        return sv1.play(*story, gone, approved, CLOSED)

    recorded = {"attempts": 3, "recourse_offered": True}
    assert find(close("quality_head", **recorded), "refused")
    assert find(close("management_representative", attempts=3), "refused")
    assert find(close("management_representative", **recorded), "closed", by_exception=True)


def test_a_promise_is_watched(sv1, find, iso):
    promised = ("2026-11-18 11:00", "promised", {"what": "visit", "by": iso("2026-11-19 10:00")})
    lines = sv1.play(REGISTERED, promised, until="2026-11-19 11:00")
    assert find(lines, "breached", clock="promise", clause="5.2.5")


@pytest.mark.clause("SV1-5.2.6")
def test_the_register_goes_to_the_management_representative_at_month_end(sv1):
    (duty,) = sv1.pack.duty
    assert (duty.clause, duty.given_to) == ("5.2.6", ["management_representative"])
    begin, _ = period_of(duty.every, date(2026, 11, 18))
    assert duty_due(duty, begin, sv1.calendar).date().isoformat() == "2026-11-30"


def test_every_clause_of_the_catalogue_is_in_the_pack(sv1):
    ids = {name for clause in sv1.pack.clause for name in clause.catalogue}
    assert ids == {f"SV1-{clause.id}" for clause in sv1.pack.clause}
    assert len(ids) == 7
    assert {clause.id for clause in sv1.pack.clause if not clause.running} == {"3.1", "5.1"}


@pytest.mark.clause("SV1-5.2.2")
@pytest.mark.parametrize("facts", [{}, {"region": "outside"}])
def test_the_customers_own_time_comes_first_and_the_owner_is_reminded(sv1, find, iso, facts):
    asked = iso("2026-12-01 09:00")
    lines = sv1.play(
        (WED, "registered", {"channel": "phone", "answer_by": asked, **facts}), until="2026-12-01 08:59"
    )
    assert find(lines, "clock_started", clock="answer", due=asked, clause="5.2.2")
    assert find(lines, "notified", what="warned", clock="answer", clause="5.2.2")


@pytest.mark.clause("SV1-5.2.5")
def test_the_owner_is_reminded_of_a_promise(sv1, find, iso):
    promised = ("2026-11-18 15:00", "promised", {"what": "visit", "by": iso("2026-11-20 15:00")})
    lines = sv1.play(REGISTERED, promised, until="2026-11-20 15:00")
    assert find(lines, "notified", what="warned", clock="promise", clause="5.2.5")
    assert find(lines, "escalated", clause="5.2.5", params={"clock": "promise", "what": "visit"})


@pytest.mark.clause("SV1-5.2.5")
def test_only_the_posts_of_the_clause_make_the_return_visit(sv1, find):
    def visit(post):
        fields = {"outcome": "satisfied", "post": post}
        return find(
            sv1.play(*without(PLEASED, CLOSED), ("2026-11-26 10:00", "followed_up", fields)),
            "refused",
            clause="5.2.5",
        )

    assert visit("general_manager")[0]["reason"] == "post"
    assert not visit("marketing")


@pytest.mark.clause("SV1-5.2.1", "SV1-5.2.3", "SV1-5.2.5")
def test_what_is_asked_for_next_depends_on_the_judgement(sv1, find):
    def asked(*story):
        return [(line["what"], line["clause"]) for line in find(sv1.play(*story), "required")]

    slip = [OPENED, DONE]
    valid = asked(REGISTERED, JUDGED, *slip, COMPLETED, SENT)
    assert sorted(valid) == [
        ("answered", "5.2.5"), ("completed", "5.2.5"), ("followed_up", "5.2.5"), ("judged", "5.2.1"),
        ("slip_issued", "5.2.1"),
    ]  # fmt: skip
    done = ("2026-11-24 10:00", "completed", {"result": "x"})
    told = ("2026-11-24 11:00", "answered", {"text": "x", "evidence": "x"})
    invalid = asked(REGISTERED, INVALID, *slip, done, told)
    assert sorted(invalid) == [("answered", "5.2.3"), ("confirmed", "5.2.3"), ("judged", "5.2.1")]
    by_sales = ("2026-11-18 14:00", "judged", {"validity": "valid", "reason": "x", "post": "marketing_head"})
    assert find(sv1.play(REGISTERED, by_sales), "refused", event="judged", clause="5.2.1", reason="post")
