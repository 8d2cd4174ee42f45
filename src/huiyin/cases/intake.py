"""Taking a matter in at the desk: registered once, with its files, and settled at once where possible."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from huiyin.cases import labels
from huiyin.cases.attachments import Arrived, attach
from huiyin.cases.drafts import drafts_of
from huiyin.cases.models import Case
from huiyin.cases.recording import record, register
from huiyin.cases.selectors import visible_cases
from huiyin.cases.steps import StepView, steps_for
from huiyin.core.errors import Conflict, HuiyinError
from huiyin.core.phrases import side_by_side
from huiyin.organization.actors import Actor


@dataclass(frozen=True, slots=True)
class OnTheSpot:
    """What was settled while the customer was still there. Empty fields are steps that were not taken."""

    answer: str
    means: str = ""
    validity: str = ""
    reason: str = ""
    outcome: str = ""

    def steps(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if self.validity:
            yield "judged", {"validity": self.validity, "reason": self.reason}
        yield "answered", {"text": self.answer, "means": self.means}
        yield "completed", {"result": self.answer}
        if self.outcome:
            yield "followed_up", {"outcome": self.outcome, "means": self.means}
        yield "closed", {}


@dataclass(frozen=True, slots=True)
class Settled:
    """One step of settling: done, or why not. `clause` is the one that says so."""

    label: str
    done: bool
    problem: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking it in. `again`: it had been registered already, by pressing twice."""

    case: Case
    again: bool = False


def take_in(*, actor: Actor, uuid: uuids.UUID, data: Mapping[str, Any], at: datetime | None = None) -> Taken:
    """Register under the page's own uuid: sent twice it is one case. The draft's files become the case's.

    Raises what `register` raises; the draft stays then.
    """
    known = _registered(actor, uuid)
    if known is None:
        try:
            case = register(actor=actor, data=data, at=at, uuid=uuid).case
        except (IntegrityError, Conflict):
            known = _registered(actor, uuid)
            if known is None:
                raise
    found = known or case
    finish_draft(actor=actor, case=found)
    return Taken(found, again=known is not None)


def _registered(actor: Actor, uuid: uuids.UUID) -> Case | None:
    return visible_cases(actor).select_related("edition", "unit").filter(uuid=uuid).first()


@transaction.atomic
def finish_draft(*, actor: Actor, case: Case) -> None:
    """The draft's files become the case's, and the draft is gone. Doing it twice changes nothing."""
    draft = drafts_of(actor).select_for_update().filter(uuid=case.uuid).first()
    if draft is None:
        return
    files = [Arrived(file.stored, file.name) for file in draft.files.select_related("stored")]
    attach(actor=actor, case=case, arrived=files)
    draft.delete()


def settle(*, actor: Actor, case: Case, spot: OnTheSpot) -> list[Settled]:
    """Go as far as the procedure allows; what it does not allow stays open and says why.

    A step that the procedure would refuse is not tried: the journal keeps refusals of what people wanted,
    not of what a program tried for them.
    """
    found: list[Settled] = []
    for name, data in spot.steps():
        label = labels.event_label(name)
        view = next((one for one in steps_for(actor, case) if one.event == name), None)
        if view is None or not view.allowed:
            if name != "completed" or (view is not None and view.needed):
                found.append(_not_yet(label, view))
            continue
        try:
            case = record(actor=actor, case=case, name=name, data=data, post=view.post or None).case
        except HuiyinError as error:
            found.append(Settled(label, False, error.message, str(error.params.get("clause") or "")))
        else:
            found.append(Settled(label, True))
    return found


def _not_yet(label: str, view: StepView | None) -> Settled:
    if view is None:
        return Settled(label, False)
    return Settled(label, False, side_by_side(view.missing) or view.reason, view.clause)
