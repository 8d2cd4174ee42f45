"""One public service for each business verb: an event of the design's vocabulary; rules are the pack's.

All take the actor first, the case, and optionally `at` (when it happened), `uuid` (made by the client, so
that pressing twice is once) and `expected_version`; they raise what `recording.record` raises.
"""

from __future__ import annotations

import uuid as uuids
from datetime import datetime
from typing import Any, TypedDict, Unpack

from huiyin.cases.models import Case
from huiyin.cases.recording import Recorded, record
from huiyin.organization.actors import Actor


class When(TypedDict, total=False):
    """What every verb takes besides its own."""

    at: datetime | None
    uuid: uuids.UUID | None
    post: str | None
    expected_version: int | None
    historic: bool


def _record(actor: Actor, case: Case, name: str, when: When, **data: Any) -> Recorded:
    return record(actor=actor, case=case, name=name, data=data, **when)


def judge_case(*, actor: Actor, case: Case, validity: str, reason: str, **when: Unpack[When]) -> Recorded:
    """Say whether a complaint is valid, with the reason."""
    return _record(actor, case, "judged", when, validity=validity, reason=reason)


def assign_case(
    *, actor: Actor, case: Case, to_post: str = "", to_unit: str = "", person: str = "", **when: Unpack[When]
) -> Recorded:
    """Give a case to a post, a unit or a person (by username)."""
    return _record(actor, case, "assigned", when, to_post=to_post, to_unit=to_unit, person=person)


def accept_case(*, actor: Actor, case: Case, **when: Unpack[When]) -> Recorded:
    """The assigned person takes it."""
    return _record(actor, case, "accepted", when)


def answer_case(*, actor: Actor, case: Case, text: str, means: str = "", **when: Unpack[When]) -> Recorded:
    """Tell the customer."""
    return _record(actor, case, "answered", when, text=text, means=means)


def complete_case(*, actor: Actor, case: Case, result: str, **when: Unpack[When]) -> Recorded:
    """The work is done; what came of it."""
    return _record(actor, case, "completed", when, result=result)


def promise(
    *, actor: Actor, case: Case, what: str, by: datetime, text: str = "", **when: Unpack[When]
) -> Recorded:
    """Promise something for a time; it is a clock of its own."""
    return _record(actor, case, "promised", when, what=what, by=by.isoformat(), text=text)


def chase_case(*, actor: Actor, case: Case, text: str = "", **when: Unpack[When]) -> Recorded:
    """The customer asks again: counted, not a new complaint."""
    return _record(actor, case, "chased", when, text=text)


def follow_up_case(
    *, actor: Actor, case: Case, outcome: str, means: str = "", text: str = "", **when: Unpack[When]
) -> Recorded:
    """Ask the customer afterwards."""
    return _record(actor, case, "followed_up", when, outcome=outcome, means=means, text=text)


def close_case(*, actor: Actor, case: Case, reason: str = "", **when: Unpack[When]) -> Recorded:
    """Close a case, as far as the procedure allows."""
    return _record(actor, case, "closed", when, reason=reason)


def reopen_case(*, actor: Actor, case: Case, reason: str, **when: Unpack[When]) -> Recorded:
    """Open it again, with the reason."""
    return _record(actor, case, "reopened", when, reason=reason)


def note_case(*, actor: Actor, case: Case, text: str, **when: Unpack[When]) -> Recorded:
    """Write something down that changes nothing."""
    return _record(actor, case, "noted", when, text=text)
