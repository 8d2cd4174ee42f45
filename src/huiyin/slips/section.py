"""The slips of a case on its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from huiyin.cases import labels
from huiyin.cases.models import Case
from huiyin.cases.sections import CaseSection
from huiyin.organization.actors import Actor
from huiyin.procedures.selectors import Rules, rules_of
from huiyin.slips.models import Slip
from huiyin.slips.selectors import slips_of, words_of


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A slip as a line shows it."""

    number: str
    url: str
    title: str
    state: str
    state_label: str
    from_unit: str
    to_unit: str
    text: str
    due: datetime | None
    open: bool
    round: int
    issued_at: datetime
    satisfied: bool | None


def slip_row(slip: Slip, rules: Rules, text: str) -> SlipRow:
    return SlipRow(
        number=slip.number,
        url=reverse("slips:detail", args=[slip.number]),
        title=labels.slip_label(rules, slip.form),
        state=slip.state,
        state_label=str(slip.get_state_display()),
        from_unit=slip.from_unit.name,
        to_unit=slip.to_unit.name if slip.to_unit else "",
        text=text,
        due=slip.next_due if slip.open else None,
        open=slip.open,
        round=slip.round,
        issued_at=slip.issued_at,
        satisfied=slip.satisfied,
    )


def case_section(actor: Actor, case: Case) -> CaseSection | None:
    slips = slips_of(actor, case)
    if not slips:
        return None
    rules = rules_of(case.edition)
    words = words_of(slips)
    rows = [slip_row(slip, rules, words.get(slip.pk, "")) for slip in slips]
    return CaseSection("slips", "slips/case_section.html", {"rows": rows})
