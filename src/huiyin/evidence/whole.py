"""A whole procedure clause by clause: how often each applied, how it went, and what the evidence is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases.evidence import FIGURES, Counted, Span, counted, units_of
from huiyin.cases.models import Case
from huiyin.evidence.statements import statements
from huiyin.organization.actors import Actor
from huiyin.procedures.models import Edition
from huiyin.procedures.pages import ClauseText, clause_texts
from huiyin.procedures.selectors import rules_of

# rules that the system itself carries out and journals; all others say what people do
RUN_BY_SYSTEM = frozenset(
    {
        "kind", "cites", "clock", "gate", "requirement", "followup", "escalation", "authority", "owner",
        "level", "repetition", "trigger", "slip", "number", "assessment", "conversion", "decision",
    }
)  # fmt: skip
PROOFS: Mapping[str, str | Promise] = {
    "system": lazy("系统记录"),
    "statement": lazy("人的说明"),
    "none": lazy("还没有证据"),
}


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One clause over the days asked for. `cases` are the keys behind each figure."""

    id: str
    title: str
    depth: int
    running: bool
    proof: str
    entries: int
    statements: int
    cases: Mapping[str, list[int]]

    @property
    def figures(self) -> list[tuple[str, int]]:
        return [(name, len(self.cases[name])) for name in FIGURES]

    @property
    def never(self) -> bool:
        return not self.cases["applied"]

    @property
    def proof_words(self) -> str:
        return str(PROOFS[self.proof])


@dataclass(frozen=True, slots=True)
class Whole:
    """The lines in the document's order, and how many clauses have which evidence."""

    lines: tuple[ClauseLine, ...]

    @property
    def proofs(self) -> list[tuple[str, str, int]]:
        return [(name, str(PROOFS[name]), sum(one.proof == name for one in self.lines)) for name in PROOFS]

    @property
    def never(self) -> list[ClauseLine]:
        """Clauses that the system runs and that no case came under."""
        return [one for one in self.lines if one.proof == "system" and one.never]


def whole_procedure(
    actor: Actor, edition: Edition, since: date, until: date, units: frozenset[int] | None = None
) -> Whole:
    """`evidence_of` for the units that the actor audits or reports on."""
    return evidence_of(edition, since, until, units_of(actor, units))


def evidence_of(edition: Edition, since: date, until: date, mine: frozenset[int]) -> Whole:
    """Every clause of the edition at these units; entries of all editions of its procedure count."""
    texts = clause_texts(rules_of(edition).pack)
    span = Span(edition.company_id, mine, since, until, edition.procedure_id)
    found = counted(span, [one.id for one in texts])
    said: dict[str, int] = {}
    for clause in statements(edition.procedure_id, mine, since, until).values_list("clause", flat=True):
        said[clause] = said.get(clause, 0) + 1
    return Whole(tuple(_line(one, found[one.id], said.get(one.id, 0)) for one in texts))


def _line(text: ClauseText, found: Counted, said: int) -> ClauseLine:
    runs = text.running and any(rule.table in RUN_BY_SYSTEM for rule in text.rules)
    proof = "system" if runs or found.entries else "statement" if said else "none"
    return ClauseLine(text.id, text.title, text.depth, text.running, proof, found.entries, said, found.cases)


def numbers_of(cases: set[int]) -> dict[int, str]:
    """Numbers of cases by key."""
    keys = sorted(cases)
    found: dict[int, str] = {}
    for start in range(0, len(keys), 500):
        found |= dict(Case.objects.filter(pk__in=keys[start : start + 500]).values_list("pk", "number"))
    return found
