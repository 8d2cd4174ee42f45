"""Pack PM1: what each clause demands, played through the pack as it is shipped."""

from __future__ import annotations

import pytest

WED = "2026-11-18 10:00"
JUDGED = ("2026-11-18 10:20", "judged", {"validity": "valid", "reason": "x"})
INVALID = ("2026-11-18 10:20", "judged", {"validity": "invalid", "reason": "x"})
ANSWERED = ("2026-11-18 11:00", "answered", {"means": "phone"})
COMPLETED = ("2026-11-18 15:00", "completed", {"result": "x"})
VISITED = ("2026-11-19 10:00", "followed_up", {"outcome": "satisfied"})
CLOSED = ("2026-11-19 11:00", "closed")
REGISTERED = (WED, "registered", {"channel": "phone", "category": "leak"})


def test_an_ordinary_complaint_runs_through(pm1, find):
    lines = pm1.play(REGISTERED, JUDGED, ANSWERED, COMPLETED, VISITED, CLOSED)
    assert not find(lines, "refused")
    assert not find(lines, "breached")
    assert find(lines, "closed", clause="7.2.7")
    assert find(lines, "clock_stopped", clock="answer", outcome="met")


@pytest.mark.clause("PM1-4.1")
def test_a_judgement_is_recorded_with_its_reason(pm1, find):
    lines = pm1.play(REGISTERED, ("2026-11-18 10:20", "judged", {"validity": "valid"}))
    assert find(lines, "refused", event="judged", clause="4.1", missing=["reason"])
    assert not find(pm1.play(REGISTERED, JUDGED), "refused")


@pytest.mark.clause("PM1-4.1")
@pytest.mark.parametrize("party", ["developer", "outside", "public_utility", "other_owner"])
def test_a_cause_outside_the_company_is_not_valid(pm1, find, party):
    def judge(validity):
        fields = {"validity": validity, "reason": "x", "responsible_party": party}
        return find(pm1.play(REGISTERED, ("2026-11-18 10:20", "judged", fields)), "refused")

    assert judge("valid")[0]["clause"] == "4.1"
    assert not judge("invalid")


@pytest.mark.clause("PM1-4.1")
@pytest.mark.parametrize("party", ["own", "supplier", "builder"])
def test_the_companys_own_failure_is_valid(pm1, find, party):
    fields = {"validity": "valid", "reason": "x", "responsible_party": party}
    assert not find(pm1.play(REGISTERED, ("2026-11-18 10:20", "judged", fields)), "refused")


@pytest.mark.clause("PM1-4.2")
def test_complaints_are_judged_by_heads_and_supervisors(pm1, find):
    def judge(post):
        fields = {"validity": "valid", "reason": "x", "post": post}
        return find(pm1.play(REGISTERED, ("2026-11-18 10:20", "judged", fields)), "refused")

    assert not any(judge(post) for post in ("handler", "service_supervisor", "department_head"))
    assert judge("worker")[0]["clause"] == "4.2"
    assert judge("duty")[0]["clause"] == "4.2"
    assert judge("quality")[0]["clause"] == "4.2"


@pytest.mark.clause("PM1-4.2")
def test_the_handler_owns_a_complaint(pm1, find):
    assert find(pm1.play(REGISTERED), "owner_set", post="handler")
    post = pm1.procedure.posts.by_code["handler"]
    assert {"handle", "judge"} <= post.may


@pytest.mark.clause("PM1-5.1")
@pytest.mark.parametrize("via", ["group", "government", "authority", "12345", "media"])
def test_complaints_made_to_group_or_authority_are_the_general_managers(pm1, find, via):
    lines = pm1.play((WED, "registered", {"via": via}))
    assert find(lines, "owner_set", post="general_manager", clause="5.1")


@pytest.mark.clause("PM1-5.1")
def test_what_stays_unsolved_climbs_to_the_general_manager(pm1, find):
    dissatisfied = {"outcome": "dissatisfied"}
    story = [REGISTERED, JUDGED, ANSWERED, ("2026-11-19 10:00", "followed_up", dissatisfied)]
    assert not find(pm1.play(*story), "escalated", to_post="general_manager")
    again = [*story, ("2026-11-19 11:00", "answered"), ("2026-11-20 10:00", "followed_up", dissatisfied)]
    assert find(pm1.play(*again), "escalated", to_post="general_manager", clause="5.1", reason="unsolved")


