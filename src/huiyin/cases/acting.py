"""Taking a step from a page: the event, the files that come with it, and a second step in the same press."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.cases.attachments import Arrived, attach
from huiyin.cases.models import Case
from huiyin.cases.recording import Recorded, record
from huiyin.cases.scene import Scene
from huiyin.core import clock
from huiyin.core.errors import Conflict, Refused
from huiyin.engine import Event, open_steps, step
from huiyin.organization.actors import Actor

# What the customer would have to say for the second step to be open.
HOPED: Mapping[str, dict[str, Any]] = {"followed_up": {"outcome": "satisfied"}}


@dataclass(frozen=True, slots=True)
class Done:
    """`then_refused`: the step itself stands, the one after it was refused."""

    recorded: Recorded | None
    then: str = ""
    then_refused: Refused | None = None


def take_step(
    *,
    actor: Actor,
    case: Case,
    event: str,
    facts: Mapping[str, Any],
    uuid: uuids.UUID,
    at: datetime | None = None,
    expected_version: int | None = None,
    arrived: Iterable[Arrived] = (),
    then: str = "",
) -> Done:
    """Record a step with its files; pressing twice is once. Raises what `record` raises.

    The same press that comes again changes nothing and is not an error.
    """
    try:
        recorded: Recorded | None = record(
            actor=actor,
            case=case,
            name=event,
            data=facts,
            at=at,
            uuid=uuid,
            expected_version=None if _was_recorded(case, uuid) else expected_version,
        )
    except Conflict as conflict:
        if conflict.code != "already_recorded":
            raise
        recorded = None
    _attach_once(actor, case, arrived, uuid)
    if not then or recorded is None:
        return Done(recorded)
    try:
        record(actor=actor, case=case, name=then, at=at, uuid=_next(uuid, then))
    except Refused as refused:
        return Done(recorded, then, refused)
    return Done(recorded, then)


def _was_recorded(case: Case, uuid: uuids.UUID) -> bool:
    """The second press looked at an old version: let it be found out as the same, not as a conflict."""
    return case.events.filter(entry__uuid=uuid).exists()


def _attach_once(actor: Actor, case: Case, arrived: Iterable[Arrived], uuid: uuids.UUID) -> None:
    try:
        attach(actor=actor, case=case, arrived=arrived, uuid=_next(uuid, "files"))
    except Conflict as conflict:
        if conflict.code != "already_recorded":
            raise


def _next(uuid: uuids.UUID, what: str) -> uuids.UUID:
    """The identity of what belongs to a step: the same each time the step is sent."""
    return uuids.uuid5(uuid, what)


def opens(scene: Scene, then: str) -> bool:
    """Whether the step, once taken, would leave the way free for another. The engine is only asked."""
    reference = scene.actor.reference
    post = scene.step.post or None
    now = scene.rules.calendar.local(clock.now())
    event = Event(
        name=scene.step.event,
        at=now,
        case=scene.standing.case,
        data=HOPED.get(scene.step.event, {"text": "-"}),
        actor=reference,
        post=post,
    )
    after, _effects = step(scene.standing, event, {}, scene.rules.procedure, scene.rules.calendar)
    if after is None:
        return False
    steps = open_steps(after, scene.rules.procedure, scene.rules.calendar, now, actor=reference, post=post)
    return any(one.event == then and one.allowed for one in steps)
