"""Customers that become one or are forgotten, colleagues that leave: what becomes of their cases."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from tests.cases.conftest import World

from huiyin.cases.attachments import attach, receive
from huiyin.cases.drafts import save_draft
from huiyin.cases.models import Attachment, Case, Draft
from huiyin.cases.search import matching
from huiyin.core.errors import Conflict, Refused
from huiyin.core.ids import new_uuid
from huiyin.customers.models import Customer
from huiyin.customers.services import create_customer, erase_customer, merge_customers
from huiyin.journal.models import Entry, EntryText
from huiyin.journal.verification import verify
from huiyin.journal.wording import subject_words
from huiyin.notify.models import Notification
from huiyin.organization.services import deactivate_person, hand_over_person, preview_hand_over

WORDS = "空调外机整夜轰鸣"
NAME = "欧阳长风"
PHONE = "13812345678"


def _customer(world: World, name: str = NAME) -> Customer:
    return create_customer(
        actor=world.actor("supervisor_a"), unit=world.small.site_a, name=name, phones=[PHONE]
    )


def _case(world: World, customer: Customer, **facts: str) -> Case:
    given = {
        "customer": str(customer.uuid),
        "unit": "A",
        "text": WORDS,
        "reporter": NAME,
        "reporter_phone": PHONE,
        "demand": "夜里不要开机",
    }
    return world.register("duty_a", **{**given, **facts}).case


def _closed(world: World, customer: Customer) -> Case:
    case = _case(world, customer)
    world.record(case, "withdrawn", "head_a", reason=f"{NAME}说已经自己解决")
    return case


def _found(world: World, text: str) -> list[int]:
    rows = matching(Case.objects.all(), company_id=world.small.root.pk, text=text)
    return list(rows.values_list("pk", flat=True))


# ------------------------------------------------------------ merged


def test_cases_follow_a_merge(world: World) -> None:
    kept, gone = _customer(world, "欧阳长风"), _customer(world, "欧阳长丰")
    case = _case(world, gone)
    assert _found(world, "长丰") == [case.pk]
    merge_customers(actor=world.actor("supervisor_a"), keep=kept, duplicate=gone)
    case.refresh_from_db()
    assert case.customer == kept
    assert _found(world, "长丰") == []
    entry = Entry.objects.get(name="case_customer_merged")
    assert entry.chain.subject_id == str(case.uuid)
    assert entry.data == {"from": str(gone.uuid), "to": str(kept.uuid)}


def test_an_unfinished_registration_follows_too(world: World) -> None:
    kept, gone = _customer(world, "欧阳长风"), _customer(world, "欧阳长丰")
    save_draft(actor=world.actor("duty_a"), uuid=new_uuid(), data={"customer": str(gone.uuid), "text": "a"})
    merge_customers(actor=world.actor("supervisor_a"), keep=kept, duplicate=gone)
    assert Draft.objects.get().data["customer"] == str(kept.uuid)


# ------------------------------------------------------------ erased


def _everything() -> str:
    """All that the database holds, as one text."""
    with connection.cursor() as cursor:
        held = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            held += [repr(row) for row in cursor.fetchall()]
    return "\n".join(held)


def _erase(world: World, customer: Customer) -> None:
    erase_customer(actor=world.small.actor("admin"), customer=customer, reason="本人要求")


def test_an_erased_customer_leaves_no_word(world: World) -> None:
    customer = _customer(world)
    case = _closed(world, customer)
    with pytest.raises(Refused):
        world.record(case, "answered", "head_a", text=f"已上门看过{NAME}家")
    attach(actor=world.actor("duty_a"), case=case, arrived=receive([("a.txt", io.BytesIO(WORDS.encode()))]))
    save_draft(
        actor=world.actor("duty_a"),
        uuid=new_uuid(),
        data={"customer": str(customer.uuid), "text": WORDS},
        label=NAME,
    )
    number = case.number
    for word in (WORDS, NAME, PHONE):
        assert word in _everything()
    _erase(world, customer)
    left = _everything()
    for word in (WORDS, NAME, PHONE, "夜里不要开机", "自己解决"):
        assert word not in left, word
    case.refresh_from_db()
    assert (case.number, case.text, case.state) == (number, "", "withdrawn")
    assert _found(world, "轰鸣") == []
    assert _found(world, number) == [case.pk]
    assert not Attachment.objects.exists()
    assert not Draft.objects.exists()


def test_the_chain_still_verifies(world: World) -> None:
    customer = _customer(world)
    _closed(world, customer)
    _erase(world, customer)
    assert verify().ok
    assert EntryText.objects.filter(erased_at__isnull=False).exists()
    assert Entry.objects.filter(name="texts_erased").exists()


def test_a_refused_registration_is_forgotten_too(world: World) -> None:
    """It made no case; what was said stands in the journal alone."""
    customer = _customer(world)
    with pytest.raises(Refused):
        _case(world, customer, answer_by="2020-01-01T00:00:00+08:00")
    assert WORDS in _everything()
    _erase(world, customer)
    assert WORDS not in _everything()
    assert verify().ok


def test_words_that_are_needed_stay(world: World) -> None:
    customer = _customer(world)
    case = _case(world, customer)
    with pytest.raises(Conflict, match="1 张工单没有办完"):
        _erase(world, customer)
    case.refresh_from_db()
    customer.refresh_from_db()
    assert (case.text, customer.name) == (WORDS, NAME)


def test_others_keep_their_words(world: World) -> None:
    mine, theirs = _customer(world), _customer(world, "司马相如")
    _closed(world, mine)
    other = _case(world, theirs, text="门禁刷不开")
    _erase(world, mine)
    other.refresh_from_db()
    assert other.text == "门禁刷不开"
    assert _found(world, "门禁") == [other.pk]


# ------------------------------------------------------------ handed over


def _handled(world: World, username: str = "handler_a") -> Case:
    case = world.register("duty_a", unit="A", text="水管漏水").case
    world.record(case, "assigned", "head_a", to_post="handler", to_unit="A-ENG", person=username)
    return case


def test_open_cases_go_to_the_other(world: World) -> None:
    open_case, closed_case = _handled(world), _handled(world)
    world.record(closed_case, "withdrawn", "head_a", reason="撤诉")
    leaving, to = world.small.people["handler_a"], world.small.people["supervisor_a"]
    admin = world.actor("admin")
    counted = {one.kind: one.count for one in preview_hand_over(actor=admin, leaving=leaving)}
    assert counted["cases"] == 1
    moved = hand_over_person(actor=admin, leaving=leaving, to=to, reason="离职", deactivate=True)
    assert {one.kind: one.count for one in moved}["cases"] == 1
    open_case.refresh_from_db()
    closed_case.refresh_from_db()
    assert (open_case.handler, closed_case.handler) == (to, leaving)
    assert (open_case.assigned_post, open_case.assigned_unit) == ("handler", world.small.units["A-ENG"])
    entry = Entry.objects.filter(name="assigned", chain__subject_id=str(open_case.uuid)).latest("pk")
    assert entry.actor == f"person:{world.small.people['admin'].pk}"
    assert entry.texts.get(field="reason").text == "离职"
    assert Notification.objects.filter(person=to, what="assigned", case=open_case).exists()
    assert verify().ok


def test_cases_of_others_stay(world: World) -> None:
    other = _handled(world, "supervisor_a")
    hand_over_person(
        actor=world.actor("admin"),
        leaving=world.small.people["handler_a"],
        to=world.small.people["head_a"],
        reason="离职",
    )
    other.refresh_from_db()
    assert other.handler == world.small.people["supervisor_a"]


def test_nothing_moves_where_it_cannot_be_finished(world: World) -> None:
    case = _handled(world)
    to = world.small.people["supervisor_a"]
    deactivate_person(actor=world.actor("admin"), person=to)
    with pytest.raises(Conflict):
        hand_over_person(
            actor=world.actor("admin"), leaving=world.small.people["handler_a"], to=to, reason="离职"
        )
    case.refresh_from_db()
    assert case.handler == world.small.people["handler_a"]


# ------------------------------------------------------------ the journal calls it by its number


def test_the_journal_calls_a_case_by_its_number(world: World) -> None:
    case = world.register("duty_a", unit="A").case
    company = world.small.root.pk
    assert subject_words(company, "case", str(case.uuid)) == (case.number, f"/cases/{case.number}/")
    assert subject_words(company, "case", str(new_uuid())) == ("没有登记成的工单", "")
    assert subject_words(company, "case", "nonsense") == ("nonsense", "")
    assert subject_words(company + 1, "case", str(case.uuid))[1] == ""
