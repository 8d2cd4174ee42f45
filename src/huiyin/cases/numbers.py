"""Numbers of cases and slips by the pack's number rules. The serial is locked until its case is committed."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from huiyin.engine.schema.papers import NumberRule
from huiyin.numbering.services import next_serial
from huiyin.organization.models import Unit
from huiyin.procedures.selectors import Rules

# Where a pack says nothing: one series a year for the company.
PLAIN = "{year}-{serial:05}"


def case_number(rules: Rules, *, unit: Unit, kind: str, at: datetime) -> str:
    """The next number of that kind of case."""
    return number_of(rules, unit=unit, of=kind, at=at)


def number_of(rules: Rules, *, unit: Unit, of: str, at: datetime) -> str:
    """The next number of a kind of case, a slip form or a record form, in the transaction of its owner."""
    rule = next((rule for rule in rules.pack.number if of in rule.of), None)
    local = timezone.localtime(at)
    values = {
        "unit": unit.code,
        "kind": of,
        "year": f"{local.year:04}",
        "month": f"{local.month:02}",
        "day": f"{local.day:02}",
    }
    company_id = unit.company_id or unit.pk
    if rule is None:
        return PLAIN.format(serial=next_serial(company_id=company_id, series=f"plain:{local.year}"), **values)
    serial = next_serial(company_id=company_id, series=_series(rule, values))
    return rule.pattern.format(serial=serial, **values)


def _series(rule: NumberRule, values: dict[str, str]) -> str:
    """The counter a rule counts in: its name, its unit where it counts by unit, its period."""
    period = {
        "year": values["year"],
        "month": values["year"] + values["month"],
        "day": values["year"] + values["month"] + values["day"],
        "never": "",
    }[rule.resets]
    place = values["unit"] if rule.per == "unit" else ""
    return f"{rule.name}:{place}:{period}"
