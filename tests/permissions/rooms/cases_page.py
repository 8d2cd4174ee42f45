"""The page of a case, its steps, its files, and the follow-ups."""

from __future__ import annotations

from typing import Any

from tests.factories.cases import install_beside_posts, picture, register_case
from tests.permissions.model import Row, World, only

from huiyin.cases.attachments import add_files

# who may look at the cases of site A; the engineers' own unit is below it
SEE = (
    "duty",
    "service_supervisor",
    "department_head",
    "deputy_general_manager",
    "general_manager",
    "quality",
    "auditor",
)
CALL = ("service_supervisor", "department_head", "quality")
ELSEWHERE = {"other_site": 404, "other_company": 404}


def _case(world: World) -> dict[str, Any]:
    return {"number": world.made["page_case"].number}


def _file(world: World) -> dict[str, Any]:
    return {"uuid": world.made["page_file"].uuid}


def sees(status: int, **named: int) -> dict[str, Any]:
    """This for who sees the case; for everybody else it does not exist."""
    return {**only(*SEE, status=status, others=404), **ELSEWHERE, **named}


ROWS = [
    Row("cases:detail", kwargs=_case, get=sees(200)),
    Row("cases:story", kwargs=_case, get=sees(200)),
    Row("cases:link-search", kwargs=_case, get=sees(200), query="?to=滴水"),
    Row(
        "cases:step",
        kwargs=lambda world: {**_case(world), "event": "noted"},
        get=sees(200),
        post=sees(422),
    ),
    Row(
        "cases:step",
        kwargs=lambda world: {**_case(world), "event": "judged"},
        # whoever may judge; the auditor and the front desk have no such step
        get=sees(200, duty=404, auditor=404),
        post=sees(422, duty=404, auditor=404),
    ),
    Row("cases:reveal", kwargs=lambda world: {**_case(world), "key": "reporter"}, post=sees(200)),
    Row("cases:attach", kwargs=_case, post=sees(422)),
    Row("cases:file", kwargs=_file, get=sees(200)),
    Row("cases:thumbnail", kwargs=_file, get=sees(200)),
    Row(
        "cases:void-file",
        kwargs=_file,
        # a reason is missing; who does not handle cases may not at all
        post=sees(422, deputy_general_manager=403, general_manager=403, quality=403, auditor=403),
    ),
    Row("cases:assessments", get=only(*SEE, "handler", status=200)),
    Row(
        "cases:follow-ups",
        get=only(*CALL, status=200),
        post=only(*CALL, status=422),
        data=lambda world: {"case": world.made["page_case"].number},
    ),
]


def build(world: World) -> None:
    install_beside_posts(world.small.root)
    case = register_case(world.actor("duty"), reporter="王女士", reporter_phone="13912345678")
    world.made["page_case"] = case
    world.made["page_file"] = add_files(
        actor=world.actor("duty"), case=case, files=[("天花板.jpg", picture())]
    )[0]