@pytest.mark.clause("PM1-5.1")
def test_the_general_manager_appoints_somebody(pm1, find):
    story = [(WED, "registered", {"via": "government"})]
    lines = pm1.play(
        *story, ("2026-11-18 10:30", "assigned", {"to_post": "department_head", "post": "general_manager"})
    )
    assert find(lines, "owner_set", post="department_head")


@pytest.mark.clause("PM1-5.2")
def test_complaints_made_to_the_company_are_the_deputys(pm1, find):
    lines = pm1.play((WED, "registered", {"channel": "company"}))
    assert find(lines, "owner_set", post="deputy_general_manager", clause="5.2")
    assert not find(pm1.play(REGISTERED), "owner_set", post="deputy_general_manager")


@pytest.mark.clause("PM1-7.1.1")
def test_the_channels_of_the_procedure_and_every_contact_keeps_its_channel(pm1):
    listed = {channel.code for channel in pm1.pack.channel}
    assert listed >= {
        "notice_board", "publicity_column", "notice", "sign", "phone", "front_desk", "face_to_face",
        "suggestion_box", "return_visit", "press", "community_event", "letter", "questionnaire",
    }  # fmt: skip
    assert pm1.case((WED, "registered", {"channel": "suggestion_box"})).facts["channel"] == "suggestion_box"
    standing = pm1.case(REGISTERED, ANSWERED)
    assert standing.entries[-1].data["means"] == "phone"


@pytest.mark.clause("PM1-7.1.1")
@pytest.mark.parametrize(
    ("kind", "clock", "due"),
    [
        ("enquiry", "answer", "2026-11-19 18:00"),
        ("assistance", "answer", "2026-11-19 18:00"),
        ("suggestion", "answer", "2026-11-25 18:00"),
        ("praise", "answer", "2026-11-25 18:00"),
        ("repair", "contact", "2026-11-18 12:00"),
        ("repair", "complete", "2026-11-23 18:00"),
    ],
)
def test_other_kinds_are_registered_numbered_and_answered_too(pm1, find, iso, kind, clock, due):
    story = [(WED, "registered", {"kind": kind})]
    lines = pm1.play(*story)
    assert find(lines, "number_given", clause="7.1.1")
    assert find(lines, "clock_started", clock=clock, due=iso(due), clause="7.1.1")
    assert find(pm1.play(*story, ("2026-11-18 10:01", "closed")), "refused", clause="7.1.1")
    done = pm1.play(
        *story,
        ("2026-11-18 10:01", "answered"),
        ("2026-11-18 10:02", "completed"),
        ("2026-11-18 10:03", "closed"),
    )
    assert not find(done, "refused")
    assert find(done, "clock_stopped", clock=clock, outcome="met")


@pytest.mark.clause("PM1-7.1.1")
@pytest.mark.parametrize(
    ("kind", "clock"), [("enquiry", "answer"), ("assistance", "answer"), ("repair", "contact")]
)
def test_urgent_matters_of_other_kinds_are_taken_up_at_once(pm1, find, iso, kind, clock):
    lines = pm1.play((WED, "registered", {"kind": kind, "urgency": "urgent"}))
    assert find(lines, "clock_started", clock=clock, due=iso("2026-11-18 10:30"))


@pytest.mark.clause("PM1-7.1.16")
def test_an_invalid_complaint_is_explained_before_it_is_closed(pm1, find):
    early = [REGISTERED, ("2026-11-18 10:10", "answered"), INVALID]
    (line,) = find(pm1.play(*early, ("2026-11-18 12:00", "closed")), "refused")
    assert (line["clause"], line["missing"]) == ("7.1.16", ["answered"])
    assert not find(pm1.play(*early, ANSWERED, ("2026-11-18 12:00", "closed")), "refused")


@pytest.mark.clause("PM1-7.1.16")
def test_a_valid_complaints_handling_is_told_to_the_customer(pm1, find):
    lines = pm1.play(REGISTERED, JUDGED, VISITED, CLOSED)
    assert find(lines, "refused", event="closed")[0]["missing"] == ["answered"]


