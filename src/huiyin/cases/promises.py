"""The sentence that is read to the customer: by when he will be answered, and which clause says so.

Before a case is registered the engine is asked what it would do, and nothing is stored; afterwards the same
sentence comes from the case as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases.facts import clean, moment, resolve
from huiyin.cases.models import Case
from huiyin.cases.repetition import repetition_facts
from huiyin.cases.wording import input_sentence
from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.core.ids import new_uuid
from huiyin.core.phrases import in_language
from huiyin.core.times import WEEKDAYS
from huiyin.engine import Clock, EngineError, Event, Standing, step
from huiyin.engine.schema.papers import Promise as PromiseText
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.models import Edition
from huiyin.procedures.selectors import Rules, edition_for, rules_of

NEAR = [gettext_lazy("今天"), gettext_lazy("明天"), gettext_lazy("后天")]
# What a customer waits to hear, in the order of preference.
TOLD = ("answered", "contacted", "acknowledged", "completed")


@dataclass(frozen=True, slots=True)
class Spoken:
    """`text` is the whole sentence; `estimated`: the count crosses a year not yet announced; `past`: that
    time has gone by, and the sentence is no longer one to say."""

    text: str
    spoken: str
    due: datetime
    clause: str
    edition_id: int
    estimated: bool = False
    past: bool = False


def spoken_time(due: datetime, *, now: datetime) -> str:
    """今天 19:30, 明天 18:00, 11月25日（周三）18:00; midnight is the end of the day before."""
    local, today = timezone.localtime(due), timezone.localtime(now).date()
    day, at = local.date(), f"{local:%H:%M}"
    if (local.hour, local.minute) == (0, 0):
        day, at = day - timedelta(days=1), "24:00"
    distance = (day - today).days
    if 0 <= distance < len(NEAR):
        return f"{NEAR[distance]} {at}"
    words = date_format(day, _("n月j日") if day.year == today.year else _("Y年n月j日"))
    return _("%(day)s（%(weekday)s）%(time)s") % {
        "day": words,
        "weekday": WEEKDAYS[day.weekday()],
        "time": at,
    }


def _told_by(clocks: Sequence[Clock], name: str) -> Clock | None:
    """The clock that says when the customer hears from us: the one the pack names, otherwise the answer's."""
    running = [one for one in clocks if one.live]
    named = [one for one in running if one.name == name]
    if named:
        return min(named, key=lambda one: one.due)
    for event in TOLD:
        found = [one for one in running if event in one.waiting_for]
        if found:
            return min(found, key=lambda one: one.due)
    return None


def _row(rules: Rules, kind: str) -> PromiseText | None:
    return next((row for row in rules.pack.promise if not row.kinds or kind in row.kinds), None)


def _sentence(row: PromiseText | None, due: str, clause: str) -> str:
    text = in_language(row.text, row.text_en) if row is not None else _("最迟{due}前答复您")
    return text.format(due=due, clause=clause)


def spoken_promise(standing: Standing, edition: Edition, *, now: datetime | None = None) -> Spoken | None:
    """What to tell the customer of a case as it stands; None where nothing was promised by the procedure."""
    rules = rules_of(edition)
    row = _row(rules, standing.kind)
    waiting = _told_by(standing.clocks, row.clock if row else "")
    if waiting is None:
        return None
    present = now or clock.now()
    when = spoken_time(waiting.due, now=present)
    return Spoken(
        text=_sentence(row, f"{when} ", waiting.clause),
        spoken=when,
        due=waiting.due,
        clause=waiting.clause,
        edition_id=edition.pk,
        estimated=waiting.estimated,
        past=waiting.due < present,
    )


def promise_of(case: Case) -> Spoken | None:
    return spoken_promise(Standing.from_dict(case.standing), case.edition)


def preview_promise(actor: Actor, data: Mapping[str, Any], *, at: datetime | None = None) -> Spoken | None:
    """What would be promised if this were registered now. Raises InvalidInput like the registration."""
    facts = clean({name: value for name, value in data.items() if name not in ("text", "demand")})
    resolved = resolve(actor, facts, unit_ids=actor.unit_ids(Capability.REGISTER))
    facts["unit"] = resolved.unit.code
    when = moment(at, "at") if at is not None else clock.now()
    kind = str(facts.get("kind", ""))
    edition = edition_for(company_id=actor.company_id, kind=kind, at=when, unit=resolved.unit)
    rules = rules_of(edition)
    known = {"number": "", **repetition_facts(rules, resolved, facts, when)}
    event = Event(name="registered", at=when, case=str(new_uuid()), data=facts)
    try:
        standing, _effects = step(None, event, known, rules.procedure, rules.calendar)
    except EngineError as error:
        field = str(error.params.get("field", "kind"))
        raise InvalidInput(_("有一项填得不对。"), fields={field: input_sentence(error.code)}) from error
    return spoken_promise(standing, edition) if standing is not None else None
