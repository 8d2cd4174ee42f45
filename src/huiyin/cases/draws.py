"""Return visits by period in the live system: drawn when the period is over, with a seed that is kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases.models import Case, CaseEvent, DrawnVisit, VisitDraw
from huiyin.core import clock
from huiyin.engine import Standing
from huiyin.engine.compile_clocks import CONTACT_MADE
from huiyin.engine.draft import Draft
from huiyin.engine.duties import period_of
from huiyin.engine.programmes import concerned, drawn, seed_of, visit_due
from huiyin.engine.schema.rules import FollowUp
from huiyin.journal.services import record_action
from huiyin.journal.wording import register_names
from huiyin.organization.actors import system_actor
from huiyin.procedures.models import Edition
from huiyin.procedures.selectors import Rules, rules_of

NEVER_HANDLED = ("returned", "withdrawn", "voided")

register_names({"visits_drawn": lazy("抽取回访名单")})


def draw_visits(now: datetime) -> int:
    """Draw for every period that is over and has no draw yet; how many draws were made."""
    made = 0
    for edition in Edition.objects.filter(Exists(Case.objects.filter(edition=OuterRef("pk")))):
        rules = rules_of(edition)
        today = rules.calendar.local(now).date()
        for number, rule in enumerate(rules.pack.followup):
            if rule.period is not None:
                made += sum(
                    _draw(edition, rules, number, rule, begins, ends)
                    for begins, ends in _undrawn(edition, number, rule, today)
                )
    return made


def _undrawn(edition: Edition, number: int, rule: FollowUp, today: date) -> list[tuple[date, date]]:
    """The periods since the last draw; where there was none, the last that is over."""
    every = str(rule.period)
    current, _after = period_of(every, today)
    last = VisitDraw.objects.filter(edition=edition, rule=number).first()
    begins = last.ends if last else period_of(every, current - timedelta(days=1))[0]
    found = []
    while begins < current:
        period = period_of(every, begins)
        found.append(period)
        begins = period[1]
    return found


@transaction.atomic
def _draw(edition: Edition, rules: Rules, number: int, rule: FollowUp, begins: date, ends: date) -> bool:
    seed = f"{seed_of(rule, begins)}/{secrets.token_hex(8)}"
    values = {
        "company_id": edition.company_id,
        "ends": ends,
        "share": rule.share,
        "seed": seed,
        "drawn_at": clock.now(),
    }
    draw, new = VisitDraw.objects.get_or_create(edition=edition, rule=number, begins=begins, defaults=values)
    if not new:
        return False
    cases = {case.number: case for case in _population(edition, rules, rule, begins, ends)}
    draw.population = len(cases)
    draw.save(update_fields=["population"])
    chosen = sorted(drawn(cases, rule.share, seed))
    due = visit_due(rule, ends, rules.calendar)
    DrawnVisit.objects.bulk_create(
        DrawnVisit(draw=draw, case=case, due=due, visited_at=_visited(case, rule))
        for case in (cases[one] for one in chosen)
    )
    data = {"clause": rule.clause, "from": begins.isoformat(), "of": len(cases), "share": str(rule.share)}
    record_action(
        actor=system_actor(edition.company_id),
        subject_kind="edition",
        subject_id=edition.pk,
        name="visits_drawn",
        data={**data, "seed": seed, "cases": chosen},
    )
    return True


def _population(edition: Edition, rules: Rules, rule: FollowUp, begins: date, ends: date) -> Iterator[Case]:
    """The cases whose starting event lies in the period and which the rule is about."""
    applies = concerned(rules.procedure, rule)
    span = rules.calendar.midnight(begins), rules.calendar.midnight(ends)
    events = CaseEvent.objects.filter(
        company_id=edition.company_id, name__in=rule.start, at__gte=span[0], at__lt=span[1]
    )
    cases = Case.objects.filter(edition=edition, historic=False, pk__in=events.values("case"))
    for case in cases.exclude(state__in=NEVER_HANDLED).order_by("id").iterator():
        standing = Standing.from_dict(case.standing)
        if applies(Draft(standing, rules.procedure, rules.calendar, {}).view):
            yield case


def _visited(case: Case, rule: FollowUp) -> datetime | None:
    """When the customer was reached meanwhile: after the last starting event."""
    events = list(case.events.filter(name__in=[*rule.start, "followed_up"]).order_by("-at", "-id"))
    for event in events:
        if event.name != "followed_up":
            return None
        if event.data.get("outcome") in CONTACT_MADE:
            return event.at
    return None


def visit_made(case: Case, outcome: str, at: datetime) -> None:
    """A customer who was reached need not be visited again for a draw."""
    if outcome in CONTACT_MADE and case.pk:
        DrawnVisit.objects.filter(case=case, visited_at=None).update(visited_at=timezone.localtime(at))
