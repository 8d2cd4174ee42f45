"""The packs with levels, approvals and assessments in the live system: from registration to the closing."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cases.conftest import World
from tests.factories.organization import add_people, make_company

from huiyin.cases.casepage import case_page
from huiyin.cases.models import Case
from huiyin.cases.scene import Scene
from huiyin.cases.steps import steps_for
from huiyin.core.errors import Refused
from huiyin.procedures.services import install_pack

PEOPLE = {
    "RT1": {
        "manager": ("总经理", "general_manager", "G"),
        "office": ("办公室", "office", "G"),
        "hotline": ("接线", "hotline", "G"),
        "shop": ("值班经理", "duty_manager", "A"),
    },
    "FB1": {"desk": ("客服", "customer_service", "A"), "project": ("项目经理", "project_manager", "A")},
    "CC1": {"desk": ("值班员", "dispatcher", "A"), "works": ("工程主管", "department_head", "A")},
    "PM4": {
        "affairs": ("综合事务", "general_affairs", "A"),
        "solver": ("工程主管", "department_head", "A"),
        "office": ("管理处经理", "office_manager", "A"),
    },
}


def world_of(code: str) -> World:
    small = make_company(posts=False)
    install_pack(company=small.root, source=code)
    add_people(small, PEOPLE[code])
    return World(small)


def taken(world: World, username: str, **facts: Any) -> Case:
    return world.register(
        username, **{"channel": "front_desk", "unit": world.small.site_a.code, **facts}
    ).case


def steps(world: World, case: Case, username: str) -> dict[str, bool]:
    found = steps_for(world.actor(username), Case.objects.get(pk=case.pk))
    return {step.event: step.allowed for step in found}


@pytest.mark.clause("RT1-5.1", "RT1-6.2.3")
@pytest.mark.django_db
def test_a_major_complaints_plan_and_payment_wait_for_the_general_manager() -> None:
    world = world_of("RT1")
    case = taken(world, "hotline", channel="media")
    assert (case.level, case.owner_post, case.approval_post) == ("major", "office", "general_manager")
    with pytest.raises(Refused, match="批准"):
        world.record(case, "completed", "office", result="已处理")
    world.record(case, "noted", "office", plan="登门致歉并退款")
    world.record(case, "declined", "manager", what="plan", reason="写得太简单")
    assert Case.objects.get(pk=case.pk).approval_post == ""
    with pytest.raises(Refused):
        world.record(case, "completed", "office", result="已处理")
    waiting = world.record(case, "noted", "office", plan="登门致歉，退款，回访").case
    assert waiting.approval_post == "general_manager"
    step = next(one for one in steps_for(world.actor("manager"), waiting) if one.event == "approved")
    assert ("plan", "重大投诉处理方案") in Scene.of(world.actor("manager"), waiting, step).awaited()
    world.record(case, "approved", "manager", what="plan")
    papers = {"paid_by": "company", "receipt": True, "customer_agreed": True}
    assert not world.record(case, "compensated", "office", amount="200", **papers).case.approval_post
    split = world.record(case, "compensated", "office", amount="150").case
    assert split.approval_post == "general_manager"
    world.record(case, "approved", "manager", what="compensated", amount="350")
    world.record(case, "completed", "office", result="已处理")
    world.record(case, "noted", "office", major_report="已办结")
    world.record(case, "followed_up", "hotline", outcome="satisfied")
    page = case_page(world.actor("office"), Case.objects.get(pk=case.pk))
    assert any("考核" in need.text for need in page.steps.required)
    world.record(case, "assessed", "office", assessment="major", decision="dropped", reason="没有责任人")
    assert not world.record(case, "closed", "office").case.open


@pytest.mark.clause("FB1-2.3.1", "FB1-2.3.3")
@pytest.mark.django_db
def test_a_matter_is_arranged_told_and_closed() -> None:
    world = world_of("FB1")
    case = taken(world, "desk", channel="hotline")
    assert case.next_clock == "contact"
    world.record(case, "contacted", "desk", opinion="先派人看")
    assert Case.objects.get(pk=case.pk).next_clock == "arrange"
    assert steps(world, case, "project")["assigned"]
    assert not steps(world, case, "desk").get("assigned", False)
    world.record(case, "assigned", "project", to_post="worker")
    world.record(case, "completed", "project", result="已修好")
    world.record(case, "answered", "desk", text="已告知")
    assert not world.record(case, "closed", "desk").case.open


@pytest.mark.clause("PM4-4.2.3f")
@pytest.mark.django_db
def test_a_complaint_is_signed_by_both_heads_and_visited() -> None:
    world = world_of("PM4")
    case = taken(world, "affairs")
    world.record(case, "judged", "affairs", validity="valid")
    world.record(case, "completed", "solver", result="已修好")
    world.record(case, "signed", "solver", by="工程主管")
    world.record(case, "followed_up", "affairs", outcome="satisfied")
    with pytest.raises(Refused, match="签字"):
        world.record(case, "closed", "affairs")
    world.record(case, "signed", "office", by="管理处经理")
    assert not world.record(case, "closed", "affairs").case.open


@pytest.mark.clause("CC1-3.2")
@pytest.mark.django_db
def test_a_dispatch_is_accepted_signed_by_the_owner_and_closed() -> None:
    world = world_of("CC1")
    case = taken(world, "desk", kind="assistance", channel="phone")
    world.record(case, "slip_issued", "desk", slip="PG-2026-00001", form="dispatch_slip", to_unit="A")
    slip = {"slip": "PG-2026-00001"}
    world.record(case, "slip_received", "works", **slip)
    world.record(case, "slip_finished", "works", result="已换灯", **slip)
    world.record(case, "confirmed", "works", satisfied=True, signed_by="李女士")
    world.record(case, "followed_up", "desk", outcome="satisfied")
    assert not world.record(case, "closed", "desk").case.open
