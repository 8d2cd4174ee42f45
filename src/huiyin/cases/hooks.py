"""Where later rooms join in: they register here and are called inside the case's transaction.

A projector sees each event once it is accepted; an effect handler sees each batch of effects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huiyin.cases.models import Case, CaseEvent
from huiyin.engine import Effect
from huiyin.organization.actors import Actor

Projector = Callable[[Case, CaseEvent], None]
# One whole history: each event with the case as it stood after it.
History = Sequence[tuple[Case, CaseEvent]]
HistoryProjector = Callable[[Sequence[History]], None]
EffectHandler = Callable[[Case, Sequence[Effect], Actor], None]

_projectors: list[Projector] = []
_histories: dict[Projector, HistoryProjector] = {}
_effect_handlers: list[EffectHandler] = []


def project_events(function: Projector) -> Projector:
    """Register a function that keeps rows of its own room in step with a case's events."""
    if function not in _projectors:
        _projectors.append(function)
    return function


def project_histories(instead_of: Projector, function: HistoryProjector) -> None:
    """Register what a projector does with whole histories of new cases, many at once.

    It must leave the same rows as the projector called with each event; without one the projector is called.
    """
    _histories[instead_of] = function


def handle_effects(function: EffectHandler) -> EffectHandler:
    """Register a function that acts on effects, such as telling people. Not called for imported history."""
    if function not in _effect_handlers:
        _effect_handlers.append(function)
    return function


def run_projectors(case: Case, event: CaseEvent) -> None:
    for function in _projectors:
        function(case, event)


def run_history_projectors(histories: Sequence[History]) -> None:
    for function in _projectors:
        if function in _histories:
            _histories[function](histories)
            continue
        for history in histories:
            for case, event in history:
                function(case, event)


def run_effect_handlers(case: Case, effects: Sequence[Effect], actor: Actor) -> None:
    for function in _effect_handlers:
        function(case, effects, actor)
