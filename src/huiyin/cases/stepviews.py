"""The steps of a case in the order a person wants them: one large, the usual ones, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.names import Names
from huiyin.cases.sections import step_page
from huiyin.cases.steps import StepView, steps_for
from huiyin.cases.timeline import ICONS
from huiyin.cases.wording import required_sentence
from huiyin.core import clock
from huiyin.engine import Standing
from huiyin.engine.vocabulary import EVENTS
from huiyin.organization.actors import Actor

# What everybody does every day; whatever else is allowed is folded away until it is needed.
USUAL = (
    "admitted",
    "judged",
    "assigned",
    "accepted",
    "contacted",
    "promised",
    "answered",
    "completed",
    "confirmed",
    "followed_up",
    "closed",
    "chased",
    "noted",
    "escalated",
    "slip_issued",
)
RARE = (
    "forwarded",
    "amended",
    "linked",
    "unlinked",
    "compensated",
    "approved",
    "declined",
    "assessed",
    "acknowledged",
    "appealed",
    "paused",
    "resumed",
    "signed",
    "returned",
    "withdrawn",
    "reopened",
    "voided",
)
# Refused, these are worth a line that says why; the others are simply not there.
EXPLAINED = ("judged", "assigned", "answered", "completed", "followed_up", "closed")
# Steps that go on: never the large button, unless the procedure wants them.
SIDE = frozenset({"noted", "chased", "escalated", "slip_issued", "promised", "contacted", "confirmed", *RARE})
# What ends a stage: a step that the procedure demands before it is the next one.
ENDING = frozenset({"answered", "completed", "followed_up", "closed"})
# In the order of the usual way: behind a state, a step may be taken again but is no longer the next one.
WAY = ("admitted", "assigned", "accepted", "answered", "completed")


@dataclass(frozen=True, slots=True)
class ShownStep:
    event: str
    label: str
    icon: str
    url: str
    clause: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    text: str
    clause: str


@dataclass(slots=True)
class Steps:
    primary: ShownStep | None = None
    usual: list[ShownStep] = field(default_factory=list)
    rare: list[ShownStep] = field(default_factory=list)
    blocked: list[ShownStep] = field(default_factory=list)
    required: list[Need] = field(default_factory=list)


def steps_of(actor: Actor, case: Case, names: Names) -> Steps:
    """The steps of this case for this actor."""
    views = {view.event: view for view in steps_for(actor, case)}
    allowed = [view for view in views.values() if view.allowed and view.event in (*USUAL, *RARE)]
    found = Steps(required=_required(case, names, {view.event for view in allowed}))
    first = _first(case, allowed)
    if first is not None:
        found.primary = _shown(case, first)
    for event in USUAL:
        view = views.get(event)
        if view is not None and view.allowed and view is not first:
            found.usual.append(_shown(case, view))
    for event in RARE:
        view = views.get(event)
        if view is not None and view.allowed and view is not first and _makes_sense(case, event):
            (found.usual if view.needed else found.rare).append(_shown(case, view))
    if case.open:
        found.blocked = [_shown(case, views[event]) for event in EXPLAINED if _is_blocked(views.get(event))]
    return found


def _first(case: Case, allowed: Iterable[StepView]) -> StepView | None:
    """What the procedure wants next; otherwise the next of the usual way."""
    listed = list(allowed)
    needed = [view for view in listed if view.needed]
    if needed:
        return _demanded(case, needed) or needed[0]
    behind = {*WAY[: WAY.index(case.state) + 1]} if case.state in WAY else set()
    if case.validity:
        behind.add("judged")
    if case.follow_up_outcome in ("satisfied", "fairly_satisfied"):
        behind.add("followed_up")
    forward = [view for view in listed if view.event not in SIDE | behind]
    order = {event: place for place, event in enumerate(USUAL)}
    return min(forward, key=lambda view: order[view.event], default=None)


def _demanded(case: Case, needed: list[StepView]) -> StepView | None:
    """A judgement comes before the answer that a clock waits for, unless that clock has run out."""
    first = needed[0]
    if first.event not in ENDING or first.due is None or first.due <= clock.now():
        return None
    demands = {one.what for one in Standing.from_dict(case.standing).required}
    return next((view for view in needed if view.event in demands), None)


def _is_blocked(view: StepView | None) -> bool:
    return view is not None and not view.allowed


def _makes_sense(case: Case, event: str) -> bool:
    """The engine allows these whenever a case is open; without their object they would be empty forms."""
    if event == "unlinked":
        return case.links.exists()
    if event == "resumed":
        return bool(case.standing.get("paused_at"))
    if event == "declined":
        return bool(case.standing.get("approvals"))
    return True


def _required(case: Case, names: Names, allowed: set[str]) -> list[Need]:
    """What the procedure demands; what this actor may not do himself says so."""
    standing = Standing.from_dict(case.standing)
    if not standing.open:
        return []
    needs = []
    for one in standing.required:
        text = required_sentence(one.what, names.rules)
        if one.what in EVENTS and one.what not in allowed:
            text = _("%(need)s（由其他岗位办）") % {"need": text}
        needs.append(Need(text, one.clause))
    return list({need.text: need for need in needs}.values())


def _shown(case: Case, view: StepView) -> ShownStep:
    return ShownStep(
        event=view.event,
        label=view.label,
        icon=step_icon(view.event),
        url=step_url(case, view.event),
        clause=view.clause,
        missing=view.missing or ((view.reason,) if view.reason else ()),
    )


def step_icon(event: str) -> str:
    return "transfer" if event.startswith("slip") else ICONS.get(event, "check")


def step_url(case: Case, event: str) -> str:
    other = step_page(event)
    return reverse(other, args=[case.number]) if other else reverse("cases:step", args=[case.number, event])
