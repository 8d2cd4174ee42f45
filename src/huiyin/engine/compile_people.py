"""Rules about who approves, who answers for it, and what a case becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huiyin.engine.conditions import compile_condition
from huiyin.engine.procedure import ApprovalRule, AssessmentRule, TurnRule
from huiyin.engine.schema.rules import matching

if TYPE_CHECKING:
    from huiyin.engine.schema import Pack, rules


def approvals_of(pack: Pack, kind: str) -> tuple[ApprovalRule, ...]:
    from huiyin.engine.compile import concerns, condition_of

    return tuple(
        ApprovalRule(
            what=row.what,
            clause=row.clause,
            applies=condition_of(pack, row.when),
            starts={name: compile_condition(wanted) for name, wanted in matching(row.start).items()},
            before=tuple(row.before),
            post=row.post,
        )
        for row in pack.approval
        if concerns(row.when, kind)
    )


def assessments_of(pack: Pack, kind: str) -> dict[str, tuple[AssessmentRule, ...]]:
    """By the event on which they are proposed."""
    from huiyin.engine.compile import by_event, concerns

    return by_event((row.on, _assessment(pack, row)) for row in pack.assessment if concerns(row.when, kind))


def _assessment(pack: Pack, row: rules.Assessment) -> AssessmentRule:
    from huiyin.engine.compile import condition_of

    return AssessmentRule(
        name=row.name,
        clause=row.clause,
        applies=condition_of(pack, row.when),
        given=compile_condition(row.given),
        responsible=row.responsible,
        by=row.by,
        low=row.base[0] if row.base else None,
        high=row.base[-1] if row.base else None,
        times=row.times,
        doubled=condition_of(pack, row.times_when) if row.times_when else None,
        measures=tuple(row.measures),
    )


def turns_of(pack: Pack, kind: str) -> dict[str, tuple[TurnRule, ...]]:
    """By the event on which a case of this kind becomes another."""
    from huiyin.engine.compile import by_event, concerns, condition_of

    return by_event(
        (row.on, TurnRule(row.clause, condition_of(pack, row.when), compile_condition(row.given), row.into))
        for row in pack.turn
        if concerns(row.when, kind) and row.into != kind
    )
