"""Importing: for the posts that may import, each in its own units."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.permissions.model import Row, World, only

from huiyin.imports import running

IMPORT = ("service_supervisor", "quality", "administrator")
ELSEWHERE = {"other_site": 404, "other_company": 404}
LEDGER = "编号,登记时间,内容\n1,2019-04-01 9:00,漏水\n".encode()


def build(world: World) -> None:
    world.made["import"] = running.receive(
        actor=world.actor("service_supervisor"),
        kind="cases",
        upload=SimpleUploadedFile("台账.csv", LEDGER),
        unit=world.small.site_a,
    )


def _run(world: World) -> dict[str, Any]:
    return {"uuid": world.made["import"].uuid}


ROWS = [
    Row("imports:index", get=only(*IMPORT, status=200), post=only(*IMPORT, status=422)),
    Row(
        "imports:detail",
        kwargs=_run,
        peer="service_supervisor",
        # the columns are not matched yet
        get=only(*IMPORT, status=302, **ELSEWHERE),
    ),
    Row(
        "imports:mapping",
        kwargs=_run,
        peer="service_supervisor",
        get=only(*IMPORT, status=200, **ELSEWHERE),
        post=only(*IMPORT, status=422, **ELSEWHERE),
    ),
    Row(
        "imports:begin",
        kwargs=_run,
        peer="service_supervisor",
        post=only(*IMPORT, status=409, **ELSEWHERE),
    ),
]
