"""Pack GR1: first receivers, matters that move up, and what that costs."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
SAME = {"household": "h1", "category": "leak"}
WARRANTY = {"in_warranty": "within", "building_quality": "no"}
ANSWERED = ("2026-11-18 11:00", "answered", {"text": "x"})
COMPLETED = ("2026-11-18 15:00", "completed", {"result": "x"})


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("GR1"))


def reports(kind, count, **last):
    """That many reports of one problem, a day apart; the last one is case cN with these facts."""
    for number in range(1, count + 1):
        more = last if number == count else {}
        fields = {"case": f"c{number}", "kind": kind, **SAME, **more}
        yield f"2026-11-{number:02} 10:00", "registered", fields


def taken(kind="complaint", **fields):
    return (WED, "registered", {"kind": kind, **fields})


@pytest.mark.clause("GR1-1")
@pytest.mark.parametrize("post", ["employee", "repair_staff", "service_staff"])
def test_whoever_is_asked_first_takes_it_in_and_is_told_until_it_is_done(pack, find, post):
    lines = pack.play(
        taken(post=post),
        ("2026-11-18 10:10", "assigned", {"to_post": "centre_head"}),
        ("2026-11-18 10:20", "accepted"),
        ANSWERED,
        ("2026-11-18 12:00", "chased"),
        COMPLETED,
        ("2026-11-19 10:00", "closed"),
    )
    assert not find(lines, "refused")
    told = find(lines, "notified", post=post, clause="1")
    assert [line["what"] for line in told] == [
        "assigned", "accepted", "answered", "chased", "completed", "closed",
    ]  # fmt: skip
    assert {line["as"] for line in told} == {"receiver"}
    assert pack.case(taken(post=post)).receiver == post


@pytest.mark.clause("GR1-1")
def test_the_first_receiver_stays_concerned_while_others_own_it(pack, find):
    climbed = pack.play(taken(post="employee"), ("2026-11-18 10:10", "escalated"))
    assert find(climbed, "owner_set", post="centre_head")
    assert find(climbed, "notified", post="employee", what="escalated", clause="1")
    back = pack.play(taken(post="employee"), ("2026-11-18 12:00", "followed_up", {"outcome": "dissatisfied"}))
    assert [line["post"] for line in find(back, "notified", clause="1")] == ["employee", "service_staff"]
    good = pack.play(taken(post="employee"), ("2026-11-18 12:00", "followed_up", {"outcome": "satisfied"}))
    assert not find(good, "notified", clause="1")
    for end in ("withdrawn", "returned"):
        ended = pack.play(taken(post="employee"), ("2026-11-18 12:00", end, {"reason": "x"}))
        assert find(ended, "notified", post="employee", what=end)


@pytest.mark.clause("GR1-1")
def test_somebody_who_handles_it_must_be_found(pack, find):
    assert find(pack.play(taken("enquiry")), "required", what="accepted", clause="1")
    for step in ("accepted", "contacted", "answered", "completed"):
        standing = pack.case(taken("enquiry"), ("2026-11-18 10:10", step))
        assert not any(one.what == "accepted" for one in standing.required)


@pytest.mark.clause("GR1-1")
@pytest.mark.parametrize(
    ("kind", "missing", "number"),
    [
        ("complaint", "answered", "TS-2026-0001"),
        ("enquiry", "answered", "ZX-2026-0001"),
        ("repair", "completed", "BX-2026-0001"),
    ],
)
def test_it_is_seen_through_to_the_end(pack, find, kind, missing, number):
    lines = pack.play(taken(kind), ("2026-11-18 17:00", "closed"))
    assert find(lines, "refused", event="closed", clause="1", missing=[missing])
    assert find(lines, "number_given", number=number, clause="1")
    done = ANSWERED if missing == "answered" else COMPLETED
    assert not find(pack.play(taken(kind), done, ("2026-11-18 17:00", "closed")), "refused")


@pytest.mark.clause("GR1-1")
def test_a_matter_passed_on_stays_open_until_its_slip_is_finished(pack, find):
    slip = {"slip": "s1", "form": "transfer_slip"}
    issued = ("2026-11-18 10:30", "slip_issued", {**slip, "post": "service_staff"})
    story = [taken(), issued, ANSWERED]
    assert find(pack.play(*story), "number_given", number="ZB-2026-0001", clause="1")
    closed = ("2026-11-18 17:00", "closed")
    assert find(pack.play(*story, closed), "refused", clause="1", missing=["slips"])
    finished = ("2026-11-18 16:00", "slip_finished", {"slip": "s1", "result": "x"})
    assert not find(pack.play(*story, finished, closed), "refused")
    wrong = ("2026-11-18 10:30", "slip_issued", {**slip, "post": "repair_staff"})
    assert find(pack.play(taken(), wrong), "refused", reason="post", clause="1")


@pytest.mark.clause("GR1-3")
@pytest.mark.parametrize(
    ("kind", "count", "owner"),
    [
        ("repair", 2, "service_staff"),
        ("repair", 3, "developer_service"),
        ("repair", 4, "group_service"),
        ("repair", 5, "group_service"),
        ("complaint", 1, "service_staff"),
        ("complaint", 2, "developer_service"),
        ("complaint", 3, "group_relations"),
        ("complaint", 4, "group_relations"),
    ],
)
def test_the_same_problem_again_moves_up(pack, find, kind, count, owner):
    lines = [line for line in pack.play(*reports(kind, count)) if line["case"] == f"c{count}"]
    assert find(lines, "owner_set")[-1]["post"] == owner
    turned = find(lines, "kind_set", kind="complaint", clause="3")
    assert bool(turned) is (kind == "repair" and count >= 3)
    climbed = find(lines, "escalated", reason="repeated", clause="3")
    assert [line["to_post"] for line in climbed] == ([] if owner == "service_staff" else [owner])


@pytest.mark.clause("GR1-3")
def test_another_problem_or_another_household_does_not_count(pack, find):
    for other in ({"category": "crack"}, {"household": "h2"}):
        lines = pack.play(*reports("complaint", 1), taken(**{"case": "c2", **SAME, **other}))
        assert not find(lines, "escalated")
    mixed = pack.play(*reports("repair", 2), taken(case="c9", **SAME))
    assert not find(mixed, "escalated")


@pytest.mark.clause("GR1-3")
@pytest.mark.parametrize(
    ("kind", "earlier", "owners"),
    [
        ("repair", 2, ["developer_service"]),
        ("repair", 3, ["developer_service", "group_service"]),
        ("complaint", 1, ["developer_service"]),
        ("complaint", 2, ["developer_service", "group_relations"]),
        ("complaint", 3, ["developer_service", "group_relations", "group_relations"]),
    ],
)
def test_what_is_linked_by_hand_counts_and_can_be_undone(pack, find, kind, earlier, owners):
    first = list(reports(kind, earlier))
    later = taken(kind, case="new", household="other", category="leak")
    links = [
        (f"2026-11-18 10:{number:02}", "linked", {"case": "new", "to": f"c{number}", "relation": "repeat_of"})
        for number in range(1, earlier + 1)
    ]
    lines = pack.play(*first, later, *links)
    assert [line["to_post"] for line in find(lines, "escalated", case="new", clause="3")] == owners
    undone = ("2026-11-18 10:01", "unlinked", {"case": "new", "to": "c1"})
    again = ("2026-11-18 10:02", *links[0][1:])
    climbed = find(pack.play(*first, later, links[0], undone, again), "escalated", case="new")
    assert [line["to_post"] for line in climbed] == (["developer_service"] * 2 if kind == "complaint" else [])
    related = (*links[-1][:2], {**links[-1][2], "relation": "related"})
    lines = pack.play(*first, later, *links[:-1], related)
    assert [line["to_post"] for line in find(lines, "escalated", case="new")] == owners[:-1]


@pytest.mark.clause("GR1-3")
def test_whether_a_result_satisfied_is_asked_by_another_than_who_did_it(pack, find):
    done = ("2026-11-18 15:00", "completed", {"result": "x", "actor": "li"})
    assert find(pack.play(taken("repair"), done), "required", what="followed_up", clause="3")

    def visit(**who):
        visited = ("2026-11-19 10:00", "followed_up", {"outcome": "satisfied", **who})
        return find(pack.play(taken("repair"), done, visited), "refused", clause="3")

    assert visit(actor="li")[0]["reason"] == "same_person"
    assert visit(post="employee")[0]["reason"] == "post"
    assert not visit(actor="wang", post="service_staff")


EXPIRED = {"in_warranty": "expired", "building_quality": "no", "late_repair": True}
PENALTIES = [
    ("complaint", 2, WARRANTY, "complaint_moved_up", "centre_head", ("200", "1000", 1)),
    (
        "complaint",
        3,
        {**WARRANTY, "building_quality": "yes"},
        "complaint_moved_up",
        "centre_head",
        ("400", "2000", 2),
    ),
    ("complaint", 2, {"in_warranty": "expired"}, "complaint_moved_up", "centre_head", ("200", "1000", 1)),
    ("repair", 3, EXPIRED, "repair_out_of_warranty", "repair_staff", ("200", "1000", 1)),
    (
        "repair",
        4,
        {**EXPIRED, "building_quality": "yes"},
        "repair_out_of_warranty",
        "repair_staff",
        ("400", "2000", 2),
    ),
    ("complaint", 2, {}, "complaint_moved_up", "centre_head", ("200", "1000", 1)),
    ("complaint", 3, {}, "complaint_moved_up", "centre_head", ("400", "2000", 2)),
    ("complaint", 2, {"late_repair": True}, "late_repair", "repair_staff", ("200", "1000", 1)),
    ("complaint", 3, {"late_repair": True}, "late_repair", "repair_staff", ("400", "2000", 2)),
    ("repair", 3, WARRANTY, "repair_in_warranty", "repair_staff", ("200", "1000", 1)),
    ("repair", 4, WARRANTY, "repair_in_warranty", "repair_staff", ("400", "2000", 2)),
    ("repair", 3, {**WARRANTY, "building_quality": "yes"}, "building_quality", "builder", ("200", "1000", 1)),
    ("repair", 4, {**WARRANTY, "building_quality": "yes"}, "building_quality", "builder", ("400", "2000", 2)),
    ("repair", 3, {"in_warranty": "expired"}, "repair_out_of_warranty", "repair_staff", ("200", "1000", 1)),
    ("repair", 4, {"in_warranty": "expired"}, "repair_out_of_warranty", "repair_staff", ("400", "2000", 2)),
]


@pytest.mark.clause("GR1-4")
@pytest.mark.parametrize(("kind", "count", "facts", "name", "whom", "bounds"), PENALTIES)
def test_what_moved_up_is_penalised_by_cause(pack, find, kind, count, facts, name, whom, bounds):
    (line,) = find(pack.play(*reports(kind, count, **facts)), "action_required", case=f"c{count}", clause="4")
    params = line["params"]
    assert (line["action"], params["assessment"], params["responsible"]) == ("assess", name, whom)
    assert (params["amount_from"], params["amount_to"], params["times"]) == bounds
    assert params["post"] == "developer_service"


@pytest.mark.clause("GR1-4")
@pytest.mark.parametrize(("kind", "count"), [("complaint", 1), ("repair", 2)])
@pytest.mark.parametrize("late", [True, False])
def test_what_did_not_move_up_is_not_penalised(pack, find, kind, count, late):
    facts = {**WARRANTY, "late_repair": late}
    assert not find(pack.play(*reports(kind, count, **facts)), "action_required")


@pytest.mark.clause("GR1-4")
@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (WARRANTY, "repair_in_warranty"),
        ({**WARRANTY, "building_quality": "yes"}, "building_quality"),
        ({"in_warranty": "expired"}, "repair_out_of_warranty"),
    ],
)
@pytest.mark.parametrize("step", ["amended", "judged"])
def test_the_cause_may_be_found_later(pack, find, facts, name, step):
    more = {"validity": "valid"} if step == "judged" else {"reason": "x"}
    found = ("2026-11-18 10:00", step, {"case": "c3", **facts, **more})
    assert find(pack.play(*reports("repair", 3), found), "action_required", reason=name)
    assert not find(pack.play(*reports("repair", 3)), "action_required")


@pytest.mark.clause("GR1-4")
@pytest.mark.parametrize(
    ("amount", "post", "reason"),
    [
        ("200", "developer_service", None),
        ("1000", "group_service", None),
        ("199.99", "developer_service", "amount_out_of_range"),
        ("1000.01", "developer_service", "amount_out_of_range"),
        ("500", "centre_head", "post"),
    ],
)
def test_the_approver_picks_the_amount(pack, find, amount, post, reason):
    fields = {"case": "c2", "assessment": "complaint_moved_up", "decision": "confirmed"}
    decided = ("2026-11-18 10:00", "assessed", {**fields, "amount": amount, "post": post})
    lines = find(pack.play(*reports("complaint", 2), decided), "refused")
    assert [line["reason"] for line in lines] == ([reason] if reason else [])


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for one in pack.pack.clause for name in one.catalogue}
    assert ids == {f"GR1-{number}" for number in range(1, 6)}
    assert {one.id for one in pack.pack.clause if one.running} == {"1", "3", "4"}
