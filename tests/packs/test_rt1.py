"""Pack RT1: shops and restaurants; three levels, what each may pay, who is assessed."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
MINOR = (WED, "registered", {"channel": "front_desk"})
SERIOUS = (WED, "registered", {"channel": "front_desk", "severity": "severe"})
MAJOR = (WED, "registered", {"channel": "media"})
ANSWERED = ("2026-11-18 11:00", "answered", {"text": "x"})
COMPLETED = ("2026-11-18 15:00", "completed", {"result": "x"})
VISITED = ("2026-11-19 10:00", "followed_up", {"outcome": "satisfied"})
CLOSED = ("2026-11-19 17:00", "closed")
APPROVED = ("2026-11-18 10:30", "approved", {"what": "plan", "post": "general_manager"})
PLAN = ("2026-11-18 10:20", "noted", {"plan": "x"})
REPORT = ("2026-11-19 11:00", "noted", {"major_report": "x"})


def assessed(level, post=None, decision="confirmed"):
    fields = {"assessment": level, "decision": decision}
    return ("2026-11-19 12:00", "assessed", {**fields, "post": post} if post else fields)


def paid(amount, at="2026-11-18 10:40", **more):
    return (at, "compensated", {"amount": amount, **more})


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("RT1"))


@pytest.fixture
def refused(pack, find):
    """(clause, missing) of every refusal of the last step of a story."""

    def play(*story):
        lines = find(pack.play(*story), "refused", event=story[-1][1])
        return [(line["clause"], line["missing"]) for line in lines]

    return play


@pytest.mark.clause("RT1-2")
def test_the_logistics_centre_is_outside(refused):
    assert refused((WED, "registered", {"unit": "logistics"})) == [("2", [])]
    assert not refused((WED, "registered", {"unit": "shop1"}))


@pytest.mark.clause("RT1-4", "RT1-5.1")
@pytest.mark.parametrize(
    ("facts", "level", "owner"),
    [
        ({"channel": "media"}, "major", "office"),
        ({"channel": "press"}, "major", "office"),
        ({"via": "consumer_association"}, "major", "office"),
        ({"channel": "front_desk", "safety": True}, "major", "office"),
        ({"channel": "front_desk", "reputation": True}, "major", "office"),
        ({"channel": "front_desk", "severity": "severe"}, "serious", "supervisor"),
        ({"channel": "suggestion_box"}, "minor", "duty_manager"),
    ],
)
def test_levels_and_who_handles_them(pack, find, facts, level, owner):
    lines = pack.play((WED, "registered", facts))
    assert find(lines, "level_set", level=level, clause="4")
    assert [line["post"] for line in find(lines, "owner_set")][-1] == owner


@pytest.mark.clause("RT1-4")
@pytest.mark.parametrize(("level", "owner"), [("serious", "supervisor"), ("major", "office")])
def test_what_goes_beyond_a_level_is_raised_to_another(pack, find, refused, level, owner):
    lines = pack.play(MINOR, ("2026-11-18 10:30", "escalated", {"level": level}))
    assert find(lines, "level_set", level=level)
    assert find(lines, "owner_set", post=owner)
    assert refused(MINOR, ("2026-11-18 10:30", "escalated")) == [("4", ["level"])]


@pytest.mark.clause("RT1-5.1")
def test_the_general_manager_approves_every_major_plan(pack, find, refused):
    lines = pack.play(MAJOR)
    assert find(lines, "approval_required", what="plan", post="general_manager", clause="5.1")
    assert find(lines, "required", what="plan", clause="5.1")
    assert refused(MAJOR, COMPLETED) == [("5.1", ["approved"])]
    assert not refused(MAJOR, PLAN, APPROVED, COMPLETED)
    assert not refused(MINOR, COMPLETED)
    by_office = (*APPROVED[:2], {"what": "plan", "post": "office"})
    assert refused(MAJOR, PLAN, by_office) == [("5.1", [])]


@pytest.mark.clause("RT1-5.1")
def test_a_refused_plan_is_not_approved_until_a_new_one_is(refused, pack):
    declined = ("2026-11-18 10:30", "declined", {"what": "plan", "post": "general_manager", "reason": "x"})
    story = [MAJOR, PLAN, declined]
    assert refused(*story, COMPLETED) == [("5.1", ["approved"])]
    assert not pack.case(*story).approvals
    again = [*story, ("2026-11-18 10:40", "noted", {"plan": "y"})]
    assert pack.case(*again).approvals[0].what == "plan"
    yes = ("2026-11-18 10:50", "approved", {"what": "plan", "post": "general_manager"})
    assert not refused(*again, yes, COMPLETED)


@pytest.mark.clause("RT1-6.1")
def test_every_source_is_a_channel_and_the_source_is_on_record(pack, find):
    codes = {channel.code: channel.via for channel in pack.pack.channel}
    assert set(codes) >= {"front_desk", "phone", "suggestion_box", "consumer_association", "press", "media"}
    assert (codes["press"], codes["consumer_association"]) == ("media", "consumer_association")
    assert find(pack.play((WED, "registered")), "required", what="channel", clause="6.1")
    assert not find(pack.play(MINOR), "required", what="channel")
    assert find(pack.play(MINOR), "number_given", number="TS-2026-0001", clause="6.1")


LIMITS = [
    (MINOR, "100", "100.01", "6.2.1"),
    (SERIOUS, "200", "200.01", "6.2.2"),
    (MAJOR, "300", "301", "6.2.3"),
]


@pytest.mark.clause("RT1-6.2.1", "RT1-6.2.2", "RT1-6.2.3")
@pytest.mark.parametrize(("case", "within", "beyond", "clause"), LIMITS)
def test_each_level_pays_up_to_its_limit_and_above_it_the_general_manager_approves(
    pack, find, case, within, beyond, clause
):
    assert not find(pack.play(case, paid(within)), "approval_required", what="compensated")
    lines = pack.play(case, paid(beyond))
    wanted = {"what": "compensated", "post": "general_manager", "clause": clause}
    assert find(lines, "approval_required", amount=beyond, **wanted)


@pytest.mark.clause("RT1-6.2.1", "RT1-6.2.2", "RT1-6.2.3")
@pytest.mark.parametrize(("case", "within", "beyond", "clause"), LIMITS)
def test_a_payment_split_in_two_is_one_payment(pack, find, case, within, beyond, clause):
    second = paid("60", "2026-11-18 10:50")
    lines = pack.play(case, paid(within), second)
    total = str(int(within) + 60)
    assert find(lines, "approval_required", what="compensated", amount=total, clause=clause)
    no = ("2026-11-18 11:00", "declined", {"what": "compensated", "post": "general_manager"})
    assert pack.case(case, paid(within), second, no).compensated == within


@pytest.mark.clause("RT1-6.2.1", "RT1-6.2.2", "RT1-6.2.3")
@pytest.mark.parametrize(
    ("case", "low", "post", "clause"),
    [
        (MINOR, "shop_staff", "duty_manager", "6.2.1"),
        (SERIOUS, "duty_manager", "supervisor", "6.2.2"),
        (MAJOR, "hotline", "office", "6.2.3"),
    ],
)
def test_the_handler_of_the_level_pays(refused, case, low, post, clause):
    assert refused(case, paid("10", post=low)) == [(clause, [])]
    assert not refused(case, paid("10", post=post))


@pytest.mark.clause("RT1-6.2.3")
def test_payer_receipt_and_agreement_are_on_file(pack, find, refused):
    story = [MINOR, paid("50"), ANSWERED, VISITED, assessed("minor")]
    assert find(pack.play(*story), "required", what="receipt", clause="6.2.3")
    assert refused(*story, CLOSED) == [("6.2.3", ["paid_by", "receipt", "customer_agreed"])]
    papers = {"paid_by": "shop", "receipt": True, "customer_agreed": True}
    story[1] = paid("50", **papers)
    assert not refused(*story, CLOSED)
    assert not find(pack.play(*story), "required", what="receipt")


@pytest.mark.clause("RT1-6.2.1")
def test_a_minor_complaint_is_explained_or_apologised_for(refused):
    assert refused(MINOR, COMPLETED, VISITED, assessed("minor"), CLOSED) == [("6.2.1", ["answered"])]
    assert not refused(MINOR, ANSWERED, VISITED, assessed("minor"), CLOSED)


@pytest.mark.clause("RT1-6.2.2")
def test_a_serious_complaints_handling_is_recorded(pack, refused):
    assert refused(SERIOUS, ("2026-11-18 15:00", "completed")) == [("6.2.2", ["result"])]
    assert refused(SERIOUS, ANSWERED, VISITED, assessed("serious"), CLOSED) == [("6.2.2", ["completed"])]
    assert not refused(SERIOUS, COMPLETED, VISITED, assessed("serious"), CLOSED)
    (form,) = [record for record in pack.pack.record if record.clause == "6.2.2"]
    assert form.title == "顾客意见反馈记录"
    assert {"completed.result", "followed_up.outcome"} <= {field.source for field in form.fields}


@pytest.mark.clause("RT1-6.2.3")
def test_a_major_complaint_brings_others_in_and_its_result_is_reported(pack, find, refused):
    assert find(pack.play(MAJOR), "required", what="forwarded", clause="6.2.3")
    slip = {"slip": "s1", "form": "assistance_request"}
    issued = ("2026-11-18 10:35", "slip_issued", {**slip, "post": "office"})
    assert find(pack.play(MAJOR, issued), "number_given", number="XZ-2026-0001", clause="6.2.3")
    assert not [one for one in pack.case(MAJOR, issued).required if one.what == "forwarded"]
    assert refused(MAJOR, ("2026-11-18 10:35", "slip_issued", {**slip, "post": "shop_staff"}))
    story = [MAJOR, PLAN, APPROVED, COMPLETED, VISITED, assessed("major")]
    assert find(pack.play(*story), "required", what="major_report", clause="6.2.3")
    assert refused(*story, CLOSED) == [("6.2.3", ["noted"])]
    told = find(pack.play(*story[:5], REPORT), "notified", what="noted", clause="6.2.3")
    assert [line["post"] for line in told] == ["general_manager"]
    assert not refused(*story[:5], REPORT, assessed("major"), CLOSED)
    assert "重大投诉处理报告" in {record.title for record in pack.pack.record}
    waiting = [MAJOR, PLAN, APPROVED, issued, COMPLETED, VISITED, REPORT, assessed("major"), CLOSED]
    assert refused(*waiting) == [("6.2.3", ["slips"])]


@pytest.mark.clause("RT1-6.2.5")
def test_a_phone_complaint_is_given_a_level_first(pack, find, refused):
    phone = (WED, "registered", {"channel": "phone"})
    lines = pack.play(phone)
    assert find(lines, "required", what="level", clause="6.2.5")
    assert not find(lines, "level_set")
    for step in ("assigned", "accepted", "answered", "completed"):
        assert refused(phone, ("2026-11-18 10:30", step)) == [("6.2.5", ["level"])]
    assert refused(phone, paid("1")) == [("6.2.5", ["level"])]
    judged = ("2026-11-18 10:10", "judged", {"validity": "valid", "level": "serious"})
    assert find(pack.play(phone, judged), "owner_set", post="supervisor")
    assert not refused(phone, judged, ("2026-11-18 10:30", "accepted"))
    told = (WED, "registered", {"channel": "phone", "level": "major"})
    assert find(pack.play(told), "owner_set", post="office")
    assert not find(pack.play(told), "required", what="level")


@pytest.mark.clause("RT1-6.3")
def test_satisfaction_is_asked_and_registered(pack, find, refused):
    assert find(pack.play(MINOR, ANSWERED), "required", what="followed_up", clause="6.3")
    story = [MINOR, ANSWERED, assessed("minor")]
    assert refused(*story, CLOSED) == [("6.3", ["followed_up"])]
    away = ("2026-11-19 13:00", "followed_up", {"outcome": "unreachable"})
    agreed = ("2026-11-19 14:00", "approved", {"what": "closed", "post": "supervisor"})
    assert not refused(*story, away, agreed, CLOSED)
    assert refused(*story, away, CLOSED)
    assert refused(*story, away, (*agreed[:2], {"what": "closed", "post": "duty_manager"}), CLOSED)
    (form,) = [record for record in pack.pack.record if record.code == "feedback_record"]
    assert "followed_up.outcome" in {field.source for field in form.fields}


def test_lesser_complaints_need_no_plan_help_or_report(pack, find):
    lines = pack.play(SERIOUS, COMPLETED, REPORT)
    assert {line["what"] for line in find(lines, "required")} == {"followed_up", "assessed"}
    assert not find(lines, "notified", post="general_manager")


def test_a_dissatisfied_customer_begins_a_new_round(pack, find):
    back = ("2026-11-19 10:00", "followed_up", {"outcome": "dissatisfied"})
    lines = pack.play(MAJOR, PLAN, APPROVED, COMPLETED, back)
    assert find(lines, "reopened", clause="6.3")
    assert len(find(lines, "approval_required", what="plan")) == 2


@pytest.mark.clause("RT1-6.3.2")
def test_inspection_is_told_of_a_major_complaint(pack, find):
    assert find(pack.play(MAJOR), "notified", post="inspection", clause="6.3.2")
    assert find(pack.play(MAJOR), "action_required", action="company_wide_action", clause="6.3.2")
    lines = pack.play(MINOR, ("2026-11-18 10:30", "escalated", {"level": "major"}))
    assert find(lines, "action_required", action="company_wide_action", reason="major_complaint")
    assert find(lines, "notified", post="inspection", clause="6.3.2")
    assert not find(pack.play(SERIOUS), "action_required")


@pytest.mark.clause("RT1-6.3.2")
@pytest.mark.parametrize(
    ("counts", "fires"), [((1, 2, 3, 4), True), ((1, 2, 2, 3), False), ((1, 2, 3), False)]
)
def test_three_rises_of_one_level_make_the_office_notify_inspection(pack, find, counts, fires):
    story = []
    for month, count in enumerate(counts, start=3):
        for number in range(count):
            fields = {"case": f"c{month}-{number}", "channel": "front_desk"}
            story.append((f"2026-{month:02}-10 10:00", "registered", fields))
    lines = pack.play(*story, until=f"2026-{len(counts) + 3:02}-01 00:00")
    found = find(lines, "action_required", reason="rising", clause="6.3.2")
    assert bool(found) is fires
    if fires:
        assert found[0]["params"] == {"trigger": "rising_level", "figures": [1, 2, 3, 4], "level": "minor"}
        assert find(lines, "notified", post="inspection", what="rising_level")


@pytest.mark.clause("RT1-6.4", "RT1-5.1")
@pytest.mark.parametrize(
    ("story", "level", "by"),
    [
        ([MINOR, ANSWERED], "minor", "duty_manager"),
        ([SERIOUS, COMPLETED], "serious", "supervisor"),
        ([MAJOR, PLAN, APPROVED, COMPLETED, REPORT], "major", "office"),
    ],
)
def test_whoever_is_responsible_is_assessed_by_level(pack, find, refused, story, level, by):
    lines = pack.play(*story)
    (line,) = find(lines, "action_required", action="assess", clause="5.1")
    assert (line["reason"], line["params"]["post"]) == (level, by)
    assert find(lines, "required", what="assessed", clause="5.1")
    whole = [*story, VISITED] if level != "major" else [*story[:4], VISITED, REPORT]
    assert refused(*whole, CLOSED) == [("6.4", ["assessed"])]
    assert not refused(*whole, assessed(level, by), CLOSED)
    assert not refused(*whole, assessed(level, by, "dropped"), CLOSED)


@pytest.mark.clause("RT1-6.4")
def test_the_assessment_is_the_handlers_to_decide(refused):
    (clause,) = refused(SERIOUS, COMPLETED, assessed("serious", "duty_manager"))
    assert clause == ("5.1", [])
    assert not refused(SERIOUS, COMPLETED, assessed("serious", "office"))


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    assert {name for one in pack.pack.clause for name in one.catalogue} == {
        f"RT1-{one.id}" for one in pack.pack.clause
    }
    running = {one.id for one in pack.pack.clause if one.running}
    assert running == {
        "2", "4", "5.1", "6.1", "6.2.1", "6.2.2", "6.2.3", "6.2.5", "6.3", "6.3.2", "6.4",
    }  # fmt: skip
    assert len(pack.pack.clause) == 14
