"""Which effects tell whom. Rules name posts; whoever holds them at this hour is told.

Nobody is told of what he did himself, and nobody twice of one matter: a breach, its escalation and its
notices share a key. Ordinary new cases go to the post that owns them and are shown as one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from huiyin.cases.hooks import handle_effects, project_events
from huiyin.cases.models import Case, CaseEvent
from huiyin.engine import Effect
from huiyin.engine.vocabulary import EVENTS
from huiyin.notify.telling import (
    Matter,
    is_urgent,
    matter_key,
    settle,
    settle_new,
    tell,
    tell_post,
    tell_robots,
)
from huiyin.organization.actors import Actor
from huiyin.organization.models import Person

# What a notification keeps of an effect: codes and times, nothing a person may have typed.
KEPT = ("clock", "due", "to_post", "post", "amount", "action")


def _params(effect: Effect) -> dict[str, Any]:
    line = effect.to_dict()
    nested = line.get("params") or {}
    params = {
        name: line[name] if name in line else nested[name] for name in KEPT if name in {**nested, **line}
    }
    if line.get("what") in EVENTS:
        params["what"] = line["what"]
    return params


def _matter(case: Case, effect: Effect) -> Matter:
    params = _params(effect)
    what = effect.effect
    if what == "notified":
        named = str(effect.data.get("what", ""))
        what = named if named in EVENTS or named in ("warned", "breached") else "notified"
    return Matter(
        key=matter_key(case, effect.at.isoformat(), *_subject(effect, what)),
        what=what,
        at=effect.at,
        params=params,
        clause=effect.clause or "",
        to_know=effect.effect == "notified",
    )


def _subject(effect: Effect, what: str) -> tuple[object, ...]:
    """What the matter is about, the same for all effects of one occurrence."""
    clock = _clock_of(effect)
    if clock[0]:
        late = what == "breached" or effect.data.get("reason") == "breach"
        return ("late" if late else "soon", *clock)
    if what in ("reopened", "followed_up"):
        return ("dissatisfied",)
    return (what, effect.data.get("to_post"), effect.data.get("what"))


def _clock_of(effect: Effect) -> tuple[str, str]:
    """Name and key of the clock that an effect comes of; empty where it comes of none."""
    data = {**(effect.data.get("params") or {}), **effect.data}
    return str(data.get("clock") or ""), str(data.get("key") or "")


def _tell_owner(case: Case, matter: Matter, but: Person | None) -> None:
    """Whoever works on it: the handler, otherwise the post that owns it."""
    if case.handler is not None and case.handler.is_active:
        tell(case=case, matter=matter, people=[case.handler], post=case.owner_post, but=but)
    elif case.owner_post:
        tell_post(case=case, matter=matter, post=case.owner_post, but=but)


def _warned(case: Case, effect: Effect, but: Person | None) -> None:
    _tell_owner(case, _matter(case, effect), but)


def _breached(case: Case, effect: Effect, but: Person | None) -> None:
    matter = _matter(case, effect)
    _tell_owner(case, matter, but)
    tell_robots(case=case, matter=matter)


def _escalated(case: Case, effect: Effect, but: Person | None) -> None:
    matter = _matter(case, effect)
    tell_post(case=case, matter=matter, post=str(effect.data["to_post"]), but=but)
    tell_robots(case=case, matter=matter)


def _notified(case: Case, effect: Effect, but: Person | None) -> None:
    post = str(effect.data["post"])
    matter = _matter(case, effect)
    if effect.data.get("as") == "receiver" and case.first_receiver is not None:
        tell(case=case, matter=matter, people=[case.first_receiver], post=post, but=but)
        return
    if matter.what == "warned" and post == case.owner_post:
        return  # the owner is told of every warning
    tell_post(case=case, matter=matter, post=post, but=but)


def _to_post(case: Case, effect: Effect, but: Person | None) -> None:
    tell_post(case=case, matter=_matter(case, effect), post=str(effect.data["post"]), but=but)


def _to_owner(case: Case, effect: Effect, but: Person | None) -> None:
    if effect.data.get("action") == "assess":
        return  # the post that decides is told, and nobody else
    _tell_owner(case, _matter(case, effect), but)


def _stopped(case: Case, effect: Effect, but: Person | None) -> None:
    settle(case, clock_name=str(effect.data["clock"]))


def _closed(case: Case, effect: Effect, but: Person | None) -> None:
    settle(case)
    settle_new(case)


_TELLERS: dict[str, Callable[[Case, Effect, Person | None], None]] = {
    "warned": _warned,
    "breached": _breached,
    "escalated": _escalated,
    "notified": _notified,
    "approval_required": _to_post,
    "action_required": _to_owner,
    "reopened": _to_owner,
    "clock_stopped": _stopped,
    "closed": _closed,
}


@handle_effects
def tell_of_effects(case: Case, effects: Sequence[Effect], actor: Actor) -> None:
    """Turn a batch of effects into notifications, in the case's transaction.

    A server that was down brings a warning together with its breach: the warning is no news any more.
    """
    late = {_clock_of(effect) for effect in effects if effect.effect == "breached"}
    for effect in sorted(effects, key=lambda one: one.effect == "notified"):
        if "warned" in (effect.effect, effect.data.get("what")) and _clock_of(effect) in late:
            continue
        if teller := _TELLERS.get(effect.effect):
            teller(case, effect, actor.person)


@project_events
def tell_of_events(case: Case, event: CaseEvent) -> None:
    """Whose case it becomes, or whose customer asks again, is told; of history nobody."""
    if event.data.get("historic") or case.historic:
        return
    if event.name == "registered":
        _registered(case, event)
    elif event.name in ("assigned", "chased"):
        _for_handler(case, event)
    if event.name in ("assigned", "accepted") or not case.open:
        settle_new(case)
    if not case.open:
        settle(case)


def _of_event(case: Case, event: CaseEvent, **params: Any) -> Matter:
    return Matter(key=matter_key(case, event.name, event.pk), what=event.name, at=event.at, params=params)


def _registered(case: Case, event: CaseEvent) -> None:
    """The post that owns it. What the desk registered for itself is no news to the desk, unless urgent."""
    urgent = is_urgent(case)
    post = case.assigned_post or case.owner_post
    matter = _of_event(case, event, urgent=urgent)
    if post and (urgent or post != event.post):
        tell_post(case=case, matter=matter, post=post, but=event.person)
    if urgent:
        tell_robots(case=case, matter=matter)


def _for_handler(case: Case, event: CaseEvent) -> None:
    matter = _of_event(case, event)
    post = case.assigned_post or case.owner_post
    if case.handler is not None:
        tell(case=case, matter=matter, people=[case.handler], post=post, but=event.person)
    elif post:
        tell_post(case=case, matter=matter, post=post, but=event.person)
