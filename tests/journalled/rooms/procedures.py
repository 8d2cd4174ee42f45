"""The services of procedures."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from tests.factories.organization import SmallCompany

from huiyin.procedures.arrangement import read_arrangement
from huiyin.procedures.calendars import revise_year
from huiyin.procedures.drafts import create_draft, drop_draft, save_draft, submit_draft
from huiyin.procedures.life import (
    approve_edition,
    countersign_edition,
    decline_edition,
    scope_procedure,
    submit_content,
    submit_edition,
)
from huiyin.procedures.models import Draft, Edition, Procedure
from huiyin.procedures.packfiles import find_pack
from huiyin.procedures.services import content_of, install_pack


def _installed(small: SmallCompany) -> None:
    install_pack(company=small.root, source="PM1")


def _next(small: SmallCompany) -> Edition:
    """A/1 of PM1, put forward for signing."""
    _installed(small)
    with tempfile.TemporaryDirectory() as place:
        text = (find_pack("PM1") / "procedure.toml").read_text(encoding="utf-8")
        text = text.replace('edition = "A/0"', 'edition = "A/1"')
        (Path(place) / "procedure.toml").write_text(text, encoding="utf-8")
        return submit_edition(actor=small.actor("quality"), source=place)


def _countersigned(small: SmallCompany) -> Edition:
    return countersign_edition(actor=small.actor("deputy"), edition=_next(small))


def _scope(small: SmallCompany) -> None:
    _installed(small)
    procedure = Procedure.objects.get()
    scope_procedure(actor=small.actor("quality"), procedure=procedure, units=[small.site_a], kinds=[])


def _draft(small: SmallCompany) -> Draft:
    text = (find_pack("PM1") / "procedure.toml").read_text(encoding="utf-8")
    return create_draft(actor=small.actor("quality"), text=text)


PERFORM = {
    "create_draft": _draft,
    "save_draft": lambda small: save_draft(
        actor=small.actor("quality"), draft=_draft(small), text="", sample="", version=1
    ),
    "submit_draft": lambda small: submit_draft(actor=small.actor("quality"), draft=_draft(small)),
    "drop_draft": lambda small: drop_draft(actor=small.actor("quality"), draft=_draft(small)),
    "revise_year": lambda small: revise_year(
        actor=small.actor("admin"),
        arrangement=read_arrangement("1月1日至3日放假，5月3日至7日放假。", 2027),
        source="通知",
    ),
    "install_pack": lambda small: install_pack(
        actor=small.actor("quality"), company=small.root, source="PM1"
    ),
    "submit_edition": _next,
    "submit_content": lambda small: submit_content(
        actor=small.actor("quality"), content=content_of("PM1"), effective_from=date(2026, 1, 1)
    ),
    "countersign_edition": _countersigned,
    "approve_edition": lambda small: approve_edition(
        actor=small.actor("manager"), edition=_countersigned(small)
    ),
    "decline_edition": lambda small: decline_edition(
        actor=small.actor("deputy"), edition=_next(small), note="再改改"
    ),
    "scope_procedure": _scope,
}
