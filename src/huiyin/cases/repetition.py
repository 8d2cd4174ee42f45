"""What a case's rules need to know of other cases: the how-manieth of the same problem it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from huiyin.cases.facts import Resolved
from huiyin.cases.models import Case
from huiyin.engine.repetition import window_start
from huiyin.engine.schema.frame import Repetition
from huiyin.procedures.selectors import Rules


def repetition_facts(rules: Rules, resolved: Resolved, facts: dict[str, Any], at: datetime) -> dict[str, Any]:
    """`repetition` of a case about to be registered: 1 for the first. Nothing where the pack counts none."""
    values = {
        **facts,
        "household": resolved.household,
        "customer": resolved.customer,
        "place": resolved.place,
        "equipment": resolved.equipment,
        "unit": resolved.unit,
    }
    return _count(rules.pack.repetition, values, kind=str(facts.get("kind", "")), at=at, exclude=None)


def repetition_facts_of(
    rules: Rules, case: Case, event: str = "", facts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """`repetition` of a case that stands, with what was linked to it by hand, once the event has happened."""
    rule = rules.pack.repetition
    if rule is None:
        return {}
    values = {name: getattr(case, name, None) for name in rule.same}
    kind = str((case.standing.get("facts") or {}).get("turned_from") or case.kind)
    return _count(
        rule,
        values,
        kind=kind,
        at=case.registered_at,
        exclude=case,
        linked=_by_hand(case, event, facts or {}),
    )


def _count(
    rule: Repetition | None,
    values: dict[str, Any],
    *,
    kind: str,
    at: datetime,
    exclude: Case | None,
    linked: frozenset[int] = frozenset(),
) -> dict[str, Any]:
    if rule is None or (rule.kinds and kind not in rule.kinds):
        return {}
    same = {name: values.get(name) for name in rule.same}
    if any(value in (None, "") for value in same.values()):
        return {"repetition": 1 + len(linked)}
    company_id = exclude.company_id if exclude is not None else _company(values)
    earlier = Case.objects.filter(company_id=company_id, registered_at__lt=at, **same)
    earlier = earlier.filter(_of_kind(rule, kind)).exclude(state="voided")
    if rule.window:
        earlier = earlier.filter(registered_at__gte=window_start(rule, at))
    if exclude is None:
        return {"repetition": 1 + earlier.count()}
    both = Q(pk__in=earlier.values("pk")) | Q(pk__in=linked)
    counted = Case.objects.filter(both, company_id=company_id).exclude(pk=exclude.pk)
    return {"repetition": 1 + counted.count()}


def _of_kind(rule: Repetition, kind: str) -> Q:
    """Which kinds count with this one; a case that turned counts as what it is and as what it was."""
    if rule.per_kind:
        return Q(kind=kind) | Q(standing__facts__turned_from=kind)
    return Q(kind__in=rule.kinds or [kind])


def _by_hand(case: Case, event: str, facts: Mapping[str, Any]) -> frozenset[int]:
    """The cases linked as the same problem, with or without the one that the event links or unlinks."""
    found = set(case.links.filter(relation="repeat_of").values_list("to_id", flat=True))
    if event in ("linked", "unlinked") and facts.get("relation", "repeat_of") == "repeat_of":
        to = Case.objects.filter(company_id=case.company_id, number=facts.get("to")).exclude(pk=case.pk)
        named = set(to.values_list("pk", flat=True))
        found = found | named if event == "linked" else found - named
    return frozenset(found)


def _company(values: dict[str, Any]) -> int:
    return int(values["unit"].company_id)
