"""Response rate, and what the procedure makes of it: valid, void, or points off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.schema_count import Deduction, Returns


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is a code with its clause and figures; `deduction` a fraction off the satisfaction rate."""

    valid: bool
    reason: dict[str, Any]
    deduction: float
    flags: list[dict[str, Any]]


def met(rule: Returns, returned: int, handed_out: int) -> bool:
    """at_least includes the bound, above does not; exact, without rounding."""
    rate = Fraction(returned, handed_out) if handed_out else Fraction(0)
    if rule.at_least is not None:
        return rate >= Fraction(str(rule.at_least))
    return rate > Fraction(str(rule.above))


def deducted(rule: Deduction, bound: object, returned: int, handed_out: int) -> float:
    """Points for each completed step that the return is short: 44% of 50 wanted is one step of five."""
    rate = Fraction(returned, handed_out) if handed_out else Fraction(0)
    missing = Fraction(str(bound)) - rate
    steps = floor(missing / Fraction(str(rule.per))) if missing > 0 else 0
    return float(steps * Fraction(str(rule.points)))


def verdict(
    plan: Plan, handed_out: int, returned: int, groups: Mapping[str, tuple[int, int]] | None = None
) -> Verdict:
    """`groups`: returned and handed out of each group, where the rule holds in each of them."""
    rule = plan.returns
    rate = round(returned / handed_out, 6) if handed_out else 0.0
    if rule is None:
        return Verdict(
            returned > 0, {"code": "no_rule", "clause": plan.survey.clause, "actual": rate}, 0.0, []
        )
    bound = rule.at_least if rule.at_least is not None else rule.above
    clause = rule.clause or plan.survey.clause
    relation = "at_least" if rule.at_least is not None else "above"
    reason: dict[str, Any] = {"clause": clause, relation: float(bound or 0), "actual": rate}
    short = sorted(name for name, (some, all_) in (groups or {}).items() if not met(rule, some, all_))
    if met(rule, returned, handed_out) and not short:
        return Verdict(returned > 0, {"code": "return_met", **reason}, 0.0, [])
    if short:
        reason |= {"by": rule.by, "groups": short}
    flag = {"code": "return_short", **reason}
    off = deducted(rule.deduction, bound, returned, handed_out) if rule.deduction else 0.0
    valid = rule.short != "invalid" and returned > 0
    return Verdict(valid, {"code": "return_short", **reason}, off, [flag])
