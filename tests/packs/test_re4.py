"""Pack RE4: customer service passes on and urges, departments handle, a leader decides what is major."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
ASSIGNED = ("2026-11-18 10:30", "assigned", {"to_post": "engineering", "post": "customer_service"})
JUDGED = ("2026-11-18 11:00", "judged", {"validity": "valid", "reason": "x"})
COMPLETED = ("2026-11-18 14:00", "completed", {"result": "x", "actor": "wang"})
ANSWERED = ("2026-11-18 15:00", "answered", {"text": "x"})
VISITED = ("2026-11-18 16:00", "followed_up", {"outcome": "satisfied", "actor": "li"})
CLOSED = ("2026-11-18 17:00", "closed")
PLAN = {"what": "handling_plan"}
MAJOR = [
    {"safety": True},
    {"group_complaint": True},
    {"via": "media"},
    {"via": "government"},
    {"channel": "12345"},
]


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("RE4"))


def taken(**fields):
    return (WED, "registered", fields)


@pytest.mark.clause("RE4-4.3.5")
@pytest.mark.parametrize(
    ("category", "owner"),
    [("leak", "engineering"), ("sales", "sales"), ("planning", "design"), ("property", "property_management"),
     ("other", "customer_service")],
)  # fmt: skip
def test_each_department_handles_its_own(pack, find, category, owner):
    lines = pack.play(taken(category=category))
    assert find(lines, "number_given", number="TS-2026-0001", clause="4.3.5")
    assert find(lines, "owner_set", post=owner, clause="4.3.5")
    assert find(lines, "level_set", level="ordinary", clause="4.3.5")
    assert not find(lines, "notified")


@pytest.mark.clause("RE4-4.3.5")
@pytest.mark.parametrize("facts", [*MAJOR, {"amount": "50000.01"}])
def test_special_and_major_complaints_come_to_the_delegated_leader_and_the_general_manager(
    pack, find, iso, facts
):
    lines = pack.play(taken(category="leak", **facts), until="2026-11-20 00:00")
    level = "special" if "amount" in facts else "major"
    assert find(lines, "level_set", level=level, clause="4.3.5")
    assert find(lines, "owner_set", post="leader", clause="4.3.5")
    told = find(lines, "notified", what="registered", clause="4.3.5")
    assert [line["post"] for line in told] == ["general_manager", "customer_service"]
    assert find(lines, "breached", clock="answer", due=iso("2026-11-19 18:00"), clause="4.3.5")
    assert find(lines, "escalated", to_post="general_manager", clause="4.3.5", reason="breach")


@pytest.mark.clause("RE4-4.3.5")
def test_the_figure_itself_is_not_special(pack, find):
    assert find(pack.play(taken(amount="50000")), "level_set", level="ordinary")


@pytest.mark.clause("RE4-4.3.5")
def test_the_leader_decides_on_the_plan_of_a_major_complaint(pack, find):
    story = [taken(safety=True), ASSIGNED, JUDGED]
    lines = pack.play(*story, COMPLETED)
    assert find(lines, "approval_required", what="handling_plan", post="leader", clause="4.3.5")
    assert find(lines, "refused", event="completed", clause="4.3.5", missing=["approved"])
    assert find(pack.play(*story, CLOSED), "refused", event="closed", clause="4.3.5")

    def decided(post, what="approved"):
        return pack.play(*story, ("2026-11-18 13:00", what, {**PLAN, "post": post}), COMPLETED)

    assert not find(decided("leader"), "refused")
    assert not find(decided("general_manager"), "refused")
    assert find(decided("service_manager"), "refused", event="completed")
    assert find(decided("leader", "declined"), "refused", event="completed")
    assert not find(pack.play(taken(), ASSIGNED, JUDGED, COMPLETED), "approval_required")


@pytest.mark.clause("RE4-4.3.5")
def test_customer_service_passes_on_within_a_working_day(pack, find, iso):
    lines = pack.play(taken(), until="2026-11-20 00:00")
    assert find(lines, "required", what="assigned", clause="4.3.5")
    assert find(lines, "breached", clock="pass_on", due=iso("2026-11-19 18:00"), clause="4.3.5")
    assert find(lines, "notified", post="service_manager", what="breached")
    wrong = ("2026-11-18 10:30", "assigned", {"to_post": "sales", "post": "engineering"})
    assert find(pack.play(taken(), wrong), "refused", reason="post", clause="4.3.5")
    assert find(pack.play(taken(), ASSIGNED), "clock_stopped", clock="pass_on", outcome="met")


@pytest.mark.clause("RE4-4.3.5")
def test_the_department_judges_with_help_of_customer_service(pack, find):
    def judge(**fields):
        judged = ("2026-11-18 11:00", "judged", {"validity": "valid", **fields})
        return find(pack.play(taken(), ASSIGNED, judged), "refused", clause="4.3.5")

    assert find(pack.play(taken()), "required", what="judged", clause="4.3.5")
    again = pack.play(taken(), JUDGED, ("2026-11-19 09:00", "appealed"))
    assert len(find(again, "required", what="judged")) == 2
    assert judge()[0]["missing"] == ["reason"]
    assert judge(reason="x", post="design")[0]["reason"] == "post"
    assert not judge(reason="x", post="engineering")
    assert not judge(reason="x", post="customer_service")


@pytest.mark.clause("RE4-4.3.5")
def test_customer_service_urges(pack, find, iso):
    lines = pack.play(taken(category="leak"), ASSIGNED, until="2026-11-24 00:00")
    assert find(lines, "warned", clock="answer")
    assert find(lines, "notified", post="engineering", what="warned", clause="4.3.5")
    assert find(lines, "breached", clock="answer", due=iso("2026-11-23 18:00"), clause="4.3.5")
    assert find(lines, "escalated", to_post="leader", clause="4.3.5", reason="breach")
    assert find(lines, "notified", post="customer_service", what="breached", clause="4.3.5")
    chased = pack.play(taken(category="leak"), ("2026-11-18 12:00", "chased"))
    told = {line["post"] for line in find(chased, "notified", what="chased", clause="4.3.5")}
    assert told == {"engineering", "customer_service"}
    asked = iso("2026-12-01 09:00")
    for facts in ({}, {"safety": True}):
        assert find(pack.play(taken(answer_by=asked, **facts)), "clock_started", clock="answer", due=asked)


@pytest.mark.clause("RE4-4.3.5")
def test_customer_service_checks_the_result(pack, find):
    story = [taken(), ASSIGNED, JUDGED]
    empty = pack.play(*story, ("2026-11-18 14:00", "completed"))
    assert find(empty, "refused", event="completed", clause="4.3.5", missing=["result"])
    story += [COMPLETED, ANSWERED]
    lines = pack.play(*story, CLOSED)
    assert find(lines, "required", what="followed_up", clause="4.3.5")
    assert find(lines, "refused", event="closed", clause="4.3.5", missing=["followed_up"])

    def visit(**who):
        fields = {"outcome": "satisfied", **who}
        return find(pack.play(*story, ("2026-11-18 16:00", "followed_up", fields)), "refused", clause="4.3.5")

    assert visit(actor="wang")[0]["reason"] == "same_person"
    assert visit(actor="li", post="leader")[0]["reason"] == "post"
    assert not visit(actor="li", post="customer_service")
    bad = pack.play(*story, ("2026-11-18 16:00", "followed_up", {"outcome": "dissatisfied"}))
    assert find(bad, "notified", post="leader", what="followed_up", clause="4.3.5")


@pytest.mark.clause("RE4-4.3.5")
def test_customer_service_closes_and_files(pack, find):
    story = [taken(), ASSIGNED, JUDGED, COMPLETED, ANSWERED, VISITED]

    def close(post):
        return find(pack.play(*story, ("2026-11-18 17:00", "closed", {"post": post})), "refused")

    assert close("engineering")[0]["clause"] == "4.3.5"
    assert not close("customer_service")
    assert find(pack.play(taken(), CLOSED), "refused", missing=["answered", "validity"], clause="4.3.5")
    unanswered = pack.play(taken(), ASSIGNED, JUDGED, COMPLETED, VISITED, CLOSED)
    assert find(unanswered, "refused", missing=["answered"])
    undone = pack.play(taken(), ASSIGNED, JUDGED, ANSWERED, VISITED, CLOSED)
    assert find(undone, "refused", missing=["completed"])
    unfounded = ("2026-11-18 11:00", "judged", {"validity": "invalid", "reason": "x"})
    lines = pack.play(taken(), ASSIGNED, unfounded, COMPLETED, ANSWERED, CLOSED)
    assert not find(lines, "refused")
    assert not find(lines, "required", what="followed_up")
    (form,) = pack.pack.record
    assert form.title == "客户投诉登记处理档案"
    assert {"judged.reason", "completed.result", "followed_up.outcome"} <= {one.source for one in form.fields}


@pytest.mark.clause("RE4-4.3.5")
def test_closed_without_the_customer_only_by_the_leader(pack, find):
    approved = {"what": "closed", "post": "leader", "attempts": 3, "recourse_offered": True}
    story = [taken(), ASSIGNED, JUDGED, COMPLETED, ANSWERED, ("2026-11-18 16:00", "approved", approved)]
    assert find(pack.play(*story, CLOSED), "closed", by_exception=True)


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"RE4-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 12
    assert "4.3.5" in {clause.id for clause in pack.pack.clause if clause.running}
