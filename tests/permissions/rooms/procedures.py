"""Procedures are for everybody who works by them; installing is for who looks after them."""

from __future__ import annotations

from typing import Any

from tests.factories.cases import install_beside_posts
from tests.permissions.model import Given, Row, World, everybody, only

from huiyin.core import clock
from huiyin.procedures.models import Draft, Edition, EditionState

# a procedure is the whole company's, and nothing to another company
READ = everybody(200, other_site=200, other_company=404)


def build(world: World) -> None:
    install_beside_posts(world.small.root)
    edition = Edition.objects.filter(company=world.small.root).first()
    assert edition is not None
    world.made["edition"] = edition
    world.made["drafted"] = _waiting(edition, "A/8", EditionState.DRAFT)
    world.made["reviewed"] = _waiting(edition, "A/9", EditionState.REVIEWED)

    world.made["pack_draft"] = Draft.objects.create(
        company=world.small.root, title="A/7", text="x = 1", updated_by="林芳", updated_at=clock.now()
    )


def _waiting(edition: Edition, label: str, state: EditionState) -> Edition:
    """The same content as an edition that waits for its signatures."""
    kept = {"company": edition.company, "procedure": edition.procedure, "pack": edition.pack}
    return Edition.objects.create(
        **kept,
        label=label,
        state=state,
        effective_from="2099-01-01",
        digest=edition.digest,
        installed_at=edition.installed_at,
    )


def _draft(world: World) -> dict[str, Any]:
    return {"number": world.made["pack_draft"].pk}


def _at(name: str) -> Given:
    return lambda world: {"edition": world.made[name].pk}


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
    Row(
        "procedures:countersign",
        kwargs=_at("drafted"),
        post=only("deputy_general_manager", status=302, other_site=403, other_company=404),
    ),
    Row(
        "procedures:approve",
        kwargs=_at("reviewed"),
        post=only("general_manager", status=302, other_site=403, other_company=404),
    ),
    Row(
        "procedures:decline",
        kwargs=_at("drafted"),
        data=lambda world: {"note": "再改改"},
        post=only("deputy_general_manager", status=302, other_site=403, other_company=404),
    ),
    Row(
        "procedures:scope",
        kwargs=_edition,
        get=only("quality", status=200, other_site=403, other_company=404),
        post=only("quality", status=302, other_site=403, other_company=404),
    ),
    Row(
        "records:controlled_copy",
        kwargs=lambda world: {**_edition(world), "format": "odt"},
        get=everybody(404, other_site=404, other_company=404),
    ),
    Row(
        "procedures:calendar",
        get=only("quality", "administrator", "site_administrator", status=200),
        post=only("quality", "administrator", status=422),
    ),
    Row("procedures:drafts", get=only("quality", status=200), post=only("quality", status=422)),
    Row(
        "procedures:draft",
        kwargs=_draft,
        get=only("quality", status=200, other_site=403, other_company=403),
        post=only("quality", status=422, other_site=403, other_company=403),
    ),
    Row(
        "procedures:preview",
        kwargs=_draft,
        post=only("quality", status=200, other_site=403, other_company=403),
    ),
    Row(
        "procedures:submit",
        kwargs=_draft,
        post=only("quality", status=302, other_site=403, other_company=403),
    ),
    Row(
        "procedures:drop",
        kwargs=_draft,
        post=only("quality", status=302, other_site=403, other_company=403),
    ),
    Row("procedures:install", get=only("quality", status=200), post=only("quality", status=422)),
]