@pytest.mark.clause("PM1-7.2.1")
def test_an_answer_given_at_once_informs_the_handler(pm1, find):
    lines = pm1.play(REGISTERED, ("2026-11-18 10:02", "answered", {"post": "duty"}))
    assert find(lines, "notified", post="handler", clause="7.2.1")
    assert not find(pm1.play(REGISTERED, JUDGED, ANSWERED), "notified", clause="7.2.1")


@pytest.mark.clause("PM1-7.2.1")
def test_what_cannot_be_answered_goes_to_the_handler_on_the_record_form(pm1, find):
    lines = pm1.play((WED, "registered", {"post": "duty"}))
    assert find(lines, "owner_set", post="handler", clause="7.2.1")
    assert find(lines, "number_given", number="TS-2026-0001", clause="7.2.1")
    (form,) = [record for record in pm1.pack.record if record.code == "complaint_record"]
    assert form.title == "顾客投诉处理记录表"
    assert {field.title for field in form.fields} >= {
        "投诉内容",
        "处理措施及结果",
        "答复内容",
        "投诉人意见",
        "原因分析",
    }


@pytest.mark.clause("PM1-7.2.2")
@pytest.mark.parametrize("via", ["company", "group", "media", "government"])
def test_what_arrives_from_above_is_forwarded_by_a_leader(pm1, find, via):
    first = (WED, "registered", {"via": via})
    lines = pm1.play(first)
    assert find(lines, "required", what="assigned", clause="7.2.2")

    def assign(post):
        return pm1.play(first, ("2026-11-18 10:30", "assigned", {"to_post": "handler", "post": post}))

    assert find(assign("service_supervisor"), "refused", event="assigned", clause="7.2.2")
    assert not find(assign("deputy_general_manager"), "refused")
    assert find(assign("deputy_general_manager"), "required", what="completed", clause="7.2.2")


@pytest.mark.clause("PM1-7.2.2")
def test_what_arrives_from_above_is_followed_to_its_result(pm1, find):
    story = [(WED, "registered", {"channel": "12345"}), JUDGED, ANSWERED, VISITED]
    assert find(pm1.play(*story, CLOSED), "refused", clause="7.2.2", missing=["completed"])
    assert find(pm1.play(*story), "notified", post="deputy_general_manager", clause="7.2.2")
    story.insert(3, COMPLETED)
    assert not find(pm1.play(*story, CLOSED), "refused")


@pytest.mark.clause("PM1-7.2.3")
@pytest.mark.parametrize("severity", ["severe", "ordinary"])
@pytest.mark.parametrize(
    ("urgency", "due"), [("urgent", "2026-11-18 12:00"), ("ordinary", "2026-11-20 18:00")]
)
def test_a_valid_complaint_is_answered_by_urgency(pm1, find, iso, severity, urgency, due):
    lines = pm1.play(
        (WED, "registered", {"severity": severity, "urgency": urgency}), JUDGED, until="2026-11-21 00:00"
    )
    assert find(lines, "clock_started", clock="answer", clause="7.2.3", due=iso(due))
    assert find(lines, "breached", clock="answer", due=iso(due), clause="7.2.3")
    assert find(lines, "warned", clock="answer")


@pytest.mark.clause("PM1-7.2.3")
@pytest.mark.parametrize("urgency", ["urgent", "ordinary"])
def test_the_customers_own_time_comes_first(pm1, find, iso, urgency):
    asked = iso("2026-11-24 09:00")
    lines = pm1.play((WED, "registered", {"urgency": urgency, "answer_by": asked}))
    assert find(lines, "clock_started", clock="answer", due=asked)


@pytest.mark.clause("PM1-7.2.3")
def test_the_reason_of_an_invalid_complaint_is_told_within_one_working_day(pm1, find, iso):
    lines = pm1.play(REGISTERED, INVALID, until="2026-11-20 00:00")
    assert find(lines, "clock_started", clock="explain", due=iso("2026-11-19 18:00"), clause="7.2.3")
    assert find(lines, "clock_stopped", clock="answer", outcome="void")
    assert find(lines, "breached", clock="explain", clause="7.2.3")


@pytest.mark.clause("PM1-7.2.3")
def test_a_complaint_is_judged_before_it_is_closed(pm1, find):
    lines = pm1.play(REGISTERED, ANSWERED, ("2026-11-18 12:00", "closed"))
    assert find(lines, "required", what="judged", clause="7.2.3")
    assert find(lines, "refused", event="closed", clause="7.2.3", missing=["validity"])


