"""Level and owner of a case, by the pack's criteria, when facts have changed."""

from __future__ import annotations

from datetime import datetime

from huiyin.engine.draft import Draft
from huiyin.engine.procedure import LevelRule


def update(draft: Draft, at: datetime, *, new: bool) -> None:
    """Set the level, and the owner where nobody chose one by hand or the level is a new one."""
    level = _level(draft)
    changed = level is not None and level.code != draft.level
    if level is not None and changed:
        draft.level = level.code
        draft.stale()
        draft.emit(at, "level_set", level.clause, {"level": level.code})
        if level.owner is not None:
            draft.set_owner(at, level.owner, level.clause)
            return
    if level is not None and level.owner is not None and draft.owner is not None:
        return
    if not draft.assigned:
        _owner(draft, at, new=new)


def _level(draft: Draft) -> LevelRule | None:
    judged = draft.facts.get("judged_level")
    for rule in draft.rules.levels:
        if rule.code == judged if judged is not None else rule.applies(draft.view):
            return rule
    return None


def _owner(draft: Draft, at: datetime, *, new: bool) -> None:
    for rule in draft.rules.owners:
        if rule.applies(draft.view):
            draft.set_owner(at, rule.post, rule.clause)
            return
    category = draft.procedure.category_owner.get(draft.facts.get("category", ""))
    if category is not None:
        draft.set_owner(at, category, draft.rules.cites["owner"])
    elif new:
        draft.set_owner(at, draft.rules.owner, draft.rules.cites["owner"])
