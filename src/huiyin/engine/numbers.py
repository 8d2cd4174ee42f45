"""Numbers by rule. The live system draws serials from its tables, a simulation from a counter in memory."""

from __future__ import annotations

from datetime import datetime

from huiyin.engine.procedure import Procedure
from huiyin.engine.schema.papers import NumberRule


def number_rule(procedure: Procedure, of: str) -> NumberRule | None:
    """The rule for a kind of case, a slip form or a record form."""
    for rule in procedure.pack.number:
        if of in rule.of:
            return rule
    return None


def series(rule: NumberRule, of: str, at: datetime, unit: str = "") -> str:
    """Which series a number is drawn from: serials count from 1 in each, without gap or double.

    Kinds that share a rule share its series where the pattern does not name the kind.
    """
    parts = [rule.name]
    if "{kind" in rule.pattern:
        parts.append(of)
    if rule.per == "unit":
        parts.append(unit)
    if rule.resets != "never":
        parts.append(at.strftime({"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}[rule.resets]))
    return "|".join(parts)


def format_number(rule: NumberRule, of: str, at: datetime, serial: int, unit: str = "") -> str:
    """`at` is local time of the pack."""
    return rule.pattern.format(unit=unit, kind=of, year=at.year, month=at.month, day=at.day, serial=serial)
