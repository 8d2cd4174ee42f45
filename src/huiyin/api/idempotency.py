"""A request repeated with the same Idempotency-Key is done once and answered the same.

The key's row is written first, in the transaction of the work: a second request that comes at the same moment
waits on the unique key until the first is committed, and then finds its answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from huiyin.api.models import IdempotentAnswer
from huiyin.api.problems import domain_problem
from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, Refused
from huiyin.organization.actors import Actor

KEPT = timedelta(days=7)
HEADER = "Idempotency-Key"

Answer = tuple[int, dict[str, Any]]


def once(request: HttpRequest, actor: Actor, work: Callable[[], Answer]) -> Answer:
    """Do the work, or give the answer it had before.

    Only what stays is kept: what was done, and what the procedure refused. After any other error a corrected
    repeat may succeed.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key:
        return work()
    if len(key) > 255 or not key.isprintable():
        raise InvalidInput(
            "The idempotency key is not usable.", fields={HEADER: "at most 255 printable characters"}
        )
    digest = _digest(request)
    for _attempt in range(3):
        # hardly any key was used before: writing it is how one finds out
        try:
            return _first(actor, key, digest, work)
        except IntegrityError:
            if _row(actor, key) is None:
                raise
        if (known := _known(actor, key, digest)) is not None:
            return known
    raise Conflict("The same request is being handled.", code="in_progress")


def _first(actor: Actor, key: str, digest: str, work: Callable[[], Answer]) -> Answer:
    """A refusal by the procedure is an answer too: it stands in the journal once, whatever is repeated."""
    with transaction.atomic():
        row = IdempotentAnswer.objects.create(
            token_id=actor.token_id or 0, key=key, request=digest, created_at=clock.now()
        )
        try:
            row.status, row.body = work()
        except Refused as error:
            row.status, row.body = error.status, domain_problem(error)
        row.save(update_fields=["status", "body"])
        return row.status, row.body


def _row(actor: Actor, key: str) -> IdempotentAnswer | None:
    return IdempotentAnswer.objects.filter(token_id=actor.token_id or 0, key=key).first()


def _known(actor: Actor, key: str, digest: str) -> Answer | None:
    row = _row(actor, key)
    if row is None:
        return None
    if row.created_at < clock.now() - KEPT:
        row.delete()
        return None
    if row.request != digest:
        raise Conflict("This idempotency key was used for another request.", code="key_reused")
    return row.status, row.body


def _digest(request: HttpRequest) -> str:
    content = f"{request.method} {request.path}\n".encode() + request.body
    return hashlib.sha256(content).hexdigest()


def forget_old(now: datetime) -> int:
    """Remove answers older than 7 days; returns how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=now - KEPT).delete()[0]
