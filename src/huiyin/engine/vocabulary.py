"""The one vocabulary of events and effects: names, fields and values, as data.

A field's type: `text` (free words, never kept in a standing), `code` (a short word), `reference` (a number,
as of an order), `time`, `amount`, `flag`, `number`, `codes` (list of words), or a tuple of values allowed.
A pack may add facts.
"""

from __future__ import annotations

FieldType = str | tuple[str, ...]

VALIDITIES = ("valid", "partly_valid", "invalid")
OUTCOMES = ("satisfied", "fairly_satisfied", "dissatisfied", "unreachable", "declined")
URGENCIES = ("urgent", "ordinary")
SEVERITIES = ("severe", "ordinary")
RELATIONS = ("repeat_of", "duplicate_of", "part_of", "related")
PARTIES = ("own", "developer", "builder", "supplier", "public_utility", "other_owner", "outside")
DECISIONS = ("confirmed", "dropped", "appealed")
KINDS = (
    "complaint", "suggestion", "enquiry", "repair", "assistance", "praise", "dissatisfaction",
    "product_return",
)  # fmt: skip
CHANNELS = (
    "phone", "hotline", "front_desk", "face_to_face", "visit", "letter", "fax", "suggestion_box", "wechat",
    "web",
    "app", "email", "sms", "chat_group", "portal", "patrol", "return_visit", "follow_up", "interview",
    "questionnaire", "survey", "forum", "meeting", "community_event", "notice_board", "publicity_column",
    "notice",
    "sign", "press", "media", "authority", "government", "12345", "consumer_association", "owners_committee",
    "company", "group", "internet", "internet_monitoring", "product_return", "api", "import", "other",
)  # fmt: skip
VIAS = (
    "direct", "company", "group", "media", "government", "authority", "12345", "consumer_association",
    "owners_committee", "developer", "other",
)  # fmt: skip

FACT_FIELDS: dict[str, FieldType] = {
    "kind": "kind",
    "channel": "channel",
    "via": VIAS,
    "unit": "code",
    "customer": "code",
    "household": "code",
    "reporter": "text",
    "place": "code",
    "equipment": "code",
    "category": "code",
    "severity": SEVERITIES,
    "urgency": URGENCIES,
    "safety": "flag",
    "demand": "text",
    "answer_by": "time",
    "amount": "amount",
    "region": "code",
    "external_number": "code",
    "text": "text",
}

_REASON: dict[str, FieldType] = {"reason": "text"}
_SLIP: dict[str, FieldType] = {"slip": "code", "form": "code", "text": "text", "result": "text"}

EVENTS: dict[str, dict[str, FieldType]] = {
    "registered": {**FACT_FIELDS, "level": "level"},
    "acknowledged": {"means": "code"},
    "admitted": {},
    "returned": _REASON,
    "amended": {**FACT_FIELDS, "level": "level", "responsible_party": PARTIES, "reason": "text"},
    "judged": {
        "validity": VALIDITIES,
        "level": "level",
        "severity": SEVERITIES,
        "urgency": URGENCIES,
        "responsible_party": PARTIES,
        "reason": "text",
    },
    "appealed": {"by": "text", "reason": "text"},
    "assigned": {"to_post": "post", "to_unit": "code", "person": "code"},
    "accepted": {},
    "contacted": {"means": "code"},
    "promised": {"what": "code", "by": "time"},
    "chased": {},
    "answered": {"means": "code"},
    "completed": {"result": "text"},
    "confirmed": {"satisfied": "flag", "signed_by": "text"},
    "followed_up": {"outcome": OUTCOMES, "means": "code"},
    "escalated": {"to_post": "post", "level": "level", "reason": "text"},
    "compensated": {"amount": "amount"},
    "approved": {"what": "code", "amount": "amount", "reason": "text"},
    "declined": {"what": "code", "amount": "amount", "reason": "text"},
    "assessed": {
        "assessment": "code",
        "decision": DECISIONS,
        "amount": "amount",
        "measure": "code",
        "person": "code",
        "reason": "text",
    },
    "forwarded": {"party": "code"},
    "linked": {"to": "code", "relation": RELATIONS},
    "unlinked": {"to": "code", "relation": RELATIONS},
    "slip_issued": {
        **_SLIP,
        "from_post": "post",
        "to_unit": "code",
        "reply_by": "time",
        "finish_by": "time",
    },
    "slip_received": _SLIP,
    "slip_answered": {**_SLIP, "reply_by": "time", "finish_by": "time"},
    "slip_finished": _SLIP,
    "slip_evaluated": {**_SLIP, "satisfied": "flag", "outcome": "code"},
    "paused": {"reason": "code"},
    "resumed": {},
    "signed": {"by": "text"},
    "closed": {"reason": "text"},
    "reopened": _REASON,
    "withdrawn": _REASON,
    "voided": _REASON,
    "noted": {},
}
"""Events and their own fields. Beside them every event takes COMMON_FIELDS and the pack's own facts."""

