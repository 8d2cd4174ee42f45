"""Numbers of cases and slips by the pack's rules. The serial is locked until its owner is committed."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from huiyin.engine.numbers import format_number, number_rule, series
from huiyin.engine.schema.papers import NumberRule
from huiyin.numbering.services import next_serial
from huiyin.organization.models import Unit
from huiyin.procedures.selectors import Rules


def number_of(rules: Rules, *, unit: Unit, of: str, at: datetime) -> str:
    """The next number of a kind of case, a slip form or a record form, in the transaction of its owner."""
    rule = number_rule(rules.procedure, of) or _plain(of)
    local = timezone.localtime(at)
    company_id = unit.company_id or unit.pk
    serial = next_serial(company_id=company_id, series=series(rule, of, local, unit.code))
    return format_number(rule, of, local, serial, unit.code)


def _plain(of: str) -> NumberRule:
    """Where a pack says nothing: one series a year for the company."""
    return NumberRule(clause="", name="plain", of=[of], pattern="{year}-{serial:05}")
