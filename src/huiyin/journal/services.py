"""Writing the journal: the only way to append to it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput
from huiyin.core.ids import new_uuid
from huiyin.core.rows import insert
from huiyin.journal.digests import canonical as canonical
from huiyin.journal.digests import entry_digest, plain, sign_entry, storable, text_digest
from huiyin.journal.models import Chain, Entry, EntryText
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

ERASED_AT_ONCE = 500

# a text and the entry it belongs to, whose key is not known before it is written
_Text = tuple[Entry, EntryText]


@dataclass(frozen=True, slots=True)
class Record:
    """What is to be written. `data` must be JSON; `texts` is text about persons, erasable."""

    type: str
    name: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    clause: str = ""
    post: str = ""
    edition: str = ""
    uuid: uuid.UUID | None = None


def append(
    *, actor: Actor, subject_kind: str, subject_id: str, records: Sequence[Record], fresh: bool = False
) -> list[Entry]:
    """Append records to the chain of one subject, inside the caller's transaction.

    Raises Conflict where a record's uuid is in the company's journal already. `fresh` where the caller made
    the uuids itself or has looked already; one that is there all the same is then an IntegrityError.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("journal.append belongs inside the transaction of what it records")
    chain = _lock_chain(actor.company_id, subject_kind, subject_id)
    known = set() if fresh else {record.uuid for record in records if record.uuid}
    if known and Entry.objects.filter(company_id=actor.company_id, uuid__in=known).exists():
        raise Conflict(_("这一步已经记录过了。"), code="already_recorded")
    entries, texts = _built(actor, chain, records, clock.now())
    _write(entries, texts)
    Chain.objects.filter(pk=chain.pk).update(length=chain.length, head=chain.head)
    return entries


def append_new(
    *, actor: Actor, subject_kind: str, subjects: Mapping[str, Sequence[Record]]
) -> dict[str, list[Entry]]:
    """Append to the chains of subjects that are new, many at once: id -> its entries.

    Raises IntegrityError where one of them has a chain already.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("journal.append_new belongs inside the transaction of what it records")
    moment = clock.now()
    chains: list[Chain] = []
    texts: list[_Text] = []
    found: dict[str, list[Entry]] = {}
    for subject_id, records in subjects.items():
        chain = Chain(company_id=actor.company_id, subject_kind=subject_kind, subject_id=subject_id)
        chains.append(chain)
        found[subject_id], more = _built(actor, chain, records, moment)
        texts += more
    insert(chains)
    for chain, entries in zip(chains, found.values(), strict=True):
        for entry in entries:
            entry.chain_id = chain.pk
    _write([entry for entries in found.values() for entry in entries], texts)
    return found


def _built(
    actor: Actor, chain: Chain, records: Sequence[Record], moment: datetime
) -> tuple[list[Entry], list[_Text]]:
    """The entries after the head of the chain, which moves with them, and their texts: not yet written."""
    entries: list[Entry] = []
    texts: list[_Text] = []
    for record in records:
        kept = [
            EntryText(field=name, text=storable(text), salt=secrets.token_hex(16))
            for name, text in record.texts.items()
        ]
        entry = _entry(
            actor, chain, record, moment, {one.field: text_digest(one.salt, one.text) for one in kept}
        )
        chain.length, chain.head = entry.sequence, entry.digest
        entries.append(entry)
        texts += [(entry, one) for one in kept]
    return entries, texts


def _write(entries: Sequence[Entry], texts: Sequence[_Text]) -> None:
    insert(entries)
    for entry, one in texts:
        one.entry_id = entry.pk
    insert([one for _entry, one in texts])


def _lock_chain(company_id: int, subject_kind: str, subject_id: str) -> Chain:
    """The chain's row, made where there is none, and locked until the transaction ends: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_chain (company_id, subject_kind, subject_id, length, head)"
            " VALUES (%s, %s, %s, 0, '') ON CONFLICT (company_id, subject_kind, subject_id)"
            " DO UPDATE SET length = journal_chain.length RETURNING id, length, head",
            [company_id, subject_kind, subject_id],
        )
        pk, length, head = cursor.fetchone()
    return Chain(
        pk=pk,
        company_id=company_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        length=length,
        head=head,
    )


def _entry(actor: Actor, chain: Chain, record: Record, moment: datetime, digests: dict[str, str]) -> Entry:
    entry = Entry(
        company_id=actor.company_id,
        chain_id=chain.pk,
        sequence=chain.length + 1,
        type=str(record.type),
        name=record.name,
        at=record.at,
        recorded_at=moment,
        actor=actor.reference,
        actor_name=storable(actor.name)[:80],
        post=record.post,
        clause=record.clause,
        edition=record.edition,
        uuid=record.uuid or new_uuid(),
        data=plain(record.data),
        text_digests=digests,
        previous=chain.head,
    )
    entry.digest = entry_digest(entry, chain.subject)
    entry.signature = sign_entry(entry.digest)
    return entry


def record_action(
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: str | int,
    name: str,
    data: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Entry:
    """One entry for something a person did outside the procedure engine (a setting, a customer, a report)."""
    record = Record(type="action", name=name, at=clock.now(), data=data or {}, texts=texts or {})
    return append(actor=actor, subject_kind=subject_kind, subject_id=str(subject_id), records=[record])[0]


def erase_texts(
    *,
    actor: Actor,
    reason: str,
    entries: Iterable[int] | None = None,
    subject: tuple[str, str | int] | None = None,
) -> int:
    """Empty the personal texts of these entries, or of all of a subject; returns how many texts.

    What was erased, by whom and why is itself in the journal: a text that is empty without such an
    entry is found by verification.
    """
    actor.require(Capability.ADMIN)
    if not reason.strip():
        raise InvalidInput(_("请写明删除的理由。"), fields={"reason": _("必填")})
    if (entries is None) == (subject is None):
        raise ValueError("give either entries or a subject")
    texts = EntryText.objects.filter(entry__company_id=actor.company_id, erased_at__isnull=True)
    if subject is not None:
        kind, number = subject
        texts = texts.filter(entry__chain__subject_kind=kind, entry__chain__subject_id=str(number))
    else:
        texts = texts.filter(entry_id__in=list(entries or ()))
    with transaction.atomic():
        found = list(texts.order_by("entry_id", "id").values_list("pk", "entry_id"))
        for start in range(0, len(found), ERASED_AT_ONCE):
            _erase(actor, found[start : start + ERASED_AT_ONCE], reason)
    return len(found)


def _erase(actor: Actor, found: Sequence[tuple[int, int]], reason: str) -> None:
    EntryText.objects.filter(pk__in=[pk for pk, _entry in found]).update(
        text="", salt="", erased_at=clock.now()
    )
    record_action(
        actor=actor,
        subject_kind="journal",
        subject_id=actor.company_id,
        name="texts_erased",
        data={"texts": [pk for pk, _entry in found], "entries": sorted({entry for _pk, entry in found})},
        texts={"reason": reason},
    )