NEEDED_FIELDS: dict[str, tuple[str, ...]] = {
    "registered": ("kind",),
    "judged": ("validity",),
    "promised": ("what", "by"),
    "followed_up": ("outcome",),
    "compensated": ("amount",),
    "approved": ("what",),
    "declined": ("what",),
    "assessed": ("assessment", "decision"),
    "forwarded": ("party",),
    "linked": ("to", "relation"),
    "unlinked": ("to",),
    "slip_issued": ("slip",),
    "slip_received": ("slip",),
    "slip_answered": ("slip",),
    "slip_finished": ("slip",),
    "slip_evaluated": ("slip",),
}
"""Fields without which an event says nothing."""

OPEN_WORDS = frozenset({"channel", "category"})
"""Fields for which the vocabulary only proposes words."""

COMMON_FIELDS: dict[str, FieldType] = {
    "recorded_at": "time",
    "id": "code",
    "uuid": "code",
    "text": "text",
    "reason": "text",
    "means": "code",
    "records": "codes",
    "attempts": "number",
    "recourse_offered": "flag",
}

AFTER_CLOSING = frozenset(
    {"noted", "linked", "unlinked", "chased", "followed_up", "appealed", "reopened", "assessed"}
)
"""All that a case still takes once it is closed, returned, withdrawn or voided."""

STATE_OF = {
    "admitted": "admitted",
    "assigned": "assigned",
    "accepted": "accepted",
    "answered": "answered",
    "completed": "completed",
    "closed": "closed",
    "returned": "returned",
    "withdrawn": "withdrawn",
    "voided": "voided",
}

EFFECT_RANK = {
    name: rank
    for rank, name in enumerate(
        [
            "refused",
            "number_given",
            "kind_set",
            "level_set",
            "owner_set",
            "clock",
            "required",
            "approval_required",
            "escalated",
            "notified",
            "action_required",
            "reopened",
            "closed",
        ]
    )
}
"""Order within one event or one instant; every clock effect, warned and breached have the rank `clock`."""

CLOCK_EFFECTS = (
    "clock_started", "clock_changed", "clock_paused", "clock_resumed", "clock_stopped", "warned", "breached",
)  # fmt: skip
for _name in CLOCK_EFFECTS:
    EFFECT_RANK[_name] = EFFECT_RANK["clock"]

CAPABILITIES = (
    "register", "view", "handle", "judge", "assign", "approve", "follow_up", "report", "publish", "customers",
    "procedures", "admin", "audit", "import",
)  # fmt: skip

CAPABILITY_OF = dict.fromkeys(EVENTS, "handle") | {
    "registered": "register",
    "acknowledged": "register",
    "chased": "register",
    "noted": "view",
    "judged": "judge",
    "assigned": "assign",
    "approved": "approve",
    "declined": "approve",
    "assessed": "approve",
    "followed_up": "follow_up",
}
"""What a post must be able to do in order to report the event."""

STOPS_NOTHING = frozenset({"chased", "noted", "linked", "unlinked", "assessed"})
"""Events that no clock waits for: they only tell more about the case."""

PROMISED_EVENT = {
    "answer": "answered",
    "reply": "answered",
    "contact": "contacted",
    "call": "contacted",
    "visit": "contacted",
    "repair": "completed",
    "completion": "completed",
    "confirmation": "confirmed",
    "follow_up": "followed_up",
    "return_visit": "followed_up",
    "acknowledgement": "acknowledged",
}
"""The event that keeps a promise, for the nouns people promise; an event's own name stands for itself."""
