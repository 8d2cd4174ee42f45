"""Answers the search field of the shell: by number, by what was said, by who said it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from huiyin.cases.listing import with_names
from huiyin.cases.rows import row_of
from huiyin.cases.search import matching
from huiyin.cases.selectors import visible_cases
from huiyin.core.shell import SearchHit
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

MARK = 40


def search(actor: Actor, text: str, limit: int) -> Iterator[SearchHit]:
    """The exact number first, then open cases, then the latest."""
    if not actor.may(Capability.VIEW):
        return
    text = text.strip()
    cases = visible_cases(actor)
    exact = list(with_names(cases.filter(number__iexact=text))[:1]) if text else []
    found = with_names(matching(cases, company_id=actor.company_id, text=text)).order_by("-open", "-id")
    rest = [case for case in found[:limit] if case not in exact]
    for case in [*exact, *rest][:limit]:
        row = row_of(case)
        yield SearchHit(
            url=row.url,
            title=f"{row.number} {row.where}",
            group=_("工单"),
            detail=row.text[:MARK],
            icon="clipboard-text",
            mark=row.state_label,
        )
