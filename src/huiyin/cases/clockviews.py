"""The clocks of a case as a person reads them: time left, how far gone, and how it was computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.explaining import explained
from huiyin.cases.models import Case
from huiyin.cases.names import Names
from huiyin.core import clock as time_source
from huiyin.engine import Clock, Standing
from huiyin.procedures.selectors import Rules

ICONS = {"paused": "clock-pause", "met": "clock-check", "late": "alert-triangle", "void": "clock-off"}


@dataclass(frozen=True, slots=True)
class ClockView:
    """`share` is how much of the time has gone, 0 to 100."""

    title: str
    about: str
    clause: str
    running: bool
    due: datetime
    warn_at: datetime | None
    share: int
    bar_label: str
    tone: str
    icon: str
    outcome: str
    asked: bool
    breached: bool
    estimated: bool
    explained: list[str] = field(default_factory=list)


def clock_views(case: Case, rules: Rules, names: Names) -> tuple[list[ClockView], list[ClockView]]:
    """Those that run or pause, soonest first; and those that stopped, latest first.

    A slip's clocks stand with the slip.
    """
    now = time_source.now()
    clocks = [one for one in Standing.from_dict(case.standing).clocks if not one.name.startswith("slip_")]
    live = sorted((one for one in clocks if one.live), key=lambda one: one.due)
    past = [one for one in clocks if not one.live]
    past.sort(key=lambda one: one.stopped or one.due, reverse=True)
    return (
        [_view(one, rules, names, now, explained(one, rules)) for one in live],
        [_view(one, rules, names, now, []) for one in past],
    )


def _view(one: Clock, rules: Rules, names: Names, now: datetime, lines: list[str]) -> ClockView:
    share = _share(one, now)
    late = now > one.due
    soon = one.warn_at is not None and now >= one.warn_at
    return ClockView(
        title=names.clock(one.name),
        about=_about(one, names),
        clause=one.clause,
        running=one.state == "running",
        due=one.due,
        warn_at=one.warn_at,
        share=share,
        bar_label=_("时间已用去 %(share)d%%") % {"share": share},
        tone=("late" if late else "soon" if soon else "calm") if one.live else one.state,
        icon=ICONS.get(one.state, "clock"),
        outcome=labels.label(labels.CLOCK_STATES, one.state),
        asked=one.asked,
        breached=one.breached,
        estimated=_still_estimated(one, rules),
        explained=lines,
    )


def _still_estimated(one: Clock, rules: Rules) -> bool:
    """A year that was announced since is estimated no longer, though what was told stays."""
    first, last = (rules.calendar.local(at).date() for at in (one.started, one.due))
    return one.estimated and bool(rules.calendar.estimated_between(first, last))


def _about(one: Clock, names: Names) -> str:
    if one.name == "promise":
        return names.promised(one.key)
    return one.key


def _share(one: Clock, now: datetime) -> int:
    total = (one.due - one.started).total_seconds()
    if total <= 0 or now >= one.due:
        return 100
    return max(0, round((now - one.started).total_seconds() / total * 100))
