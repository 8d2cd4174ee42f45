"""The register of assessments: what waits for a decision, what was decided, for those whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.concerned import concerned_in
from huiyin.cases.models import Case
from huiyin.cases.names import Names
from huiyin.cases.sections import CaseSection
from huiyin.cases.selectors import visible_cases
from huiyin.organization.actors import Actor
from huiyin.procedures.selectors import rules_of

PAGE = 50
WAITING = 200
"""As many cases are looked at for what waits; nobody leaves more undecided."""


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One assessment of one case. `amount` is what was decided, or the range that the rule allows."""

    number: str
    url: str
    title: str
    responsible: str
    amount: str
    measure: str
    state: str
    pending: bool
    by: str
    since: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class Register:
    waiting: list[AssessmentRow]
    decided: list[AssessmentRow]
    next: str


def register_of(actor: Actor, after: str = "") -> Register:
    """`after`: the key of the last decision shown before; decisions are the latest first."""
    seen = visible_cases(actor).select_related("edition").defer("edition__pack", "edition__forms")
    waiting = list(_rows(actor, seen.exclude(approval_post="").order_by("-id")[:WAITING], pending=True))
    cases = _decided(seen, after)
    return Register(
        waiting=[] if after else waiting,
        decided=list(_rows(actor, cases[:PAGE], pending=False)),
        next=str(cases[PAGE - 1].pk) if len(cases) > PAGE else "",
    )


def _decided(seen: QuerySet[Case], after: str) -> list[Case]:
    found = seen.filter(events__name="assessed").distinct().order_by("-id")
    if after.isascii() and after.isdigit() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    return list(found[: PAGE + 1])


def _rows(actor: Actor, cases: Iterable[Case], *, pending: bool | None = None) -> Iterator[AssessmentRow]:
    for case in cases:
        known = concerned_in(actor, case)
        for one in case.standing.get("assessments") or () if known else ():
            row = _row(case, one)
            if one["name"] in known and pending in (None, row.pending):
                yield row


def _row(case: Case, one: Mapping[str, Any]) -> AssessmentRow:
    rules = rules_of(case.edition)
    names = Names(case.company_id, rules)
    state = one.get("state", "proposed")
    rule = next((row for row in rules.pack.assessment if row.name == one["name"]), None)
    person = names.person(one.get("person"))
    whom = person or labels.PARTIES.get(one["responsible"]) or names.post(one["responsible"])
    return AssessmentRow(
        number=case.number,
        url=reverse("cases:detail", args=[case.number]),
        title=labels.assessment_label(rules, one["name"]),
        responsible=str(whom),
        amount=_amount(one),
        measure=rule.measures.get(one.get("measure") or "", "") if rule else "",
        state=_("等决定") if state == "proposed" else labels.label(labels.DECISIONS, state),
        pending=state in ("proposed", "appealed"),
        by=names.post(one.get("decided_by") or one["by"]),
        since=datetime.fromisoformat(one["since"]),
        clause=str(one["clause"]),
    )


def _amount(one: Mapping[str, Any]) -> str:
    if one.get("amount"):
        return _("%(amount)s 元") % {"amount": one["amount"]}
    if one.get("low") is None or one.get("state") == "dropped":
        return ""
    span = one["low"] if one["low"] == one["high"] else f"{one['low']}–{one['high']}"
    return _("%(amount)s 元") % {"amount": span}


def case_section(actor: Actor, case: Case) -> CaseSection | None:
    """The case's own assessments beside it, for those whom they concern."""
    rows = list(_rows(actor, [case]))
    return CaseSection("assessments", "cases/case_assessments.html", {"rows": rows}) if rows else None
