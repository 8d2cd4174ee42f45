"""Which slips a person may issue about a case, and to whom."""

from __future__ import annotations

from huiyin.cases import labels
from huiyin.cases.models import Case
from huiyin.cases.reach import may, posts_for
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.procedures.selectors import rules_of


def slip_forms_for(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """(code, title) of the pack's forms that one of the actor's posts may issue, in the pack's order."""
    if not case.open or not may(actor, Capability.HANDLE, case):
        return []
    rules = rules_of(case.edition)
    posts = {held.post for held in posts_for(actor, case)}
    return [
        (row.code, labels.slip_label(rules, row.code))
        for row in rules.pack.slip
        if not row.from_posts or posts & set(row.from_posts)
    ]


def units_for(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Units of the company: those above the case's first, then its own and below, then the others."""
    above = list(case.unit.ancestors().values_list("pk", flat=True))
    below = list(case.unit.descendants(include_self=True).values_list("pk", flat=True))
    units = Unit.objects.filter(company_id=actor.company_id, active=True).with_tree_fields()
    order = {pk: place for place, pk in enumerate([*reversed(above), *below])}
    listed = sorted(units, key=lambda unit: order.get(unit.pk, len(order)))
    return [(unit.code, unit.name) for unit in listed if unit.kind != "group" or unit.pk in above]
