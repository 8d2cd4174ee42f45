"""Packs of property companies and developers in the live system: what desk, quality and leaders see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import World
from tests.factories.organization import add_people, make_company

from huiyin.cases.models import Case
from huiyin.core.errors import Refused
from huiyin.procedures.services import install_pack

PEOPLE = {
    "PM2": {"desk": ("前台", "customer_assistant", "A"), "head": ("主任", "department_manager", "A")},
    "PM3": {"desk": ("前台", "reception", "A"), "guard": ("门岗", "guard", "A")},
    "PM5": {"desk": ("前台", "receptionist", "A")},
    "PM6": {"desk": ("前台", "front_desk", "A"), "head": ("主管", "supervisor", "A")},
    "RE2": {"desk": ("客服", "customer_service", "G"), "works": ("工程部", "department", "G")},
    "RE3": {"desk": ("合同专员", "contracts", "G")},
    "RE4": {
        "desk": ("区域客服", "customer_service", "G"),
        "works": ("工程部", "engineering", "G"),
        "leader": ("分管领导", "leader", "G"),
    },
    "CS1": {"desk": ("客服专员", "service_officer", "A"), "head": ("客服经理", "service_manager", "A")},
    "CR1": {"team": ("小组", "team", "G"), "desk": ("接待", "reception", "G")},
    "OR1": {"desk": ("内勤", "sales_assistant", "G"), "head": ("销售主管", "sales_head", "G")},
}


def world_of(code: str) -> World:
    small = make_company(posts=False)
    install_pack(company=small.root, source=code)
    add_people(small, PEOPLE[code])
    return World(small)


def taken(world: World, kind: str, *, by: str = "desk", **facts: Any) -> Case:
    told = {"kind": kind, "channel": "phone", "unit": world.small.site_a.code, "text": "漏水"}
    return world.register(by, **{**told, **facts}).case


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["PM2", "PM6"])
def test_a_suggestion_waits_for_its_analysis(code: str) -> None:
    world = world_of(code)
    case = taken(world, "suggestion")
    world.record(case, "answered", "head", text="谢谢")
    with pytest.raises(Refused):
        world.record(case, "closed", "head")
    world.record(case, "noted", "head", feasibility="feasible", text="下月安装")
    assert not world.record(case, "closed", "head").case.open


@pytest.mark.django_db
def test_a_question_goes_on_with_name_and_contact() -> None:
    world = world_of("PM3")
    case = taken(world, "enquiry", by="guard", channel="face_to_face")
    with pytest.raises(Refused):
        world.record(case, "forwarded", "guard", party="builder")
    case = taken(world, "enquiry", by="guard", reporter="李女士", reporter_phone="13800000000")
    assert Case.objects.get(pk=case.pk).reporter_phone == "13800000000"
    assert "13800000000" not in str(Case.objects.get(pk=case.pk).standing)
    world.record(case, "forwarded", "guard", party="builder")
    world.record(case, "answered", "desk", text="明天来修")
    assert not world.record(case, "closed", "desk").case.open


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "field"), [("PM3", None), ("CS1", "own-link"), ("RE2", "own-region")])
def test_the_desk_asks_for_what_a_pack_adds_and_for_nothing_twice(
    client: Client, code: str, field: str | None
) -> None:
    client.force_login(world_of(code).actor("desk").person)
    page = client.get(reverse("cases:register")).content.decode()
    assert page.count('name="reporter_phone"') == 1
    assert "own-reporter_phone" not in page
    assert field is None or f'name="{field}"' in page


@pytest.mark.django_db
def test_an_enquiry_ends_with_its_outcome() -> None:
    world = world_of("PM5")
    case = taken(world, "enquiry")
    world.record(case, "answered", "desk", text="每月 5 日前")
    with pytest.raises(Refused):
        world.record(case, "closed", "desk")
    assert not world.record(case, "closed", "desk", enquiry_result="explained").case.open


@pytest.mark.django_db
def test_a_developers_complaint_is_passed_on_decided_and_filed() -> None:
    world = world_of("RE4")
    case = taken(world, "complaint", safety=True, category="leak")
    assert (case.level, case.owner_post) == ("major", "leader")
    world.record(case, "assigned", "desk", to_post="engineering")
    world.record(case, "judged", "works", validity="valid", reason="防水失效")
    with pytest.raises(Refused, match="批准"):
        world.record(case, "completed", "works", result="重做防水")
    world.record(case, "approved", "leader", what="handling_plan")
    world.record(case, "completed", "works", result="重做防水")
    world.record(case, "answered", "desk", text="已修好")
    world.record(case, "followed_up", "desk", outcome="satisfied")
    assert not world.record(case, "closed", "desk").case.open


@pytest.mark.django_db
def test_what_is_found_on_the_net_needs_its_link() -> None:
    world = world_of("CS1")
    with pytest.raises(Refused):
        taken(world, "complaint", channel="forum_post")
    case = taken(world, "complaint", channel="forum_post", link="https://example.com/1")
    assert case.next_clock == "contact"
    assert "example.com" not in str(case.standing)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "kind", "by", "story"),
    [
        ("RE2", "complaint", "desk", ["judged", "completed", "answered"]),
        ("RE3", "enquiry", "desk", ["answered"]),
        ("CR1", "complaint", "team", ["judged", "answered", "followed_up"]),
        ("OR1", "enquiry", "head", ["assigned", "answered"]),
    ],
)
def test_from_registration_to_the_closing(code: str, kind: str, by: str, story: list[str]) -> None:
    says: dict[str, dict[str, Any]] = {
        "judged": {"validity": "valid", "reason": "原因"},
        "completed": {"result": "已处理"},
        "answered": {"text": "已处理"},
        "followed_up": {"outcome": "satisfied"},
        "assigned": {"to_post": "salesperson"},
    }
    world = world_of(code)
    case = taken(world, kind)
    for step in story:
        with pytest.raises(Refused):
            world.record(case, "closed", by)
        who = "works" if step == "completed" else by
        world.record(case, step, who, **says[step])
    assert not world.record(case, "closed", by).case.open
