"""Procedures are for everybody who works by them; installing is for who looks after them."""

from __future__ import annotations

from typing import Any

from tests.factories.cases import install_beside_posts
from tests.permissions.model import Row, World, everybody, only

from huiyin.procedures.models import Edition

# a procedure is the whole company's, and nothing to another company
READ = everybody(200, other_site=200, other_company=404)


def build(world: World) -> None:
    install_beside_posts(world.small.root)
    world.made["edition"] = Edition.objects.filter(company=world.small.root).first()


def _edition(world: World) -> dict[str, Any]:
    return {"edition": world.made["edition"].pk}


ROWS = [
    Row("procedures:index", get=everybody(200)),
    Row("procedures:edition", kwargs=_edition, get=READ),
    Row(
        "procedures:clause",
        kwargs=lambda world: {"clause": "7.2.3"},
        shared="each company reads its own procedure under this address",
        get=everybody(200),
    ),
    Row("procedures:clause", kwargs=lambda world: {**_edition(world), "clause": "7.2.3"}, get=READ),
    Row(
        "procedures:compare",
        kwargs=lambda world: {**_edition(world), "other": world.made["edition"].pk},
        get=READ,
    ),
    Row("procedures:install", get=only("quality", status=200), post=only("quality", status=422)),
]
