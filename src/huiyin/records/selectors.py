"""What is past its retention, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from huiyin.cases.models import Case
from huiyin.core import clock
from huiyin.engine.schema.papers import Retention
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.selectors import subtree_ids
from huiyin.procedures.selectors import Rules
from huiyin.records.models import ErasureRequest, ErasureState
from huiyin.records.retention_rules import keep_words, kept_until_before, rule_for

LISTED = 200
"""How many cases a request holds at most: one can still be looked through."""


@dataclass(frozen=True, slots=True)
class PastRetention:
    """What a rule of retention lets go of today."""

    rule: Retention
    words: str
    before: date
    count: int
    cases: Sequence[Case]


def case_rules(rules: Rules) -> list[Retention]:
    """The rules that keep cases; those of reports and questionnaires belong to their own rooms."""
    kinds = {kind.code for kind in rules.pack.kind}
    return [one for one in rules.pack.retention if kinds & set(one.of)]


def kinds_of(rules: Rules, rule: Retention) -> set[str]:
    """The kinds a rule names. A kind that no rule names is kept by the first rule of cases."""
    known = {kind.code for kind in rules.pack.kind}
    named = known & set(rule.of)
    if case_rules(rules)[0] is rule:
        named |= {code for code in known if rule_for(rules, code) is None}
    return named


def past_cases(rules: Rules, rule: Retention, unit: Unit, today: date) -> QuerySet[Case]:
    """The cases of a unit and below that were closed too long ago to be kept, and still hold words."""
    day = kept_until_before(rule, today)
    rows = Case.objects.filter(
        company_id=unit.company_id,
        unit_id__in=subtree_ids(unit),
        kind__in=kinds_of(rules, rule),
        open=False,
        closed_at__date__lt=day,
    )
    return rows.exclude(text="", demand="", reporter="", reporter_phone="").order_by("closed_at", "pk")


def past_retention(rules: Rules, unit: Unit) -> list[PastRetention]:
    """The dry run: what would be erased today."""
    found = []
    for rule in case_rules(rules):
        today = clock.today()
        rows = past_cases(rules, rule, unit, today)
        found.append(
            PastRetention(
                rule=rule,
                words=keep_words(rule),
                before=kept_until_before(rule, today),
                count=rows.count(),
                cases=list(rows.select_related("unit")[:LISTED]),
            )
        )
    return found


def erasure_requests(actor: Actor, unit: Unit) -> list[ErasureRequest]:
    """Requests of the unit and below, those that wait first."""
    ids = subtree_ids(unit) & (actor.unit_ids(Capability.REPORT) | actor.unit_ids(Capability.APPROVE))
    rows = ErasureRequest.objects.filter(company_id=actor.company_id, unit_id__in=ids).select_related("unit")
    waiting = rows.filter(state=ErasureState.ASKED)
    return [*waiting, *rows.exclude(state=ErasureState.ASKED)[:30]]
