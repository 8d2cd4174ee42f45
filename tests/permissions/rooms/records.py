"""Forms to print, and letting go of what is past its retention."""

from __future__ import annotations

from typing import Any

from tests.factories.cases import register_case
from tests.journalled.rooms.records import asked
from tests.permissions.model import Row, Table, World, only

from huiyin.slips.services import issue_slip

SEE = (
    "duty",
    "service_supervisor",
    "department_head",
    "deputy_general_manager",
    "general_manager",
    "quality",
    "auditor",
)
KEEP = tuple(post for post in SEE if post != "duty")
ELSEWHERE = {"other_site": 404, "other_company": 404}


def build(world: World) -> None:
    world.made["erasure"] = asked(world.small)
    head = world.actor("department_head")
    world.made["form_case"] = register_case(head)
    world.made["form_slip"] = issue_slip(
        actor=head, case=world.made["form_case"], form="work_order", to_unit="A-ENG", text="派人上门"
    )


def _of(key: str) -> Any:
    return lambda world: {"number": world.made[key].number, "format": "docx"}


def _decide(verb: str, post: Table) -> Row:
    return Row(
        "records:retention-decide",
        kwargs=lambda world: {"uuid": world.made["erasure"].uuid, "verb": verb},
        post=post,
    )


ROWS = [
    Row("records:case_form", kwargs=_of("form_case"), get=only(*SEE, status=200, others=404, **ELSEWHERE)),
    Row(
        "records:slip_form",
        kwargs=_of("form_slip"),
        # the unit that the slip was sent to sees it too
        get=only(*SEE, "handler", status=200, others=404, **ELSEWHERE),
    ),
    Row("records:retention", get=only(*KEEP, status=200, others=404)),
    Row("records:retention-ask", post=only(*KEEP, status=404, others=404)),
    # approved by another than who asked, who is the head of the site
    _decide(
        "approve",
        only("deputy_general_manager", "general_manager", status=302, others=404)
        | dict.fromkeys(("service_supervisor", "department_head", "quality", "auditor"), 403)
        | ELSEWHERE,
    ),
    _decide(
        "decline",
        only("deputy_general_manager", "general_manager", status=302, others=404)
        | dict.fromkeys(("service_supervisor", "department_head", "quality", "auditor"), 403)
        | ELSEWHERE,
    ),
]
