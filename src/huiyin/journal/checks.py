"""Verification asked for on a page: small journals at once, large ones by a worker."""

from __future__ import annotations

from django.db import transaction

from huiyin.core import clock
from huiyin.core.outbox import enqueue
from huiyin.journal.models import Check, Entry
from huiyin.journal.services import record_action
from huiyin.journal.verification import verify
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

AT_ONCE = 5000


def ask_check(*, actor: Actor) -> Check:
    """Verify the company's journal; the returned row has the result, or gets it from a worker."""
    actor.require(Capability.AUDIT)
    with transaction.atomic():
        check = Check.objects.create(company_id=actor.company_id, asked_by=actor.name, at=clock.now())
        record_action(
            actor=actor,
            subject_kind="journal",
            subject_id=actor.company_id,
            name="verification_asked",
            data={"check": check.pk},
        )
        at_once = not Entry.objects.order_by("pk")[AT_ONCE : AT_ONCE + 1].exists()
        if not at_once:
            enqueue(
                key=f"journal.check:{check.pk}",
                topic="journal.check",
                payload={"check": check.pk},
                company_id=actor.company_id,
            )
    if at_once:
        run_check(check.pk)
        check.refresh_from_db()
    return check


def run_check(number: int) -> None:
    """Do a verification that was asked for; doing it again gives the same row."""
    check = Check.objects.get(pk=number)
    if check.finished_at is None:
        check.result = verify(company=check.company_id).to_dict()
        check.finished_at = clock.now()
        check.save(update_fields=["result", "finished_at"])
