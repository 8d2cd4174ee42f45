"""The services of evidence."""

from __future__ import annotations

from datetime import date

from tests.factories.cases import install_beside_posts
from tests.factories.organization import SmallCompany

from huiyin.evidence.statements import state_clause
from huiyin.procedures.models import Edition


def _stated(small: SmallCompany) -> None:
    install_beside_posts(small.root)
    state_clause(
        actor=small.actor("quality"),
        edition=Edition.objects.get(),
        clause="7.1.4",
        unit=small.site_a,
        since=date(2026, 1, 1),
        until=date(2026, 1, 31),
        text="存档在前台。",
    )


PERFORM = {"state_clause": _stated}
