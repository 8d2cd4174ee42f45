"""Reading replays: for those who look after procedures."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.core.errors import NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.models import Draft, Edition, EditionState
from huiyin.whatif.models import Replay


def replays(actor: Actor) -> QuerySet[Replay]:
    actor.require(Capability.PROCEDURES, actor.company_id)
    return Replay.objects.filter(company_id=actor.company_id).defer("pack", "result")


def get_replay(actor: Actor, uuid: uuids.UUID) -> Replay:
    actor.require(Capability.PROCEDURES)
    found = Replay.objects.filter(company_id=actor.company_id, uuid=uuid).first()
    if found is None or not actor.may(Capability.PROCEDURES, found.unit_id or found.company_id):
        raise NotFound(_("没有这次重演。"))
    return found


def candidates(actor: Actor) -> list[tuple[str, str]]:
    """What can be replayed: drafts being written, editions that are not superseded."""
    drafts = Draft.objects.filter(company_id=actor.company_id, edition=None).defer("text", "forms")
    editions = (
        Edition.objects.filter(company_id=actor.company_id)
        .exclude(state__in=(EditionState.SUPERSEDED, EditionState.DECLINED))
        .select_related("procedure")
        .defer("pack", "forms")
        .order_by("-pk")
    )
    return [
        *((f"draft:{one.pk}", _("%(title)s（草稿）") % {"title": one.title}) for one in drafts),
        *((f"edition:{one.pk}", f"{one} · {one.get_state_display()}") for one in editions),
    ]


def listed_cases(actor: Actor, keys: Sequence[int]) -> list[Case]:
    """The cases behind a figure, as far as the actor sees them; newest first."""
    units = actor.unit_ids(Capability.VIEW)
    rows = Case.objects.filter(company_id=actor.company_id, pk__in=keys, unit_id__in=units)
    return list(rows.select_related("unit", "place").order_by("-pk"))
