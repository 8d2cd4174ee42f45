"""Files of a case: added, shown to who may see the case, taken down with a reason; all in the journal."""

from __future__ import annotations

import base64
import binascii
import uuid as uuids
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases.models import Attachment, Case
from huiyin.cases.reach import require
from huiyin.cases.selectors import visible_cases
from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.core.file_types import PNG
from huiyin.core.files import Readable, store_file
from huiyin.core.models import StoredFile
from huiyin.core.phrases import listed
from huiyin.journal.services import Record, append
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

MOST_AT_ONCE = 20
SIGNATURE_LIMIT = 1024 * 1024
DATA_URL = "data:image/png;base64,"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is stored and not yet of any case."""

    stored: StoredFile
    name: str
    note: str = ""


def receive(files: Iterable[tuple[str, Readable | bytes]], *, note: str = "") -> list[Arrived]:
    """Check and store files before what they belong to is recorded. Raises InvalidInput naming the file."""
    listed = list(files)
    if len(listed) > MOST_AT_ONCE:
        raise InvalidInput(_("一次最多 %(limit)d 个文件。") % {"limit": MOST_AT_ONCE})
    return [Arrived(store_file(content, name=name), name[:200], note) for name, content in listed]


def receive_signature(data_url: str) -> list[Arrived]:
    """The PNG of a signature pad; nothing where nobody signed."""
    if not data_url:
        return []
    if not data_url.startswith(DATA_URL):
        raise InvalidInput(_("签名没有传上来，请重签一次。"))
    try:
        content = base64.b64decode(data_url.removeprefix(DATA_URL), validate=True)
    except binascii.Error as error:
        raise InvalidInput(_("签名没有传上来，请重签一次。")) from error
    name = _("签名.png")
    stored = store_file(content, name=name, limit=SIGNATURE_LIMIT, allowed={PNG})
    return [Arrived(stored, name, _("签名"))]


def attach(
    *, actor: Actor, case: Case, arrived: Iterable[Arrived], uuid: uuids.UUID | None = None
) -> list[Attachment]:
    """Make stored files files of a case. `uuid` is of the whole set: sent twice, they are there once.

    Raises NotFound where the actor may not see the case, Conflict where the set came before.
    """
    _require_sight(actor, case)
    return attach_unseen(actor=actor, case=case, arrived=arrived, uuid=uuid)


def attach_unseen(
    *, actor: Actor, case: Case, arrived: Iterable[Arrived], uuid: uuids.UUID | None = None
) -> list[Attachment]:
    """The same for rooms that have let the actor in by a permission of their own, such as a slip's."""
    listed = list(arrived)
    if not listed:
        return []
    moment = clock.now()
    with transaction.atomic():
        rows = [
            Attachment(
                company_id=case.company_id,
                case=case,
                stored=one.stored,
                name=one.name,
                note=one.note,
                added_at=moment,
                added_by=actor.name[:80],
            )
            for one in listed
        ]
        Attachment.objects.bulk_create(rows)
        _journal(actor, case, "attachment_added", rows, uuid=uuid)
    return rows


def add_files(
    *,
    actor: Actor,
    case: Case,
    files: Iterable[tuple[str, Readable | bytes]],
    uuid: uuids.UUID | None = None,
) -> list[Attachment]:
    """Add files to a case. Sending the same set twice adds it once."""
    _require_sight(actor, case)
    arrived = receive(files)
    try:
        return attach(actor=actor, case=case, arrived=arrived, uuid=uuid)
    except Conflict as conflict:
        if conflict.code != "already_recorded":
            raise
        return []


def void_attachment(*, actor: Actor, attachment: Attachment, reason: str) -> None:
    """Take a file down with a reason. It stays on record; nobody is shown it any more."""
    case = attachment.case
    _require_sight(actor, case)
    require(actor, Capability.HANDLE, case)
    if not reason.strip():
        raise InvalidInput(_("请写明撤下的原因。"), fields={"reason": _("必填")})
    with transaction.atomic():
        locked = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if locked.voided_at is not None:
            raise Conflict(_("这个文件已经撤下了。"), code="already_voided")
        locked.voided_at = clock.now()
        locked.save(update_fields=["voided_at"])
        _journal(actor, case, "attachment_voided", [locked], reason=reason.strip())


def shown_attachment(actor: Actor, uuid: uuids.UUID) -> Attachment:
    """A file of a case the actor may see, and that is not taken down; otherwise NotFound."""
    found = Attachment.objects.filter(uuid=uuid, voided_at__isnull=True, case__in=visible_cases(actor))
    attachment = found.select_related("stored", "case").first()
    if attachment is None:
        raise NotFound(_("没有这个文件，或不在您的范围内。"))
    return attachment


def _require_sight(actor: Actor, case: Case) -> None:
    if not actor.system and not visible_cases(actor).filter(pk=case.pk).exists():
        raise NotFound(_("没有这张工单，或不在您的范围内。"))


def _journal(
    actor: Actor,
    case: Case,
    name: str,
    rows: list[Attachment],
    *,
    uuid: uuids.UUID | None = None,
    reason: str = "",
) -> None:
    """Digests in the chain; the names, which people chose, in the erasable texts."""
    texts = {"names": listed(row.name for row in rows), **({"reason": reason} if reason else {})}
    record = Record(
        type="action",
        name=name,
        at=clock.now(),
        data={"files": [{"uuid": str(row.uuid), "digest": row.stored.digest} for row in rows]},
        texts=texts,
        uuid=uuid,
    )
    append(actor=actor, subject_kind="case", subject_id=str(case.uuid), records=[record])