@pytest.mark.clause("PM1-7.2.3")
def test_a_late_answer_climbs_to_the_superior_and_is_told_to_quality(pm1, find):
    lines = pm1.play(REGISTERED, until="2026-11-21 00:00")
    assert find(lines, "escalated", to_post="department_head", clause="7.2.3", reason="breach")
    assert find(lines, "notified", post="quality", what="breached")
    assert find(lines, "notified", post="handler", what="warned")


@pytest.mark.clause("PM1-7.2.3", "PM1-7.1.1")
@pytest.mark.parametrize(("kind", "clause"), [("complaint", "7.2.3"), ("repair", "7.1.1")])
def test_a_promise_is_watched(pm1, find, iso, kind, clause):
    promised = ("2026-11-18 10:10", "promised", {"what": "visit", "by": iso("2026-11-18 15:00")})
    lines = pm1.play((WED, "registered", {"kind": kind}), promised, until="2026-11-18 16:00")
    assert find(lines, "warned", clock="promise", clause=clause, at=iso("2026-11-18 14:30"))
    assert find(lines, "breached", clock="promise", clause=clause)
    assert bool(find(lines, "escalated", params={"clock": "promise", "what": "visit"})) == (
        kind == "complaint"
    )


@pytest.mark.clause("PM1-7.2.4")
def test_a_developers_cause_is_forwarded_and_its_result_followed(pm1, find):
    judged = (
        "2026-11-18 10:20",
        "judged",
        {"validity": "invalid", "reason": "x", "responsible_party": "developer"},
    )
    lines = pm1.play(REGISTERED, judged)
    assert find(lines, "required", what="forwarded", clause="7.2.4")
    told = pm1.play(REGISTERED, judged, ANSWERED, CLOSED)
    assert find(told, "refused", clause="7.2.4", missing=["forwarded"])
    wrong = pm1.play(
        REGISTERED, judged, ANSWERED, ("2026-11-18 12:00", "forwarded", {"party": "builder"}), CLOSED
    )
    assert find(wrong, "refused", clause="7.2.4")
    story = [REGISTERED, judged, ANSWERED, ("2026-11-18 12:00", "forwarded", {"party": "developer"})]
    assert find(pm1.play(*story), "required", what="answered", clause="7.2.4")
    assert find(pm1.play(*story, CLOSED), "refused", clause="7.2.4", missing=["answered"])
    assert not find(pm1.play(*story, ("2026-11-18 16:00", "answered"), CLOSED), "refused")


@pytest.mark.clause("PM1-7.2.4")
@pytest.mark.parametrize("party", ["outside", "public_utility"])
def test_an_outside_cause_is_taken_up_with_the_department_concerned(pm1, find, party):
    judged = (
        "2026-11-18 10:20",
        "judged",
        {"validity": "invalid", "reason": "x", "responsible_party": party},
    )
    assert find(pm1.play(REGISTERED, judged), "required", what="forwarded", clause="7.2.5")
    assert find(
        pm1.play(REGISTERED, judged, ANSWERED, CLOSED), "refused", clause="7.2.5", missing=["forwarded"]
    )
    forwarded = ("2026-11-18 12:00", "forwarded", {"party": "城管"})
    assert not find(pm1.play(REGISTERED, judged, ANSWERED, forwarded, CLOSED), "refused")


@pytest.mark.clause("PM1-7.2.6")
def test_further_measures_until_the_customer_is_satisfied(pm1, find, iso):
    back = ("2026-11-19 10:00", "followed_up", {"outcome": "dissatisfied"})
    lines = pm1.play(REGISTERED, JUDGED, ANSWERED, COMPLETED, back)
    assert find(lines, "reopened", clause="7.2.6")
    assert {line["post"] for line in find(lines, "notified", clause="7.2.6")} == {
        "handler",
        "department_head",
    }
    assert find(
        lines, "clock_started", clock="answer", at=iso("2026-11-19 10:00"), due=iso("2026-11-23 18:00")
    )
    closed = pm1.play(REGISTERED, JUDGED, ANSWERED, COMPLETED, back, ("2026-11-19 11:00", "closed"))
    assert find(closed, "refused", event="closed")


