"""Calling customers afterwards: whom next, what to say, what each outcome brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.contact import ShownPhone, phones_of
from huiyin.cases.models import Case, CaseEvent, DrawnVisit
from huiyin.cases.names import Names
from huiyin.cases.narrating import Note, effect_note
from huiyin.cases.selectors import event_texts, visible_cases
from huiyin.cases.steps import StepView, steps_for
from huiyin.core import clock
from huiyin.engine import Event, Standing, step
from huiyin.engine.vocabulary import OUTCOMES
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.selectors import rules_of

QUEUE = 50
LONGEST = 500
IN_VAIN = ("unreachable", "declined")
RELATED = ("edition", "unit", "place", "customer", "household", "handler", "assigned_unit")
ICONS = {
    "satisfied": "mood-happy",
    "fairly_satisfied": "mood-smile",
    "dissatisfied": "mood-sad",
    "unreachable": "phone-off",
    "declined": "hand-stop",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the queue. `own`: who calls did the work himself; such visits are counted apart. `drawn`: the
    visit is demanded because the case was drawn, though it may be closed."""

    number: str
    url: str
    kind: str
    who: str
    where: str
    text: str
    due: datetime | None
    attempts: int
    own: bool
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    code: str
    label: str
    icon: str
    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer was told or what was done, to be at hand during the call."""

    title: str
    text: str
    who: str
    at: datetime


@dataclass(slots=True)
class Call:
    """The screen of one call."""

    case: Case
    line: Waiting
    case_url: str
    script: str
    step: StepView | None
    phones: list[ShownPhone] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    brings: list[Note] = field(default_factory=list)
    earlier: list[Said] = field(default_factory=list)


def waiting(actor: Actor) -> QuerySet[Case]:
    """Cases whose customer is to be contacted, the most urgent first."""
    units = actor.unit_ids(Capability.FOLLOW_UP)
    within = Q(unit_id__in=units) | Q(assigned_unit_id__in=units)
    asked = Q(open=True, follow_up_needed=True)
    # as a list: beside a subquery the databases would walk all cases, closed ones too
    lists = DrawnVisit.objects.filter(draw__company_id=actor.company_id, visited_at=None)
    if drawn := list(lists.order_by("-pk").values_list("case_id", flat=True)[:LONGEST]):
        asked |= Q(pk__in=drawn)
    rows = visible_cases(actor).filter(within, asked)
    return rows.order_by(F("next_due").asc(nulls_last=True), "registered_at", "id")


def queue(actor: Actor) -> list[Case]:
    """The first of them; who was called in vain today comes after the others."""
    found = waiting(actor).select_related(*RELATED).prefetch_related("drawn_visits")
    rows = list(found.defer("edition__pack", "edition__forms")[:QUEUE])
    today = clock.today().isoformat()
    return sorted(rows, key=lambda case: _last_attempt(case)[:10] == today)


def _attempts(case: Case) -> list[dict[str, str]]:
    """Calls in vain of this round, as the standing keeps them."""
    entries = case.standing.get("entries") or []
    return [
        one
        for one in entries
        if one["name"] == "followed_up" and (one.get("data") or {}).get("outcome") in IN_VAIN
    ]


def _last_attempt(case: Case) -> str:
    attempts = _attempts(case)
    return str(attempts[-1]["at"]) if attempts else ""


def line_of(actor: Actor, case: Case) -> Waiting:
    rules = rules_of(case.edition)
    visit = next((one for one in case.drawn_visits.all() if one.visited_at is None), None)
    return Waiting(
        number=case.number,
        url=f"{reverse('cases:follow-ups')}?case={case.number}",
        kind=labels.kind_label(rules, case.kind),
        who=str(case.customer) if case.customer else case.reporter,
        where=str(case.place.full_name) if case.place else "",
        text=case.text[:120],
        due=case.next_due or (visit.due if visit else None),
        drawn=visit is not None,
        attempts=len(_attempts(case)),
        own=case.handler_id is not None and case.handler_id == actor.person_id,
    )


def call_of(actor: Actor, case: Case) -> Call:
    """Everything one needs with the phone at the ear."""
    names = Names(case.company_id, rules_of(case.edition))
    line = line_of(actor, case)
    events = list(case.events.select_related("entry"))
    return Call(
        case=case,
        line=line,
        case_url=reverse("cases:detail", args=[case.number]),
        script=script(actor, case, names),
        step=next((one for one in steps_for(actor, case) if one.event == "followed_up"), None),
        phones=phones_of(case),
        said=_told([one for one in events if one.name in ("answered", "completed")][-2:], names),
        outcomes=[
            Outcome(code, labels.label(labels.OUTCOMES, code), ICONS[code], str(place))
            for place, code in enumerate(OUTCOMES, start=1)
        ],
        brings=brings(actor, case, names, "dissatisfied"),
        earlier=_told([one for one in events if one.name == "followed_up"], names),
    )


def _told(events: list[CaseEvent], names: Names) -> list[Said]:
    texts = event_texts(events)
    found = []
    for event in events:
        said = texts.get(event.pk, {})
        title = labels.label(labels.HAPPENED, event.name)
        if event.name == "followed_up":
            title = labels.label(labels.OUTCOMES, event.data.get("outcome"))
        found.append(Said(title, said.get("text") or said.get("result") or "", event.actor_name, event.at))
    return found


def script(actor: Actor, case: Case, names: Names) -> str:
    """The sentence to begin with."""
    day = date_format(timezone.localtime(case.registered_at), _("n月j日"))
    about = labels.category_label(names.rules, case.category) or labels.kind_label(names.rules, case.kind)
    return _(
        "您好，我是%(unit)s的%(name)s。您 %(day)s 反映的“%(about)s”，我们处理过了，想听听您满意不满意。"
    ) % {
        "unit": case.unit.name,
        "name": actor.name,
        "day": day,
        "about": about,
    }


def brings(actor: Actor, case: Case, names: Names, outcome: str) -> list[Note]:
    """What the procedure would make of an outcome: the engine is asked, nothing is kept."""
    rules = names.rules
    standing = Standing.from_dict(case.standing)
    event = Event(
        name="followed_up",
        at=rules.calendar.local(clock.now()),
        case=standing.case,
        data={"outcome": outcome},
        historic=True,
    )
    _after, effects = step(standing, event, {}, rules.procedure, rules.calendar)
    shown = ("reopened", "clock_started", "escalated", "notified", "owner_set")
    notes = (
        effect_note(one.effect, one.to_dict(), one.clause, names) for one in effects if one.effect in shown
    )
    return list({note.text: note for note in notes if note is not None}.values())
