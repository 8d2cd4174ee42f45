"""Reading imports."""

from __future__ import annotations

import uuid as uuids

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.core.errors import NotFound
from huiyin.imports.models import ImportRun
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability


def visible_runs(actor: Actor) -> QuerySet[ImportRun]:
    """One's own imports, and those of the units where one may import."""
    mine = Q(unit_id__in=actor.unit_ids(Capability.IMPORT))
    if actor.person is not None:
        mine |= Q(started_by=actor.person)
    return ImportRun.objects.filter(mine, company_id=actor.company_id).select_related("started_by", "unit")


def get_run(actor: Actor, uuid: uuids.UUID) -> ImportRun:
    actor.require(Capability.IMPORT)
    found = visible_runs(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(_("没有这次导入。"))
    return found
