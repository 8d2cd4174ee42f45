"""What other cases bring to a case: the same problem again turns it, moves it up and proposes a penalty."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import World
from tests.factories.organization import add_people, make_company

from huiyin.cases.assessmentlist import register_of
from huiyin.cases.casepage import case_page
from huiyin.cases.concerned import concerned_in, without_secrets
from huiyin.cases.models import Case
from huiyin.cases.scene import Scene
from huiyin.cases.stepforms import form_for
from huiyin.cases.steps import steps_for
from huiyin.core.errors import Forbidden, Refused
from huiyin.core.ids import new_uuid
from huiyin.notify.models import Notification
from huiyin.procedures.services import install_pack

PEOPLE = {
    "asked": ("问到的人", "employee", "A"),
    "staff": ("客服", "service_staff", "A"),
    "developer": ("开发商客服", "developer_service", "G"),
    "relations": ("客户关系", "group_relations", "G"),
}


@pytest.fixture
def group(db: None) -> World:
    small = make_company(posts=False)
    install_pack(company=small.root, source="GR1")
    add_people(small, PEOPLE)
    return World(small)


def report(world: World, kind: str, username: str = "staff") -> Case:
    return world.register(username, kind=kind, unit=world.small.site_a.code, category="leak").case


def link(world: World, case: Case, *others: Case, name: str = "linked") -> Case:
    for other in others:
        world.record(case, name, "staff", to=other.number, relation="repeat_of")
    return Case.objects.get(pk=case.pk)


@pytest.mark.clause("GR1-3")
def test_repairs_linked_by_hand_turn_into_a_complaint_that_moves_up(group: World) -> None:
    first, second, third = (report(group, "repair") for _ in range(3))
    assert link(group, third, first).kind == "repair"
    turned = link(group, third, second)
    assert (turned.kind, turned.owner_post) == ("complaint", "developer_service")
    assert turned.number == third.number
    fourth = link(group, report(group, "repair"), first, second, turned)
    assert (fourth.kind, fourth.owner_post) == ("complaint", "group_service")


@pytest.mark.clause("GR1-3")
def test_a_link_undone_no_longer_counts(group: World) -> None:
    first, second, third = (report(group, "complaint") for _ in range(3))
    link(group, third, first)
    link(group, third, first, name="unlinked")
    assert link(group, third, second).owner_post == "developer_service"


@pytest.mark.clause("GR1-1")
def test_the_first_receiver_is_told_whoever_he_is(group: World) -> None:
    case = report(group, "enquiry", "asked")
    group.record(case, "answered", "staff", text="已经说明")
    assert Notification.objects.get(what="answered").person.username == "asked"


@pytest.mark.clause("GR1-4")
def test_a_penalty_waits_for_its_approver_and_is_decided_on_the_page(group: World) -> None:
    first, second = (report(group, "complaint") for _ in range(2))
    case = link(group, second, first)
    assert case.approval_post == "developer_service"
    assert Notification.objects.filter(what="assessed", person__username="developer").exists()
    steps = case_page(group.actor("developer"), case).steps
    assert "assessed" in {step.event for step in [steps.primary, *steps.usual, *steps.rare] if step}
    decision = {"assessment": "complaint_moved_up", "decision": "confirmed"}
    with pytest.raises(Refused):
        group.record(case, "assessed", "developer", **decision, amount="2000")
    with pytest.raises(Forbidden):
        group.record(case, "assessed", "developer", **decision, amount="500", person="developer")
    done = group.record(case, "assessed", "developer", **decision, amount="500", person="staff").case
    assert done.approval_post == ""


def test_the_form_of_an_assessment_offers_what_may_be_decided(group: World) -> None:
    first, second = (report(group, "complaint") for _ in range(2))
    case = link(group, second, first)
    actor = group.actor("developer")
    step = next(one for one in steps_for(actor, case) if one.event == "assessed")
    said = {
        "uuid": str(new_uuid()),
        "expected_version": case.version,
        "assessment": "complaint_moved_up",
        "decision": "confirmed",
        "amount": "500",
        "person": "staff",
    }
    form = form_for("assessed")(said, scene=Scene.of(actor, case, step))
    assert form.is_valid(), form.errors
    assert "measure" not in form.fields
    (choice,) = form.fields["assessment"].choices
    assert choice == ("complaint_moved_up", "投诉升级处罚（200–1000 元）")
    assert form.facts() == {
        "assessment": "complaint_moved_up", "decision": "confirmed", "amount": "500", "person": "staff",
    }  # fmt: skip


@pytest.mark.clause("GR1-4")
def test_penalties_stand_in_a_register(group: World, client: Client) -> None:
    first, second = (report(group, "complaint") for _ in range(2))
    case = link(group, second, first)
    (row,) = register_of(group.actor("developer")).waiting
    assert (row.number, row.amount, row.responsible) == (case.number, "200–1000 元", "服务中心责任人")
    fields = {"assessment": "complaint_moved_up", "decision": "confirmed", "amount": "500"}
    group.record(case, "assessed", "developer", **fields, person="staff")
    register = register_of(group.actor("staff"))
    assert not register.waiting
    assert [(row.amount, row.responsible, row.state) for row in register.decided] == [
        ("500 元", "客服", "确认考核"),
    ]
    assert register_of(group.actor("asked")).decided == []
    page = case_page(group.actor("developer"), Case.objects.get(pk=case.pk))
    assert "assessments" in {section.name for section in page.sections}
    for username, shown in (("developer", True), ("asked", False)):
        client.force_login(group.small.people[username])
        for url in (reverse("cases:assessments"), reverse("cases:detail", args=[case.number])):
            assert ("投诉升级处罚" in client.get(url, follow=True).content.decode()) is shown


@pytest.mark.clause("GR1-4")
def test_a_penalty_is_visible_to_those_whom_it_concerns(group: World) -> None:
    first, second = (report(group, "complaint", "asked") for _ in range(2))
    case = link(group, second, first)
    fields = {"assessment": "complaint_moved_up", "decision": "confirmed", "amount": "500"}
    case = group.record(case, "assessed", "developer", **fields, person="staff", reason="升级").case
    told = {name: str(case_page(group.actor(name), case).story) for name in PEOPLE}
    assert {name for name, words in told.items() if "投诉升级处罚" in words} == {
        "staff", "developer", "relations",
    }  # fmt: skip
    known = concerned_in(group.actor("asked"), case)
    assert without_secrets("assessed", fields, known) == {
        "assessment": "complaint_moved_up", "decision": "confirmed",
    }  # fmt: skip
    assert without_secrets("assessed", fields, concerned_in(group.actor("staff"), case)) == fields
