"""Writing the journal: the only way to append to it."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.core import clock
from huiyin.core.errors import Conflict
from huiyin.core.ids import new_uuid
from huiyin.journal.models import Chain, Entry, EntryText
from huiyin.organization.actors import Actor


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


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: the same bytes for the same content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def text_digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\x1f{text}".encode()).hexdigest()


def entry_digest(entry: Entry, subject: str) -> str:
    """SHA-256 over the entry before it and every column of this one."""
    content = canonical(
        {
            "company": entry.company_id,
            "subject": subject,
            "sequence": entry.sequence,
            "type": entry.type,
            "name": entry.name,
            "at": entry.at.timestamp(),
            "recorded_at": entry.recorded_at.timestamp(),
            "actor": entry.actor,
            "actor_name": entry.actor_name,
            "post": entry.post,
            "clause": entry.clause,
            "edition": entry.edition,
            "uuid": str(entry.uuid),
            "data": entry.data,
            "texts": entry.text_digests,
            "previous": entry.previous,
        }
    )
    return hashlib.sha256(content).hexdigest()


def append(*, actor: Actor, subject_kind: str, subject_id: str, records: Sequence[Record]) -> list[Entry]:
    """Append records to the chain of one subject, inside the caller's transaction.

    Raises Conflict where a record's uuid is in the company's journal already.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("journal.append belongs inside the transaction of what it records")
    Chain.objects.get_or_create(company_id=actor.company_id, subject_kind=subject_kind, subject_id=subject_id)
    chain = Chain.objects.select_for_update().get(
        company_id=actor.company_id, subject_kind=subject_kind, subject_id=subject_id
    )
    known = {record.uuid for record in records if record.uuid}
    if known and Entry.objects.filter(company_id=actor.company_id, uuid__in=known).exists():
        raise Conflict("这一步已经记录过了。", code="already_recorded")
    subject, moment = f"{subject_kind}:{subject_id}", clock.now()
    entries: list[Entry] = []
    texts: list[tuple[Entry, str, str, str]] = []
    for record in records:
        salts = {name: secrets.token_hex(16) for name in record.texts}
        entry = Entry(
            company_id=actor.company_id,
            chain=chain,
            sequence=chain.length + 1,
            type=record.type,
            name=record.name,
            at=record.at,
            recorded_at=moment,
            actor=actor.reference,
            actor_name=actor.name,
            post=record.post,
            clause=record.clause,
            edition=record.edition,
            uuid=record.uuid or new_uuid(),
            data=json.loads(canonical(dict(record.data))),
            text_digests={name: text_digest(salts[name], text) for name, text in record.texts.items()},
            previous=chain.head,
        )
        entry.digest = entry_digest(entry, subject)
        chain.length, chain.head = entry.sequence, entry.digest
        entries.append(entry)
        texts += [(entry, name, text, salts[name]) for name, text in record.texts.items()]
    Entry.objects.bulk_create(entries)
    EntryText.objects.bulk_create(
        EntryText(entry=entry, field=name, text=text, salt=salt) for entry, name, text, salt in texts
    )
    chain.save(update_fields=["length", "head"])
    return entries


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
