"""Notifications are one's own; robots belong to who administers their unit."""

from __future__ import annotations

from typing import Any

from tests.factories.cases import install_beside_posts, register_case
from tests.permissions.model import Row, World, everybody, only

from huiyin.core import clock
from huiyin.notify.models import Notification, Robot

ADMINS = ("administrator", "site_administrator")
ELSEWHERE = {"other_site": 404, "other_company": 404}


def build(world: World) -> None:
    install_beside_posts(world.small.root)
    case = register_case(world.actor("duty"))
    world.made["told"] = Notification.objects.create(
        company=world.small.root,
        person=world.small.people["head_a"],
        case=case,
        key="permission-table",
        matter="permission-table",
        what="breached",
        at=clock.now(),
        must_acknowledge=True,
    )
    # no host that anything would be sent to
    world.made["robot"] = Robot.objects.create(
        company=world.small.root,
        unit=world.small.site_a,
        kind="wecom",
        name="值班群",
        url="https://robot.invalid/",
    )


def _told(world: World) -> dict[str, Any]:
    return {"uuid": world.made["told"].uuid}


def _robot(world: World) -> dict[str, Any]:
    return {"uuid": world.made["robot"].uuid}


ROWS = [
    Row("notify:list", get=everybody(200)),
    Row("notify:count", get=everybody(200)),
    Row("notify:read", post=everybody(302)),
    Row("notify:open-new", post=everybody(302)),
    Row("notify:open", kwargs=_told, post=only("department_head", status=302, others=404, **ELSEWHERE)),
    Row(
        "notify:acknowledge", kwargs=_told, post=only("department_head", status=302, others=404, **ELSEWHERE)
    ),
    Row("notify:preference", get=everybody(200), post=everybody(302)),
    Row("notify:robots", get=only(*ADMINS, status=200)),
    Row("notify:robot_new", get=only(*ADMINS, status=200), post=only(*ADMINS, status=422)),
    Row(
        "notify:robot_edit",
        kwargs=_robot,
        peer="site_administrator",
        get=only(*ADMINS, status=200, **ELSEWHERE),
        post=only(*ADMINS, status=422, **ELSEWHERE),
    ),
    Row(
        "notify:robot_try",
        kwargs=_robot,
        peer="site_administrator",
        post=only(*ADMINS, status=302, others=404, **ELSEWHERE),
    ),
]
