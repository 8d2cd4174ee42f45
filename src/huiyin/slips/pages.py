"""What the pages of slips show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.casepage import Paper, papers
from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.cases.names import Names
from huiyin.cases.narrating import Line, details_of
from huiyin.core.pagekeys import page_key, read_page_key
from huiyin.organization.actors import Actor
from huiyin.procedures.selectors import rules_of
from huiyin.slips.models import Slip
from huiyin.slips.section import SlipRow, slip_row
from huiyin.slips.selectors import box, box_counts, may_see_case, slip_events, words_of
from huiyin.slips.steps import SlipStep, slip_steps

PAGE = 40
RELATED = ("case__edition", "from_unit", "to_unit")


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: list[SlipRow]
    counts: dict[str, int]
    next: str


def list_page(actor: Actor, name: str, after: str) -> ListPage:
    """One page of a box by key: due times first, what has none after them, the latest first."""
    rows = _after(box(actor, name), after).order_by(F("next_due").asc(nulls_last=True), "-id")
    found = list(
        rows.select_related(*RELATED).defer("case__edition__pack", "case__edition__forms")[: PAGE + 1]
    )
    shown = found[:PAGE]
    words = words_of(shown)
    return ListPage(
        rows=[slip_row(slip, rules_of(slip.case.edition), words.get(slip.pk, "")) for slip in shown],
        counts=box_counts(actor),
        next=page_key(shown[-1].next_due, shown[-1].pk) if len(found) > PAGE else "",
    )


def _after(rows: QuerySet[Slip], key: str) -> QuerySet[Slip]:
    place = read_page_key(key)
    if place is None:
        return rows
    moment, pk = place
    if moment is None:
        return rows.filter(next_due__isnull=True, pk__lt=pk)
    return rows.filter(Q(next_due__gt=moment) | Q(next_due=moment, pk__lt=pk) | Q(next_due__isnull=True))


@dataclass(frozen=True, slots=True)
class SlipMoment:
    """One thing that happened to the slip."""

    title: str
    who: str
    post: str
    at: datetime
    words: list[str]
    facts: list[Line]


@dataclass(slots=True)
class SlipPage:
    """`case` is set only where the actor may open it; otherwise he sees what the slip itself needs."""

    slip: Slip
    row: SlipRow
    clause: str
    edition: int
    case: Case | None
    case_url: str
    place: str
    clocks: Sequence[CaseClock]
    moments: list[SlipMoment] = field(default_factory=list)
    steps: list[SlipStep] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)


def slip_page(actor: Actor, slip: Slip) -> SlipPage:
    case = slip.case
    rules = rules_of(case.edition)
    names = Names(slip.company_id, rules)
    seen = may_see_case(actor, slip)
    form = rules.procedure.slips.get(slip.form)
    clocks = CaseClock.objects.filter(case=case, key=slip.number).order_by("-run")
    return SlipPage(
        slip=slip,
        row=slip_row(slip, rules, words_of([slip]).get(slip.pk, "")),
        clause=form.clause if form else "",
        edition=case.edition_id,
        case=case if seen else None,
        case_url=reverse("cases:detail", args=[case.number]) if seen else "",
        place=str(case.place.full_name) if case.place else "",
        clocks=[_named(clock, names) for clock in clocks],
        moments=[_moment(event, names) for event in slip_events(slip)],
        steps=slip_steps(actor, slip),
        papers=papers("records:slip_form", slip.number, _("单据")),
    )


def _named(clock: CaseClock, names: Names) -> CaseClock:
    clock.title = names.clock(clock.name)  # type: ignore[attr-defined]
    clock.outcome = labels.label(labels.CLOCK_STATES, clock.state)  # type: ignore[attr-defined]
    return clock


def _moment(event: CaseEvent, names: Names) -> SlipMoment:
    texts = {row.field: row.text for row in event.entry.texts.all() if row.erased_at is None}
    details = details_of(event.name, event.data, texts, names)
    return SlipMoment(
        title=details.title,
        who=event.actor_name,
        post=names.post(event.post) if event.post else "",
        at=event.at,
        words=[texts[name] for name in ("text", "result", "reason") if texts.get(name)],
        facts=[line for line in details.facts if line.value != event.data.get("slip")],
    )
