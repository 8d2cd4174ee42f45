"""Slips: seen by who sees the case and by the unit they were sent to."""

from __future__ import annotations

from typing import Any

from tests.factories.cases import install_beside_posts, register_case
from tests.permissions.model import Row, World, only

from huiyin.slips.services import issue_slip

SEE = (
    "duty",
    "handler",
    "service_supervisor",
    "department_head",
    "deputy_general_manager",
    "general_manager",
    "quality",
    "auditor",
)
# who handles, in the engineers' unit or above it
WORK = ("duty", "handler", "service_supervisor", "department_head")
ISSUE = ("duty", "service_supervisor", "department_head")
ELSEWHERE = {"other_site": 404, "other_company": 404}


def _slip(world: World) -> dict[str, Any]:
    return {"number": world.made["slip"].number}


ROWS = [
    Row("slips:list", get=only(*SEE, status=200)),
    Row("slips:detail", kwargs=_slip, get={**only(*SEE, status=200, others=404), **ELSEWHERE}),
    Row(
        "slips:step",
        kwargs=lambda world: {**_slip(world), "event": "slip_received"},
        get={**only(*WORK, status=200, others=404), **ELSEWHERE},
        post={**only(*WORK, status=422, others=404), **ELSEWHERE},
    ),
    Row(
        "slips:issue",
        kwargs=lambda world: {"number": world.made["slip"].case.number},
        get={**only(*ISSUE, status=200, others=404), **ELSEWHERE},
        post={**only(*ISSUE, status=422, others=404), **ELSEWHERE},
    ),
]


def build(world: World) -> None:
    install_beside_posts(world.small.root)
    head = world.actor("department_head")
    world.made["slip"] = issue_slip(
        actor=head, case=register_case(head), form="work_order", to_unit="A-ENG", text="派两个人上门"
    )
