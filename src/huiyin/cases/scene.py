"""What a step's form needs to know: who acts, on which case, by which rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases import labels
from huiyin.cases.models import Case
from huiyin.cases.names import Names
from huiyin.cases.steps import StepView
from huiyin.core import clock
from huiyin.engine import Standing
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit
from huiyin.organization.selectors import current_holdings
from huiyin.procedures.selectors import Rules, rules_of

Choices = list[tuple[str, str]]


@dataclass
class Scene:
    """One person before one case."""

    actor: Actor
    case: Case
    rules: Rules
    names: Names
    step: StepView

    @classmethod
    def of(cls, actor: Actor, case: Case, step: StepView) -> Scene:
        rules = rules_of(case.edition)
        return cls(actor, case, rules, Names(case.company_id, rules), step)

    @cached_property
    def standing(self) -> Standing:
        return Standing.from_dict(self.case.standing)

    def levels(self) -> Choices:
        """Levels of this kind that a person may choose: those without criteria of their own, or all."""
        rows = [row for row in self.rules.pack.level if self.case.kind in _listed(row.kind)]
        return [(row.code, labels.level_label(self.rules, row.code)) for row in rows]

    def categories(self) -> Choices:
        found: Choices = []
        for row in self.rules.pack.category:
            if row.kinds and self.case.kind not in row.kinds:
                continue
            above = f"{labels.category_label(self.rules, row.parent)} / " if row.parent else ""
            found.append((row.code, above + labels.category_label(self.rules, row.code)))
        return found

    def pause_reasons(self) -> Choices:
        """The reasons for which a running clock may pause; none where any reason will do."""
        reasons: list[str] = []
        for one in self.standing.clocks:
            allowed = self.rules.procedure.clocks[one.rule].pause
            if one.live and not isinstance(allowed, bool):
                reasons += sorted(allowed)
        return [(code, labels.label(PAUSES, code)) for code in dict.fromkeys(reasons)]

    def superiors(self) -> Choices:
        """The posts above the one that owns the case, nearest first."""
        posts = self.rules.procedure.posts
        found: list[str] = []
        code = posts.superior(self.step.post or self.case.owner_post)
        while code and code not in found:
            found.append(code)
            code = posts.superior(code)
        return [(code, self.names.post(code)) for code in found]

    def awaited(self) -> Choices:
        """What waits for an approval: amounts beyond an authority, and steps with an approved exception."""
        found: dict[str, str] = {}
        for one in self.standing.approvals:
            amount = _("（%(amount)s 元）") % {"amount": one.amount} if one.amount else ""
            found[one.what] = labels.approved_label(self.rules, one.what) + amount
        kind = self.rules.procedure.kinds[self.case.kind]
        for event, gates in kind.gates.items():
            if any(gate.excuse is not None for gate in gates):
                found.setdefault(event, _("破例%(step)s") % {"step": labels.event_label(event)})
        return list(found.items())

    def assessments(self) -> Choices:
        """Assessments that wait for a decision, and those decided, against which somebody may appeal."""
        found: dict[str, str] = {}
        for one in self.standing.assessments:
            amount = ""
            if one.low is not None:
                span = one.low if one.low == one.high else f"{one.low}–{one.high}"
                amount = _("（%(amount)s 元）") % {"amount": span}
            found[one.name] = labels.assessment_label(self.rules, one.name) + amount
        return list(found.items())

    def measures(self) -> Choices:
        names = {one.name for one in self.standing.assessments}
        rows = [row for row in self.rules.pack.assessment if row.name in names]
        return list({code: title for row in rows for code, title in row.measures.items()}.items())

    def attempts(self) -> int:
        """How often in this round the customer was called in vain or declined."""
        outcomes = ("unreachable", "declined")
        entries = self.standing.entries
        return sum(one.name == "followed_up" and one.data.get("outcome") in outcomes for one in entries)

    def links(self) -> Choices:
        rows = self.case.links.select_related("to")
        return [
            (row.to.number, f"{row.to.number} {labels.label(labels.RELATIONS, row.relation)}") for row in rows
        ]

    def people(self) -> list[tuple[str, Choices]]:
        """Whom the case may be given to, by unit: the unit itself, and people with what they have in hand."""
        units = self._units_to_give_to()
        holdings = (
            current_holdings(clock.today())
            .filter(unit_id__in=[unit.pk for unit in units], person__is_active=True)
            .select_related("post", "person")
            .order_by("post__position", "person__name")
        )
        loads = _loads(self.case.company_id, {one.person_id for one in holdings})
        groups: dict[int, Choices] = {}
        for one in holdings:
            if "handle" in one.post.may:
                load = loads.get(one.person_id, 0)
                words = _("%(name)s（%(post)s，手上 %(load)d 件）") % {
                    "name": one.person.name,
                    "post": one.post.name,
                    "load": load,
                }
                value = f"{one.post.code}|{self._code(one.unit_id, units)}|{one.person.username}"
                groups.setdefault(one.unit_id, []).append((value, words))
        return [
            (
                unit.name,
                [(f"|{unit.code}|", _("%(unit)s，由部门安排人") % {"unit": unit.name}), *groups[unit.pk]],
            )
            for unit in units
            if unit.pk in groups
        ]

    def _units_to_give_to(self) -> list[Unit]:
        """The case's own unit and what is below it first, then departments that are of no other site."""
        units = {unit.pk: unit for unit in Unit.objects.filter(company_id=self.case.company_id, active=True)}
        lines = {pk: _upward(unit, units) for pk, unit in units.items()}
        own = [unit for pk, unit in units.items() if self.case.unit_id in lines[pk]]
        above = set(lines.get(self.case.unit_id, ()))
        others = [
            unit
            for pk, unit in units.items()
            if unit not in own
            and unit.kind in ("company", "department")
            and not any(units[one].kind == "site" and one not in above for one in lines[pk])
        ]
        return own + others

    @staticmethod
    def _code(unit_id: int, units: Iterable[Unit]) -> str:
        return next(unit.code for unit in units if unit.pk == unit_id)


PAUSES: labels.Labels = {
    "customer": lazy("等顾客"),
    "customer_absent": lazy("顾客不在家"),
    "waiting_parts": lazy("等配件"),
    "outside_party": lazy("等外部单位"),
}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _loads(company_id: int, people: set[int]) -> dict[int, int]:
    """person -> open cases in hand."""
    rows = Case.objects.filter(company_id=company_id, open=True, handler_id__in=people)
    return dict(rows.values_list("handler_id").annotate(count=Count("pk", filter=Q(open=True))))


def _upward(unit: Unit, units: Mapping[int, Unit]) -> list[int]:
    """The unit and those above it, as far as they are known."""
    line = [unit.pk]
    while (parent := units.get(line[-1], unit).parent_id) in units:
        line.append(parent)
    return line
