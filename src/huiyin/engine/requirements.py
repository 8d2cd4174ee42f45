"""What the procedure demands next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.engine.draft import Draft
from huiyin.engine.procedure import Requirement
from huiyin.engine.refusal import Refusal
from huiyin.engine.types import Event, Required

_Wanted = dict[tuple[str, str], Mapping[str, Any]]


def update(draft: Draft, event: Event, at: datetime) -> None:
    """Compute the demands afresh; what is newly demanded becomes an effect, what is done drops out."""
    if _untouched(draft, event):
        return
    wanted: _Wanted = {}
    if draft.open:
        view = draft.view
        for rule in draft.rules.requirements:
            if rule.applies(view) and _outstanding(draft, rule):
                wanted.setdefault((rule.what, rule.clause), rule.params)
        for pending in draft.assessments:
            if pending.pending:
                wanted.setdefault(("assessed", pending.clause), {})
    kept = [one for one in draft.required if _stays(draft, one, event, wanted)]
    known = {(one.what, one.clause) for one in kept}
    for (what, clause), params in wanted.items():
        if (what, clause) not in known:
            kept.append(Required(what, clause, at, dict(params)))
            draft.emit(at, "required", clause, {"what": what})
    draft.required = tuple(kept)


def _untouched(draft: Draft, event: Event) -> bool:
    """Whether the event can neither raise nor settle a demand."""
    if draft.changed or not draft.open or event.name in draft.rules.demanded:
        return False
    return not any(one.what == event.name for one in draft.required)


def _stays(
    draft: Draft, one: Required, event: Event, wanted: Mapping[tuple[str, str], Mapping[str, Any]]
) -> bool:
    if one.params.get("historic"):
        return event.name != one.what
    return (one.what, one.clause) in wanted


def _outstanding(draft: Draft, rule: Requirement) -> bool:
    waiting = "registered" in rule.starts
    for entry in draft.entries:
        test = rule.until.get(entry.name)
        if test is not None and test(entry.data):
            waiting = False
        elif entry.name in rule.starts:
            waiting = True
    return waiting


def from_refusal(draft: Draft, refusal: Refusal, at: datetime) -> None:
    """Imported history is never refused; what a gate would have demanded is required instead."""
    clause = refusal.clause or draft.rules.clause
    for what in refusal.missing or (refusal.reason,):
        draft.emit(at, "required", clause, {"what": what})
        if not any(one.what == what and one.clause == clause for one in draft.required):
            params = {"historic": True, **refusal.params}
            draft.required = (*draft.required, Required(what, clause, at, params))
