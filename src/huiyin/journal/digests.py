"""What is hashed, byte for byte. Both databases must give back exactly what went in."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from huiyin.config.environment import environment, seal_key
from huiyin.core.errors import InvalidInput

if TYPE_CHECKING:
    from huiyin.journal.models import Entry, Seal


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: the same bytes for the same content."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def instant(moment: datetime) -> str:
    """UTC to the microsecond: text, because a float of seconds is not the same on every machine."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def storable(text: str) -> str:
    """Text that both databases keep as it is: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def plain(value: Any) -> Any:
    """JSON that comes back from both databases as it went in.

    Decimals and times become text; a float without a fraction becomes an integer, because PostgreSQL
    gives 1e20 back as one.
    """
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidInput(_("数值必须是有限的。"), code="not_finite")
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {storable(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in the journal")


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
            "at": instant(entry.at),
            "recorded_at": instant(entry.recorded_at),
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


def seal_content(seal: Seal) -> bytes:
    """What the signature of a seal covers: every column of it."""
    return canonical(
        {
            "number": seal.number,
            "at": instant(seal.at),
            "last_entry": seal.last_entry,
            "entries": seal.entries,
            "gaps": seal.gaps,
            "content": seal.content,
            "previous": seal.previous,
        }
    )


@lru_cache(maxsize=1)
def _key() -> bytes:
    return seal_key().encode()


def forget_key() -> None:
    """Read the key anew at its next use: it was changed or restored."""
    _key.cache_clear()


def key_present() -> bool:
    """Whether the key of the seals is there; asking does not make one."""
    return bool(environment().seal_key) or environment().file("keys", "seal").exists()


def sign_entry(digest: str) -> str:
    return hmac.digest(_key(), b"entry " + digest.encode(), "sha256").hex()[:32]


def sign_seal(seal: Seal) -> str:
    return hmac.digest(_key(), b"seal " + seal_content(seal), "sha256").hex()
