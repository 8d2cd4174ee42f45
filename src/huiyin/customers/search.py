"""Answers the search field of the shell."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.core.shell import SearchHit
from huiyin.customers.lookup import Match, lookup
from huiyin.organization.actors import Actor

ICONS = {"room": "door", "place": "map-pin", "customer": "user"}


def search(actor: Actor, text: str, limit: int) -> Iterator[SearchHit]:
    for match in lookup(actor, text, limit=limit):
        yield SearchHit(
            url=address(match),
            title=match.title,
            group=_("业主") if match.kind == "customer" else _("房屋和场所"),
            detail=" · ".join(part for part in (match.people, match.detail, *match.phones) if part),
            icon=ICONS[match.kind],
        )


def address(match: Match) -> str:
    if match.kind == "customer":
        return reverse("customers:customer", args=[match.customer_uuid])
    return reverse("customers:place", args=[match.place_uuid])
