"""The next steps of a case as a person sees them: in the order of need, refused ones with what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.cases.labels import event_label
from huiyin.cases.models import Case
from huiyin.cases.reach import may, posts_for
from huiyin.cases.wording import missing_sentence, reason_sentence
from huiyin.core import clock
from huiyin.engine import OpenStep, Standing, open_steps
from huiyin.engine.vocabulary import CAPABILITY_OF
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.selectors import Rules, rules_of


@dataclass(frozen=True, slots=True)
class StepView:
    """One step. `missing` are sentences; `clause` is the id to show as a chip."""

    event: str
    label: str
    allowed: bool
    needed: bool
    missing: tuple[str, ...] = ()
    reason: str = ""
    clause: str = ""
    fields: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    due: datetime | None = None
    post: str = ""


def steps_for(actor: Actor, case: Case) -> tuple[StepView, ...]:
    """All steps the actor's posts come near to: needed first, then allowed, then refused.

    Where the actor holds several posts, a step counts as allowed if one of them may take it.
    """
    rules = rules_of(case.edition)
    standing = Standing.from_dict(case.standing)
    posts: list[str | None] = [held.post for held in posts_for(actor, case)] or [None]
    best: dict[str, StepView] = {}
    for post in posts:
        for step in _open(actor, standing, rules, post):
            view = _view(step, post or "", rules)
            if step.event not in best or (view.allowed and not best[step.event].allowed):
                best[step.event] = view
    shown = [
        view for view in best.values() if may(actor, CAPABILITY_OF.get(view.event, Capability.HANDLE), case)
    ]
    return tuple(sorted(shown, key=lambda view: (not view.needed, not view.allowed)))


def _open(actor: Actor, standing: Standing, rules: Rules, post: str | None) -> tuple[OpenStep, ...]:
    reference = None if actor.system else actor.reference
    return open_steps(
        standing, rules.procedure, rules.calendar, clock.now(), actor=reference, post=post, facts={}
    )


def _view(step: OpenStep, post: str, rules: Rules) -> StepView:
    return StepView(
        event=step.event,
        label=event_label(step.event),
        allowed=step.allowed,
        needed=step.needed,
        missing=tuple(missing_sentence(code, step.params, rules) for code in step.missing),
        reason=reason_sentence(step.reason, step.params, rules) if step.reason else "",
        clause=step.clause or "",
        fields=step.fields,
        params=step.params,
        due=step.due,
        post=post,
    )
