"""What the API takes and gives: the vocabulary of the design."""

from __future__ import annotations

import uuid
from typing import Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.kinds import Moment, Text

Code = Text

# Bodies and effects have fields that the procedure knows and this module does not: plain models keep them,
# those of ninja would lose them.


class Registration(BaseModel):
    """A case as it is told. A procedure may know further facts; they are taken as they stand."""

    model_config = ConfigDict(extra="allow")

    kind: Code = Field(
        max_length=40, description="complaint, suggestion, enquiry, repair, assistance, praise …"
    )
    text: Text = Field(min_length=1, pattern=r"\S", max_length=20_000, description="the customer's words")
    id: uuid.UUID | None = Field(None, description="made by the client; the same id is the same case")
    at: Moment | None = Field(None, description="when it was told; now where left out")
    channel: Code | None = Field(None, max_length=40)
    via: Code | None = Field(None, max_length=40)
    unit: Code | None = Field(
        None, max_length=40, description="code of the unit; of the token where left out"
    )
    customer: uuid.UUID | None = None
    household: uuid.UUID | None = None
    place: Text | None = Field(None, max_length=60, description="uuid or code of a place")
    equipment: Text | None = Field(None, max_length=60)
    reporter: Text | None = Field(None, max_length=80)
    reporter_phone: Text | None = Field(None, max_length=40)
    category: Code | None = Field(None, max_length=60)
    severity: Code | None = Field(None, max_length=20)
    urgency: Code | None = Field(None, max_length=20)
    safety: bool | None = None
    demand: Text | None = Field(None, max_length=5_000)
    answer_by: Moment | None = Field(None, description="when the customer wants the answer")
    amount: Text | None = Field(None, max_length=20, description="decimal")
    region: Code | None = Field(None, max_length=40)
    external_number: Text | None = Field(None, max_length=80)


class EventIn(BaseModel):
    """An event of a case: its name and its own fields beside it."""

    model_config = ConfigDict(extra="allow")

    event: Code = Field(max_length=40, description="judged, answered, followed_up …")
    id: uuid.UUID | None = Field(None, description="made by the client; the same id is the same event")
    at: Moment | None = Field(None, description="when it happened; now where left out")
    version: int | None = Field(None, ge=1, le=2**31 - 1, description="refused where the case changed since")


class EffectOut(BaseModel):
    """An effect; its own fields stand beside these."""

    model_config = ConfigDict(extra="allow")

    at: Moment
    effect: str
    clause: str | None = None


class Done(Schema):
    """What came of a registration or an event."""

    number: str
    id: uuid.UUID
    state: str
    version: int
    effects: list[EffectOut]


class ClockOut(Schema):
    name: str
    key: str
    clause: str
    state: str
    started: Moment
    due: Moment | None
    stopped: Moment | None
    breached: bool
    limit: str


class CaseLine(Schema):
    """A case in a list."""

    number: str
    id: uuid.UUID
    unit: str
    kind: str
    state: str
    open: bool
    validity: str
    level: str
    channel: str
    category: str
    urgency: str
    severity: str
    external_number: str
    registered_at: Moment
    answered_at: Moment | None
    closed_at: Moment | None
    next_due: Moment | None
    next_clock: str
    version: int


class EventOut(Schema):
    event: str
    at: Moment
    recorded_at: Moment
    actor: str
    post: str
    data: dict[str, Any]


class CaseOut(CaseLine):
    """A case in full: the customer's words, where it stands, its clocks and its events."""

    text: str
    demand: str
    reporter: str
    place: str
    household: uuid.UUID | None
    customer: uuid.UUID | None
    owner: str
    answer_by: Moment | None
    clocks: list[ClockOut]
    events: list[EventOut]


class Page(Schema):
    """One page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[CaseLine]
    next: str | None
