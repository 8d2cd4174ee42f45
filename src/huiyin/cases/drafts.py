"""Registrations that are not finished. They belong to one person, and nobody else sees them."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.cases.models import Case, Draft, DraftFile
from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.core.files import Readable, store_file
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

KEPT = timedelta(days=7)
MOST_FILES = 10
# What a form field may hold; more is not somebody typing.
LONGEST = 20_000


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    if actor.person is None:
        return Draft.objects.none()
    return Draft.objects.filter(company_id=actor.company_id, person=actor.person)


def unfinished(actor: Actor, *, besides: str = "") -> list[Draft]:
    """The person's unfinished registrations, the latest first."""
    found = drafts_of(actor).filter(updated_at__gte=clock.now() - KEPT).prefetch_related("files")
    return [draft for draft in found[:10] if str(draft.uuid) != besides]


def get_draft(actor: Actor, uuid: uuids.UUID) -> Draft:
    found = drafts_of(actor).filter(uuid=uuid).prefetch_related("files__stored").first()
    if found is None:
        raise NotFound(_("这份未完成的登记已经不在了。"))
    return found


def save_draft(*, actor: Actor, uuid: uuids.UUID, data: Mapping[str, Any], label: str = "") -> Draft:
    """Keep what is typed so far. Not journalled: nothing has been told to the company's record yet."""
    actor.require(Capability.REGISTER)
    if actor.person is None:
        raise Forbidden(_("只有登录的人才有未完成的登记。"))
    kept = {key: str(value)[:LONGEST] for key, value in data.items() if value not in (None, "")}
    draft = drafts_of(actor).filter(uuid=uuid).first()
    if draft is None:
        if Draft.objects.filter(uuid=uuid).exists() or Case.objects.filter(uuid=uuid).exists():
            # registered meanwhile: a draft that arrives late must not come back to life
            raise Conflict(_("请重新打开登记页。"), code="already_registered")
        draft = Draft(uuid=uuid, company_id=actor.company_id, person=actor.person)
    draft.data = kept or draft.data
    draft.label = label[:120] or draft.label
    draft.updated_at = clock.now()
    draft.save()
    return draft


def add_file(*, actor: Actor, uuid: uuids.UUID, content: Readable, name: str) -> DraftFile:
    """Keep a file that came before its case. Raises InvalidInput where it is refused."""
    with transaction.atomic():
        draft = drafts_of(actor).filter(uuid=uuid).first()
        if draft is None:
            draft = save_draft(actor=actor, uuid=uuid, data={})
        if draft.files.count() >= MOST_FILES:
            raise InvalidInput(_("最多 %(limit)d 个文件，这一个没有加入。") % {"limit": MOST_FILES})
        stored = store_file(content, name=name)
        found, _created = DraftFile.objects.get_or_create(
            draft=draft, stored=stored, defaults={"name": name[:200]}
        )
        return found


def remove_file(*, actor: Actor, uuid: uuids.UUID, file: uuids.UUID) -> None:
    DraftFile.objects.filter(draft=get_draft(actor, uuid), uuid=file).delete()


def discard_draft(*, actor: Actor, uuid: uuids.UUID) -> None:
    drafts_of(actor).filter(uuid=uuid).delete()


def forget_old_drafts(now: datetime) -> int:
    """Remove what nobody came back to; returns how many."""
    removed, _by_model = Draft.objects.filter(updated_at__lt=now - KEPT).delete()
    return removed