@pytest.mark.clause("PM1-7.2.7")
def test_the_result_is_written_and_the_customer_answered(pm1, find):
    lines = pm1.play(REGISTERED, JUDGED, ("2026-11-18 15:00", "completed"))
    assert find(lines, "refused", event="completed", clause="7.2.7", missing=["result"])
    (line,) = find(pm1.play(REGISTERED, JUDGED, COMPLETED, VISITED, CLOSED), "refused")
    assert (line["clause"], line["missing"]) == ("7.2.7", ["answered"])
    (form,) = [record for record in pm1.pack.record if record.clause == "7.2.7"]
    assert form.file == "forms/complaint_record.docx"


SLIP = {"slip": "s1", "form": "work_slip", "to_unit": "company"}


@pytest.mark.clause("PM1-7.2.8")
def test_what_the_handler_cannot_solve_goes_up_on_a_work_slip(pm1, find, iso):
    issued = (
        "2026-11-18 11:00",
        "slip_issued",
        {**SLIP, "post": "handler", "reply_by": iso("2026-11-18 15:00")},
    )
    lines = pm1.play(REGISTERED, JUDGED, issued, until="2026-11-18 16:00")
    assert find(lines, "number_given", number="CQ-2026-0001", slip="s1", clause="7.2.8")
    assert find(lines, "escalated", to_post="department_head", clause="7.2.8", at=iso("2026-11-18 11:00"))
    assert find(lines, "clock_started", clock="slip_reply", slip="s1", due=iso("2026-11-18 15:00"))
    assert find(lines, "breached", clock="slip_reply", slip="s1", clause="7.2.8")
    received = ("2026-11-18 12:00", "slip_received", {"slip": "s1"})
    empty = pm1.play(
        REGISTERED, JUDGED, issued, received, ("2026-11-18 14:00", "slip_finished", {"slip": "s1"})
    )
    assert find(empty, "refused", event="slip_finished", clause="7.2.8", missing=["result"])
    done = ("2026-11-18 14:00", "slip_finished", {"slip": "s1", "result": "x"})
    lines = pm1.play(REGISTERED, JUDGED, issued, received, done)
    assert find(lines, "clock_stopped", clock="slip_reply", outcome="met")
    assert pm1.case(REGISTERED, issued, received, done).slips[0].state == "finished"


@pytest.mark.clause("PM1-7.2.8")
def test_a_case_stays_open_until_its_slips_are_finished(pm1, find):
    issued = ("2026-11-18 10:30", "slip_issued", SLIP)
    story = [REGISTERED, JUDGED, issued, ANSWERED, VISITED]
    (line,) = find(pm1.play(*story, CLOSED), "refused")
    assert (line["clause"], line["missing"]) == ("7.2.8", ["slips"])
    assert line["params"]["slips"] == {"slips": ["s1"], "state": "finished"}
    story.insert(3, ("2026-11-18 10:40", "slip_finished", {"slip": "s1", "result": "x"}))
    assert not find(pm1.play(*story, CLOSED), "refused")


@pytest.mark.clause("PM1-7.2.8")
def test_a_request_goes_to_the_superior_or_to_whom_it_names(pm1, find):
    lines = pm1.play(REGISTERED, ("2026-11-18 11:00", "escalated", {"reason": "x"}))
    assert find(lines, "escalated", to_post="department_head", clause="7.2.8", reason="requested")
    assert find(lines, "owner_set", post="department_head", clause="7.2.8")
    lines = pm1.play(REGISTERED, ("2026-11-18 11:00", "escalated", {"to_post": "general_manager"}))
    assert find(lines, "owner_set", post="general_manager", clause="7.2.8")
    assert len(find(lines, "escalated")) == 1


@pytest.mark.clause("PM1-7.2.8")
def test_only_handlers_and_those_above_send_a_work_slip(pm1, find):
    lines = pm1.play(REGISTERED, ("2026-11-18 11:00", "slip_issued", {**SLIP, "post": "worker"}))
    assert find(lines, "refused", event="slip_issued", clause="7.2.8", reason="post")


