"""What the API takes and gives: the vocabulary of the design."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

Code = str


class Registration(Schema):
    """A case as it is told. A procedure may know further facts; they are taken as they stand."""

    model_config = ConfigDict(extra="allow")

    kind: Code = Field(
        max_length=40, description="complaint, suggestion, enquiry, repair, assistance, praise …"
    )
    text: str = Field(max_length=20_000, description="the customer's words")
    id: uuid.UUID | None = Field(None, description="made by the client; the same id is the same case")
    at: datetime | None = Field(None, description="when it was told; now where left out")
    channel: Code | None = Field(None, max_length=40)
    via: Code | None = Field(None, max_length=40)
    unit: Code | None = Field(
        None, max_length=40, description="code of the unit; of the token where left out"
    )
    customer: uuid.UUID | None = None
    household: uuid.UUID | None = None
    place: str | None = Field(None, max_length=60, description="uuid or code of a place")
    equipment: str | None = Field(None, max_length=60)
    reporter: str | None = Field(None, max_length=80)
    reporter_phone: str | None = Field(None, max_length=40)
    category: Code | None = Field(None, max_length=60)
    severity: Code | None = Field(None, max_length=20)
    urgency: Code | None = Field(None, max_length=20)
    safety: bool | None = None
    demand: str | None = Field(None, max_length=5_000)
    answer_by: datetime | None = Field(None, description="when the customer wants the answer")
    amount: str | None = Field(None, max_length=20, description="decimal")
    region: Code | None = Field(None, max_length=40)
    external_number: str | None = Field(None, max_length=80)


class EventIn(Schema):
    """An event of a case: its name and its own fields beside it."""

    model_config = ConfigDict(extra="allow")

    event: Code = Field(max_length=40, description="judged, answered, followed_up …")
    id: uuid.UUID | None = Field(None, description="made by the client; the same id is the same event")
    at: datetime | None = Field(None, description="when it happened; now where left out")
    version: int | None = Field(None, ge=1, le=2**31 - 1, description="refused where the case changed since")


class EffectOut(Schema):
    """An effect; its own fields stand beside these."""

    model_config = ConfigDict(extra="allow")

    at: datetime
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
    started: datetime
    due: datetime | None
    stopped: datetime | None
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
    registered_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    next_due: datetime | None
    next_clock: str
    version: int


class EventOut(Schema):
    event: str
    at: datetime
    recorded_at: datetime
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
    answer_by: datetime | None
    clocks: list[ClockOut]
    events: list[EventOut]


class Page(Schema):
    """One page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[CaseLine]
    next: str | None
