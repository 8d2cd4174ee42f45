"""Which effects tell whom. Rules name posts; whoever holds them at this hour is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huiyin.cases.hooks import handle_effects, project_events
from huiyin.cases.models import Case, CaseEvent
from huiyin.engine import Effect
from huiyin.notify.services import Matter, tell, tell_post, tell_robots
from huiyin.organization.actors import Actor


def _matter(case: Case, effect: Effect) -> Matter:
    line = effect.to_dict()
    params = {key: value for key, value in line.items() if key not in ("at", "case", "effect", "clause")}
    about = ":".join(str(params.get(name, "")) for name in ("clock", "key", "due", "to_post", "post", "what"))
    key = f"{case.pk}:{effect.effect}:{effect.at.isoformat()}:{about}"
    return Matter(key=key[:190], what=effect.effect, at=effect.at, params=params, clause=effect.clause or "")


def _tell_owner(case: Case, matter: Matter) -> None:
    """Whoever works on it: the handler, otherwise the post that owns it."""
    if case.handler is not None and case.handler.is_active:
        tell(case=case, matter=matter, people=[case.handler], post=case.owner_post)
    elif case.owner_post:
        tell_post(case=case, matter=matter, post=case.owner_post)


def _warned(case: Case, effect: Effect) -> None:
    _tell_owner(case, _matter(case, effect))


def _breached(case: Case, effect: Effect) -> None:
    matter = _matter(case, effect)
    _tell_owner(case, matter)
    tell_robots(case=case, matter=matter)


def _escalated(case: Case, effect: Effect) -> None:
    matter = _matter(case, effect)
    tell_post(case=case, matter=matter, post=str(effect.data["to_post"]))
    tell_robots(case=case, matter=matter)


def _notified(case: Case, effect: Effect) -> None:
    matter = _matter(case, effect)
    told = Matter(
        key=matter.key,
        what=str(effect.data.get("what", "notified")),
        at=matter.at,
        params=matter.params,
        clause=matter.clause,
    )
    tell_post(case=case, matter=told, post=str(effect.data["post"]))


def _approval(case: Case, effect: Effect) -> None:
    tell_post(case=case, matter=_matter(case, effect), post=str(effect.data["post"]))


def _reopened(case: Case, effect: Effect) -> None:
    _tell_owner(case, _matter(case, effect))


_TELLERS: dict[str, Callable[[Case, Effect], None]] = {
    "warned": _warned,
    "breached": _breached,
    "escalated": _escalated,
    "notified": _notified,
    "approval_required": _approval,
    "reopened": _reopened,
}


@handle_effects
def tell_of_effects(case: Case, effects: Sequence[Effect], actor: Actor) -> None:
    """Turn a batch of effects into notifications, in the case's transaction."""
    for effect in effects:
        if teller := _TELLERS.get(effect.effect):
            teller(case, effect)


@project_events
def tell_of_events(case: Case, event: CaseEvent) -> None:
    """Who is given a case, or whose customer asks again, is told; not of his own act, nor of history."""
    if event.name not in ("assigned", "chased", "registered") or event.data.get("historic") or case.historic:
        return
    matter = Matter(key=f"{case.pk}:{event.name}:{event.pk}", what=event.name, at=event.at)
    if case.handler is not None:
        people = [] if case.handler_id == event.person_id else [case.handler]
        tell(case=case, matter=matter, people=people, post=case.assigned_post or case.owner_post)
    elif post := case.assigned_post or case.owner_post:
        tell_post(case=case, matter=matter, post=post)
