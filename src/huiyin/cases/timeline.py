"""The one timeline of a case for people: what was said, promised and done, the machine's notes folded in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases import labels
from huiyin.cases.concerned import told_to
from huiyin.cases.models import Case
from huiyin.cases.names import Names
from huiyin.cases.narrating import Line, Note, details_of, entry_note, refused_title
from huiyin.cases.selectors import case_entries
from huiyin.cases.wording import refusal_sentence
from huiyin.journal.models import Entry, EntryType
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

PAGE = 40
# Written down later than this after it happened, it is marked as a late entry.
LATE = timedelta(minutes=30)

ICONS = {
    "registered": "edit",
    "acknowledged": "mail-forward",
    "admitted": "check",
    "returned": "arrow-back-up",
    "amended": "pencil",
    "judged": "gavel",
    "appealed": "scale",
    "assigned": "send",
    "accepted": "user-check",
    "contacted": "phone",
    "promised": "heart-handshake",
    "chased": "bell-ringing",
    "answered": "message-reply",
    "completed": "checks",
    "confirmed": "signature",
    "followed_up": "phone-outgoing",
    "escalated": "arrow-up",
    "compensated": "coin",
    "approved": "rosette-discount-check",
    "declined": "x",
    "assessed": "clipboard-check",
    "forwarded": "arrow-forward-up",
    "linked": "link",
    "unlinked": "unlink",
    "paused": "player-pause",
    "resumed": "player-play",
    "signed": "signature",
    "closed": "circle-check",
    "reopened": "refresh",
    "withdrawn": "circle-minus",
    "voided": "ban",
    "noted": "note",
}
# Of an event's texts these are words to show in full, in this order.
WORDS = ("text", "result", "reason", "note", "what_text")
ACTIONS: labels.Labels = {
    "attachment_added": lazy("添加了文件"),
    "attachment_voided": lazy("撤下了文件"),
    "phone_revealed": lazy("查看了电话号码"),
}


@dataclass(slots=True)
class Moment:
    """One entry: who did what, when, through what, in which words; `notes`: what the procedure made of it."""

    at: datetime
    title: str
    icon: str
    tone: str = "done"
    who: str = ""
    post: str = ""
    means: str = ""
    late: str = ""
    clause: str = ""
    erased: bool = False
    facts: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sequence: int = 0


def story(
    actor: Actor, case: Case, names: Names, *, before: int | None = None, size: int = PAGE
) -> tuple[list[Moment], int | None]:
    """The latest first; and the sequence before which there is more, None where there is not.

    Refused attempts are shown to who may audit, assessments to those whom they concern.
    """
    entries = case_entries(case)
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    rows = list(entries.order_by("-sequence")[: size * 6])
    more = bool(rows) and rows[-1].sequence > 1
    moments = [
        moment
        for group in _groups(told_to(actor, case, reversed(rows)))
        if (moment := _moment(group, names, show_refused=actor.may(Capability.AUDIT, case.unit_id)))
        is not None
    ]
    shown = moments[-size:]
    more = more or len(shown) < len(moments)
    oldest = min((moment.sequence for moment in shown), default=None)
    return sorted(shown, key=lambda one: (one.at, one.sequence), reverse=True), oldest if more else None


def since_version(case: Case, names: Names, version: int) -> list[Moment]:
    """What happened since a person looked at that version of the case."""
    count = case.version - version
    if count <= 0:
        return []
    latest = [event.entry_id for event in case.events.order_by("-id")[:count]]
    rows = case_entries(case).filter(pk__in=latest)
    found = (_moment([row], names, show_refused=False) for row in rows)
    return [moment for moment in found if moment is not None]


def _groups(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Each event or action with its effects; what time brought stands alone, moment by moment.

    An event is written together with what had come due before it: those effects carry times of their own.
    """
    written: list[Entry] = []
    for entry in entries:
        same = written and (entry.actor, entry.recorded_at) == (written[0].actor, written[0].recorded_at)
        if not (entry.type == EntryType.EFFECT and same and entry.name != "refused"):
            yield from _by_moment(written)
            written = []
        written.append(entry)
    yield from _by_moment(written)


def _by_moment(written: list[Entry]) -> Iterable[list[Entry]]:
    found: dict[datetime, list[Entry]] = {}
    for entry in written:
        found.setdefault(entry.at, []).append(entry)
    return found.values()


def _moment(group: list[Entry], names: Names, *, show_refused: bool) -> Moment | None:
    head = group[0]
    if head.type == EntryType.EVENT:
        return _event(head, group[1:], names)
    if head.type == EntryType.ACTION:
        return _action(head)
    if head.name == "refused":
        return _refused(head, names) if show_refused else None
    return _by_time(group, names)


def _event(entry: Entry, effects: list[Entry], names: Names) -> Moment:
    texts = {row.field: row.text for row in entry.texts.all() if row.erased_at is None}
    details = details_of(entry.name, entry.data, texts, names)
    registered = entry.name == "registered"
    return Moment(
        at=entry.at,
        title=details.title,
        icon=ICONS.get(entry.name, "transfer" if entry.name.startswith("slip") else "point"),
        tone=details.tone,
        who=entry.actor_name,
        post=names.post(entry.post) if entry.post else "",
        means=details.means,
        late=_late(entry),
        erased=any(row.erased_at is not None for row in entry.texts.all()),
        facts=details.facts,
        words=[] if registered else [texts[name] for name in WORDS if texts.get(name)],
        notes=[note for effect in effects if (note := entry_note(effect, names)) is not None],
        sequence=entry.sequence,
    )


def _late(entry: Entry) -> str:
    if entry.recorded_at - entry.at <= LATE or entry.data.get("historic"):
        return ""
    return _("录入于 %(when)s") % {"when": f"{entry.recorded_at.astimezone(entry.at.tzinfo):%Y-%m-%d %H:%M}"}


def _action(entry: Entry) -> Moment | None:
    if entry.name not in ACTIONS:
        return None
    texts = {row.field: row.text for row in entry.texts.all() if row.erased_at is None}
    return Moment(
        at=entry.at,
        title=labels.label(ACTIONS, entry.name),
        icon="eye" if entry.name == "phone_revealed" else "paperclip",
        tone="quiet",
        who=entry.actor_name,
        words=list(texts.values()),
        sequence=entry.sequence,
    )


def _refused(entry: Entry, names: Names) -> Moment:
    return Moment(
        at=entry.at,
        title=refused_title(entry.data),
        icon="shield-x",
        tone="refused",
        who=entry.actor_name,
        clause=entry.clause,
        words=[refusal_sentence(entry.data, names.rules)],
        sequence=entry.sequence,
    )


def _by_time(group: list[Entry], names: Names) -> Moment | None:
    """What time alone brought: the gravest of it is the headline."""
    gravest = sorted(group, key=lambda effect: effect.name != "breached")
    notes = [note for effect in gravest if (note := entry_note(effect, names)) is not None]
    if not notes:
        return None
    breached = gravest[0].name == "breached"
    return Moment(
        at=group[0].at,
        title=notes[0].text,
        icon="alert-triangle" if breached else "clock-exclamation",
        tone="late" if breached else "soon",
        clause=notes[0].clause,
        notes=notes[1:],
        sequence=group[0].sequence,
    )
