"""Asking for a replay, and doing it after commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import HuiyinError, InvalidInput
from huiyin.core.outbox import enqueue
from huiyin.engine import Pack, compile_pack
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.whatif.models import Replay, State
from huiyin.whatif.running import replay

TOPIC = "whatif.replay"


def ask_replay(
    *, actor: Actor, pack: Pack, title: str, since: date, until: date, unit: Unit | None = None
) -> Replay:
    """Let a worker replay the cases of these days through a pack. Raises Forbidden, InvalidInput."""
    actor.require(Capability.PROCEDURES, unit.pk if unit else actor.company_id)
    if since > until:
        raise InvalidInput(_("起始日期在结束日期之后。"), fields={"until": _("要不早于起始日期")})
    compile_pack(pack)
    with transaction.atomic():
        made = Replay.objects.create(
            company_id=actor.company_id,
            unit=unit,
            title=title[:240],
            pack=pack.model_dump(mode="json", by_alias=True),
            since=since,
            until=until,
            asked_by=actor.name,
            asked_at=clock.now(),
        )
        record_action(
            actor=actor,
            subject_kind="replay",
            subject_id=made.pk,
            name="replay_asked",
            data={"title": made.title, "since": since.isoformat(), "until": until.isoformat()},
        )
        enqueue(
            key=f"{TOPIC}:{made.pk}", topic=TOPIC, payload={"replay": made.pk}, company_id=actor.company_id
        )
    return made


def run_replay(number: int, still_at_it: Callable[[], None]) -> Replay:
    """Do what was asked; doing it again gives the same row. What goes wrong is told on the page."""
    made = Replay.objects.select_related("company", "unit").get(pk=number)
    if made.state != State.RUNNING:
        return made

    def progress(seen: int, total: int) -> None:
        Replay.objects.filter(pk=made.pk).update(seen=seen, total=total)
        still_at_it()

    try:
        made.result = replay(
            company=made.company,
            pack=Pack.model_validate(made.pack),
            since=made.since,
            until=made.until,
            unit=made.unit,
            progress=progress,
        )
        made.state = State.DONE
    except HuiyinError as error:
        made.state, made.error = State.FAILED, str(error)[:500]
    made.finished_at = clock.now()
    made.save(update_fields=["result", "state", "error", "finished_at"])
    return made
