"""Pack RE3: all that customers and the sales office tell each other is registered, handled and answered."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
ANSWERED = ("2026-11-18 11:00", "answered", {"text": "x"})
CLOSED = ("2026-11-18 17:00", "closed")
CHANGES = ["amendment", "name", "room", "withdrawal"]


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("RE3"))


def taken(kind, **fields):
    more = {"contract_number": "H-1", "change": "question"} if kind == "contract" else {}
    return (WED, "registered", {"kind": kind, **more, **fields})


@pytest.mark.clause("RE3-6")
@pytest.mark.parametrize(
    ("kind", "owner", "number", "due", "above"),
    [
        ("enquiry", "consultant", "WX", "2026-11-19 18:00", "sales_manager"),
        ("contract", "contracts", "HT", "2026-11-20 18:00", "sales_manager"),
        ("complaint", "sales_manager", "FK", "2026-11-23 18:00", "general_manager"),
        ("suggestion", "sales_manager", "FK", "2026-11-25 18:00", "general_manager"),
    ],
)
def test_every_kind_has_a_number_an_owner_and_a_time(pack, find, iso, kind, owner, number, due, above):
    lines = pack.play(taken(kind), CLOSED, until="2026-11-26 00:00")
    assert find(lines, "number_given", number=f"{number}-2026-0001", clause="6")
    assert find(lines, "owner_set", post=owner, clause="6")
    assert "answered" in find(lines, "refused", event="closed", clause="6")[0]["missing"]
    assert find(lines, "breached", clock="answer", due=iso(due), clause="6")
    assert find(lines, "escalated", to_post=above, clause="6", reason="breach")
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(kind, answer_by=asked)), "clock_started", due=asked)


@pytest.mark.clause("RE3-6")
@pytest.mark.parametrize("kind", ["enquiry", "contract", "suggestion"])
def test_what_was_answered_is_closed(pack, find, kind):
    assert not find(pack.play(taken(kind), ANSWERED, CLOSED), "refused")


@pytest.mark.clause("RE3-6")
def test_a_matter_of_a_contract_names_it(pack, find):
    lines = pack.play((WED, "registered", {"kind": "contract"}))
    assert find(lines, "refused", clause="6", missing=["contract_number", "change"])


@pytest.mark.clause("RE3-6")
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_answered_by_who_holds_contracts_and_confirmed_by_the_customer(pack, find, change):
    first = taken("contract", change=change)

    def answer(post):
        return pack.play(first, ("2026-11-18 11:00", "answered", {"post": post}))

    assert find(answer("consultant"), "refused", reason="post", clause="6")
    assert find(answer("contracts"), "required", what="confirmed", clause="6")
    assert find(pack.play(first, ANSWERED, CLOSED), "refused", clause="6", missing=["confirmed"])
    agreed = ("2026-11-18 12:00", "confirmed", {"satisfied": True})
    assert not find(pack.play(first, ANSWERED, agreed, CLOSED), "refused")
    question = pack.play(taken("contract"), ("2026-11-18 11:00", "answered", {"post": "consultant"}))
    assert not find(question, "refused")
    assert not find(question, "required")


@pytest.mark.clause("RE3-6")
def test_a_withdrawal_is_told_to_the_head_of_sales(pack, find):
    told = find(pack.play(taken("contract", change="withdrawal")), "notified", post="sales_manager")
    assert told[0]["clause"] == "6"
    assert not find(pack.play(taken("contract", change="room")), "notified")


@pytest.mark.clause("RE3-6")
def test_a_complaint_is_judged_with_its_reason_before_it_is_closed(pack, find):
    assert find(pack.play(taken("complaint"), ANSWERED, CLOSED), "refused", missing=["validity"], clause="6")

    def judge(**fields):
        judged = ("2026-11-18 10:30", "judged", {"validity": "valid", **fields})
        return find(pack.play(taken("complaint"), judged, ANSWERED, CLOSED), "refused", event="judged")

    assert judge()[0]["missing"] == ["reason"]
    assert judge(reason="x", post="contracts")[0]["clause"] == "6"
    assert not judge(reason="x", post="sales_manager")


@pytest.mark.clause("RE3-6")
def test_one_register_holds_all_of_it(pack):
    (form,) = pack.pack.record
    assert (form.title, form.clause) == ("顾客沟通登记", "6")
    assert set(form.kinds) == {kind.code for kind in pack.pack.kind}
    assert {"product", "price", "signing", "service"} <= {row.code for row in pack.pack.category}


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"RE3-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 5
    assert "6" in {clause.id for clause in pack.pack.clause if clause.running}
