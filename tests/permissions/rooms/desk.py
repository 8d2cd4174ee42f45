"""The desk, registering and the list of cases."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from tests.factories.cases import install_beside_posts, picture, register_case
from tests.permissions.model import Row, Table, World, everybody, only

from huiyin.cases.drafts import add_file, save_draft
from huiyin.core.ids import new_uuid

VIEW = (
    "duty",
    "handler",
    "service_supervisor",
    "department_head",
    "deputy_general_manager",
    "general_manager",
    "quality",
    "auditor",
)
REGISTER = ("duty", "service_supervisor", "department_head")
SEE = tuple(post for post in VIEW if post != "handler")
ELSEWHERE = {"other_site": 404, "other_company": 404}


def build(world: World) -> None:
    install_beside_posts(world.small.root)
    duty = world.actor("duty")
    world.made["desk_case"] = register_case(duty)
    world.made["draft"] = new_uuid()
    save_draft(actor=duty, uuid=world.made["draft"], data={"text": "漏水"}, label="漏水")
    world.made["draft_file"] = add_file(
        actor=duty, uuid=world.made["draft"], content=BytesIO(picture()), name="天花板.jpg"
    )


def _case(world: World) -> dict[str, Any]:
    return {"number": world.made["desk_case"].number}


def _registered(world: World) -> dict[str, Any]:
    return {"uuid": world.made["desk_case"].uuid}


def _draft(world: World) -> dict[str, UUID]:
    return {"uuid": world.made["draft"]}


def _sees(status: int, **named: int) -> Table:
    return {**only(*SEE, status=status, others=404), **ELSEWHERE, **named}


def _own_draft(status: int, *, others: int) -> Table:
    registering = {post: others for post in REGISTER if post != "duty"}
    return {**only("duty", status=status), **registering, "other_site": others, "other_company": others}


ROWS = [
    # an administrator's day begins in the settings
    Row("cases:desk", get=only(*VIEW, status=200, others=302)),
    Row("cases:register", get=only(*REGISTER, status=200), post=only(*REGISTER, status=422)),
    Row("cases:register-who", query="?q=101", get=only(*REGISTER, status=200)),
    Row("cases:register-person", get=only(*REGISTER, status=200)),
    Row("cases:register-promise", post=only(*REGISTER, status=200)),
    Row("cases:register-similar", post=only(*REGISTER, status=200)),
    Row("cases:register-paste", post=only(*REGISTER, status=200)),
    Row("cases:register-chase", kwargs=_case, post=_sees(403, **dict.fromkeys(REGISTER, 200))),
    Row("cases:registered", kwargs=_registered, get=_sees(200)),
    Row("cases:receipt", kwargs=_registered, get=_sees(200)),
    # a draft is one person's: for his colleagues the address is taken, and there is nothing to see
    Row("cases:register-draft", kwargs=_draft, post=_own_draft(204, others=409)),
    Row("cases:register-discard", kwargs=_draft, shared="throws away one's own", post=everybody(302)),
    Row("cases:register-files", kwargs=_draft, shared="shows one's own", post=only(*REGISTER, status=200)),
    Row(
        "cases:register-file-remove",
        kwargs=lambda world: {**_draft(world), "file": world.made["draft_file"].uuid},
        post={**only("duty", status=200, others=404), **ELSEWHERE},
    ),
    Row("cases:list", get=only(*VIEW, status=200)),
    Row("cases:filters", get=only(*VIEW, status=200)),
    Row("cases:export", get=only(*VIEW, status=200)),
    Row("cases:assign", post=everybody(302)),
    Row(
        "cases:assign-to",
        get=only(
            "service_supervisor",
            "department_head",
            "deputy_general_manager",
            "general_manager",
            status=200,
        ),
    ),
    Row("cases:save-view", post=everybody(302)),
    Row("cases:delete-view", post=everybody(404)),
]