@pytest.mark.clause("PM1-7.2.9")
def test_a_leader_issues_a_work_order_to_a_department(pm1, find, iso):
    def issue(post):
        fields = {
            "slip": "s2",
            "form": "《工作安排通知单》",
            "post": post,
            "finish_by": iso("2026-11-19 12:00"),
        }
        return pm1.play(REGISTERED, ("2026-11-18 11:00", "slip_issued", fields), until="2026-11-19 13:00")

    assert find(issue("handler"), "refused", event="slip_issued", clause="7.2.9")
    lines = issue("department_head")
    assert find(lines, "number_given", number="TZ-2026-0001", clause="7.2.9")
    assert find(lines, "clock_started", clock="slip_finish", due=iso("2026-11-19 12:00"), clause="7.2.9")
    assert find(lines, "breached", clock="slip_finish", clause="7.2.9")
    assert not find(lines, "escalated", clause="7.2.8")


@pytest.mark.clause("PM1-7.2.10")
def test_every_valid_complaint_gets_a_return_visit(pm1, find):
    lines = pm1.play(REGISTERED, JUDGED, ANSWERED, CLOSED)
    assert find(lines, "required", what="followed_up", clause="7.2.10")
    assert find(lines, "refused", event="closed", clause="7.2.10", missing=["followed_up"])
    assert not find(pm1.play(REGISTERED, INVALID, ANSWERED, CLOSED), "refused")
    assert not find(pm1.play(REGISTERED, INVALID, ANSWERED), "required", what="followed_up")
    (form,) = pm1.pack.record
    assert [field.title for field in form.fields if field.source == "followed_up.outcome"] == ["投诉人意见"]


@pytest.mark.clause("PM1-7.2.10")
def test_the_return_visit_is_made_by_the_handler_or_a_delegate(pm1, find):
    def visit(post):
        fields = {"outcome": "satisfied", "post": post}
        return find(
            pm1.play(REGISTERED, JUDGED, ANSWERED, ("2026-11-18 12:00", "followed_up", fields)), "refused"
        )

    assert not visit("handler")
    assert not visit("duty")
    assert visit("worker")


@pytest.mark.clause("PM1-7.2.10")
def test_approved_closure_where_satisfaction_cannot_be_had(pm1, find):
    away = ("2026-11-19 10:00", "followed_up", {"outcome": "unreachable"})
    story = [REGISTERED, JUDGED, ANSWERED, away]
    assert find(pm1.play(*story, CLOSED), "refused", clause="7.2.10")
    approved = (
        "2026-11-19 10:30",
        "approved",
        {"what": "closed", "post": "department_head", "recourse_offered": True},
    )
    assert find(pm1.play(*story, approved, CLOSED), "closed", by_exception=True)
    own = ("2026-11-19 10:30", "approved", {"what": "closed", "post": "handler", "recourse_offered": True})
    assert find(pm1.play(*story, own, CLOSED), "refused", event="closed")


@pytest.mark.clause("PM1-7.2.11")
def test_the_heads_decision_on_action_is_on_record_with_its_reason(pm1, find):
    def note(**fields):
        return find(pm1.play(REGISTERED, JUDGED, ("2026-11-18 12:00", "noted", fields)), "refused")

    assert note(action_decision="none")[0]["clause"] == "7.2.11"
    assert note(action_decision="none")[0]["missing"] == ["reason"]
    assert note(action_decision="corrective", reason="x", post="handler")[0]["clause"] == "7.2.11"
    assert not note(action_decision="corrective", reason="x", post="department_head")
    assert not note(text="x")


DUTIES = {
    "PM1-7.2.12": ("weekly_review", "week", "department_head", "2026-11-20"),
    "PM1-7.2.13": ("monthly_complaint_report", "month", "department_head", "2026-11-30"),
    "PM1-7.2.14": ("quarterly_analysis", "quarter", "service_supervisor", "2027-01-11"),
    "PM1-7.2.15": ("action_decision", "month", "deputy_general_manager", "2026-12-07"),
    "PM1-7.2.16": ("yearly_summary", "year", "deputy_general_manager", "2026-12-31"),
}


@pytest.mark.parametrize("clause", [pytest.param(name, marks=pytest.mark.clause(name)) for name in DUTIES])
def test_recurring_work_has_an_owner_and_a_due_day(pm1, clause):
    from datetime import date

    from huiyin.engine.duties import duty_due, period_of

    code, every, owner, day = DUTIES[clause]
    (duty,) = [duty for duty in pm1.pack.duty if duty.code == code]
    assert (duty.every, duty.owner, f"PM1-{duty.clause}") == (every, owner, clause)
    begin, _ = period_of(duty.every, date(2026, 11, 18))
    assert duty_due(duty, begin, pm1.calendar).date().isoformat() == day


