"""A case of one kind that becomes one of another."""

from __future__ import annotations

from datetime import datetime

from huiyin.engine import clocks
from huiyin.engine.draft import Draft
from huiyin.engine.types import Event


def update(draft: Draft, event: Event, at: datetime) -> None:
    """The first rule that matches turns the case; its number stays, and `turned_from` keeps what it was."""
    for rule in draft.rules.turns.get(event.name, ()):
        if rule.applies(draft.view) and rule.given(event.data):
            before = draft.kind
            draft.facts = {"turned_from": before, **draft.facts}
            draft.kind = rule.into
            draft.rules = draft.procedure.kinds[rule.into]
            clocks.drop_strangers(draft, at)
            draft.touch()
            draft.emit(at, "kind_set", rule.clause, {"kind": rule.into, "from": before})
            return