@pytest.mark.clause("PM1-7.2.13", "PM1-7.2.14", "PM1-7.2.16")
def test_reports_go_where_the_clause_sends_them(pm1):
    duties = {duty.code: duty for duty in pm1.pack.duty}
    assert duties["monthly_complaint_report"].given_to == ["deputy_general_manager"]
    assert duties["quarterly_analysis"].publish_to == ["departments"]
    assert duties["yearly_summary"].feeds == ["management_review"]


@pytest.mark.clause("PM1-8")
def test_records_are_kept_two_years(pm1):
    kept = {what: rule for rule in pm1.pack.retention for what in rule.of}
    assert set(kept) >= {
        "owner_evaluation", "yearly_questionnaire", "complaint", "complaint_record", "work_slip",
        "work_order", "monthly_complaint_report", "yearly_summary",
    }  # fmt: skip
    assert {(rule.keep, rule.clause) for rule in kept.values()} == {("2y", "8")}


def test_every_clause_of_the_catalogue_is_in_the_pack(pm1):
    ids = {name for clause in pm1.pack.clause for name in clause.catalogue}
    # the catalogue has 7.2.4 and 7.2.5 under one number
    assert ids == {f"PM1-{clause.id}" for clause in pm1.pack.clause} - {"PM1-7.2.5"}
    assert len(ids) == 46
    running = {clause.id for clause in pm1.pack.clause if clause.running}
    assert running == {
        "4.1", "4.2", "5.1", "5.2", "5.4", "7.1.1", "7.1.16", "8",
        *(f"7.2.{number}" for number in range(1, 17)), *(f"7.3.{number}" for number in range(1, 8)),
    }  # fmt: skip


def test_numbers_start_again_each_year(pm1, find):
    lines = pm1.play(
        ("2026-12-31 23:00", "registered"),
        ("2026-12-31 23:30", "registered", {"case": "c2", "kind": "repair"}),
        ("2026-12-31 23:59", "registered", {"case": "c3"}),
        ("2027-01-01 00:00", "registered", {"case": "c4"}),
    )
    assert [line["number"] for line in find(lines, "number_given")] == [
        "TS-2026-0001",
        "BX-2026-0001",
        "TS-2026-0002",
        "TS-2027-0001",
    ]


@pytest.mark.clause("PM1-7.2.3", "PM1-7.1.1")
@pytest.mark.parametrize(
    ("facts", "clock", "told"),
    [
        ({"kind": "complaint", "urgency": "urgent"}, "answer", ["quality"]),
        ({"kind": "complaint"}, "answer", ["quality"]),
        ({"kind": "enquiry", "urgency": "urgent"}, "answer", ["service_supervisor"]),
        ({"kind": "assistance"}, "answer", ["service_supervisor"]),
        ({"kind": "suggestion"}, "answer", ["service_supervisor"]),
        ({"kind": "repair", "urgency": "urgent"}, "contact", ["service_supervisor"]),
        ({"kind": "repair"}, "contact", ["service_supervisor"]),
        ({"kind": "repair"}, "complete", ["quality"]),
    ],
)
def test_who_hears_of_a_breach(pm1, find, facts, clock, told):
    lines = pm1.play((WED, "registered", facts), until="2026-12-05 00:00")
    assert [line["post"] for line in find(lines, "notified", what="breached", clock=clock)] == told
    climbs = facts["kind"] == "complaint" or clock == "complete"
    assert bool(find(lines, "escalated", reason="breach", params={"clock": clock})) is climbs
    owner = find(lines, "notified", what="warned", clock=clock, post="handler")
    assert bool(owner) is (facts["kind"] == "complaint")


@pytest.mark.clause("PM1-7.2.3")
def test_the_explanation_that_is_late_climbs_too(pm1, find):
    lines = pm1.play(REGISTERED, INVALID, until="2026-11-20 00:00")
    assert find(lines, "notified", what="warned", clock="explain", post="handler")
    assert find(lines, "notified", what="breached", clock="explain", post="quality")
    assert find(lines, "escalated", to_post="department_head", params={"clock": "explain"})
    assert not find(pm1.play(REGISTERED, JUDGED), "clock_started", clock="explain")


@pytest.mark.clause("PM1-7.2.3", "PM1-7.1.1")
@pytest.mark.parametrize("kind", ["complaint", "enquiry", "suggestion", "repair"])
@pytest.mark.parametrize("urgency", ["urgent", "ordinary"])
def test_every_kind_goes_by_the_customers_own_time(pm1, find, iso, kind, urgency):
    asked = iso("2026-12-01 09:00")
    lines = pm1.play((WED, "registered", {"kind": kind, "urgency": urgency, "answer_by": asked}))
    assert find(lines, "clock_started", due=asked)


@pytest.mark.clause("PM1-7.2.3", "PM1-7.1.1")
@pytest.mark.parametrize("kind", ["complaint", "repair"])
def test_the_owner_is_reminded_of_a_promise(pm1, find, iso, kind):
    promised = ("2026-11-18 10:10", "promised", {"what": "visit", "by": iso("2026-11-18 15:00")})
    lines = pm1.play((WED, "registered", {"kind": kind}), promised, until="2026-11-18 14:45")
    assert find(lines, "notified", what="warned", clock="promise", post="handler")


@pytest.mark.clause("PM1-7.1.1")
@pytest.mark.parametrize("reason", ["customer_absent", "waiting_parts", "outside_party"])
def test_a_repair_waits_for_customer_parts_and_others(pm1, find, reason):
    lines = pm1.play(
        (WED, "registered", {"kind": "repair"}), ("2026-11-18 11:00", "paused", {"reason": reason})
    )
    assert find(lines, "clock_paused", clock="complete")


@pytest.mark.clause("PM1-7.1.1")
@pytest.mark.parametrize(
    ("kind", "prefix"), [("enquiry", "ZX"), ("suggestion", "JY"), ("assistance", "QZ"), ("praise", "BY")]
)
def test_every_kind_has_its_numbers(pm1, find, kind, prefix):
    lines = pm1.play((WED, "registered", {"kind": kind}))
    assert find(lines, "number_given", number=f"{prefix}-2026-0001")


@pytest.mark.clause("PM1-7.2.2", "PM1-7.2.4")
def test_what_concerns_others_is_not_asked_of_an_ordinary_complaint(pm1, find):
    assigned = ("2026-11-18 10:30", "assigned", {"to_post": "handler", "post": "service_supervisor"})
    forwarded = ("2026-11-18 10:40", "forwarded", {"party": "builder"})
    lines = pm1.play(REGISTERED, JUDGED, assigned, forwarded, ANSWERED)
    assert not find(lines, "refused")
    assert [line["what"] for line in find(lines, "required")] == ["judged", "followed_up"]
    assert not find(lines, "notified", clause="7.2.2")


@pytest.mark.clause("PM1-7.2.2")
def test_once_forwarded_by_a_leader_the_department_arranges_by_itself(pm1, find):
    first = ("2026-11-18 10:30", "assigned", {"to_post": "department_head", "post": "general_manager"})
    second = ("2026-11-18 11:00", "assigned", {"to_post": "handler", "post": "department_head"})
    assert not find(pm1.play((WED, "registered", {"via": "media"}), first, second), "refused")


@pytest.mark.clause("PM1-7.2.10")
def test_who_is_no_delegate_makes_no_return_visit(pm1, find):
    visit = ("2026-11-18 12:00", "followed_up", {"outcome": "satisfied", "post": "worker"})
    lines = pm1.play(REGISTERED, JUDGED, ANSWERED, visit)
    assert find(lines, "refused", event="followed_up", clause="7.2.10", reason="post")


@pytest.mark.clause("PM1-7.2.8", "PM1-7.2.9")
@pytest.mark.parametrize(("form", "post"), [("work_slip", "handler"), ("work_order", "department_head")])
def test_a_late_slip_climbs(pm1, find, iso, form, post):
    fields = {"slip": "s1", "form": form, "post": post, "finish_by": iso("2026-11-19 12:00")}
    lines = pm1.play(REGISTERED, ("2026-11-18 11:00", "slip_issued", fields), until="2026-11-19 13:00")
    assert find(lines, "escalated", reason="breach", params={"clock": "slip_finish", "slip": "s1"})
