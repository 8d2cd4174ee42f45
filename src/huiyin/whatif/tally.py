"""What is counted when cases go through a draft, side by side with what happened. Plain data, adds up.

{"cases", "left_out", "unreadable",
 "clocks": {name: {same, earlier, later, new, gone, breaches_before, breaches_after, gained, lost}},
 "owners": {"before>after": cases}, "levels": {"before>after": cases}, "refused": {clause: steps},
 "approvals": {post: [before, after]}, "load": {post: {day: [before, after]}},
 "lists": {figure: [case keys, at most LISTED]}}
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from huiyin.whatif.outcome import Outcome, Run

LISTED = 200
Tally = dict[str, Any]
_FIGURES = (
    "same", "earlier", "later", "new", "gone", "breaches_before", "breaches_after", "gained", "lost",
)  # fmt: skip


def empty() -> Tally:
    return {
        "cases": 0,
        "left_out": 0,
        "unreadable": 0,
        "clocks": {},
        "owners": {},
        "levels": {},
        "refused": {},
        "approvals": {},
        "load": {},
        "lists": {},
    }


def merge(into: Tally, more: Tally) -> None:
    """Add one tally to another."""
    for name in ("cases", "left_out", "unreadable"):
        into[name] += more[name]
    for name in ("owners", "levels", "refused"):
        for key, count in more[name].items():
            into[name][key] = into[name].get(key, 0) + count
    for clock, figures in more["clocks"].items():
        mine = into["clocks"].setdefault(clock, dict.fromkeys(_FIGURES, 0))
        for key, count in figures.items():
            mine[key] += count
    for post, pair in more["approvals"].items():
        _add(into["approvals"].setdefault(post, [0, 0]), pair)
    for post, days in more["load"].items():
        known = into["load"].setdefault(post, {})
        for day, pair in days.items():
            _add(known.setdefault(day, [0, 0]), pair)
    for figure, keys in more["lists"].items():
        listed = into["lists"].setdefault(figure, [])
        listed += keys[: LISTED - len(listed)]


def _add(mine: list[int], more: list[int]) -> None:
    mine[0] += more[0]
    mine[1] += more[1]


def count(tally: Tally, case: int, before: Outcome, after: Outcome, zone: tzinfo) -> None:
    """Compare one case's two outcomes."""
    tally["cases"] += 1
    for key in before.runs | after.runs:
        pairs = _pairs(before.runs.get(key, []), after.runs.get(key, []))
        for old, new in pairs:
            _clock(tally, case, key[0], old, new)
    _moved(tally, case, "owners", before.owner, after.owner)
    _moved(tally, case, "levels", before.level, after.level)
    for clause in after.refused:
        tally["refused"][clause] = tally["refused"].get(clause, 0) + 1
        _list(tally, f"refused {clause}", case)
    for side, outcome in enumerate((before, after)):
        for post in outcome.approvals:
            tally["approvals"].setdefault(post, [0, 0])[side] += 1
            if side:
                _list(tally, f"approvals {post}", case)
        _load(tally, side, outcome, zone)


def _pairs(before: list[Run], after: list[Run]) -> list[tuple[Run | None, Run | None]]:
    """The first run with the first, the second with the second."""
    length = max(len(before), len(after))
    padded = [*before, *[None] * (length - len(before))], [*after, *[None] * (length - len(after))]
    return list(zip(*padded, strict=True))


def _clock(tally: Tally, case: int, name: str, old: Run | None, new: Run | None) -> None:
    figures = tally["clocks"].setdefault(name, dict.fromkeys(_FIGURES, 0))
    if old is None or new is None:
        moved = "new" if old is None else "gone"
    else:
        moved = "same" if new.due == old.due else "earlier" if new.due < old.due else "later"
    figures[moved] += 1
    breached = bool(old and old.breached), bool(new and new.breached)
    figures["breaches_before"] += breached[0]
    figures["breaches_after"] += breached[1]
    changes = {(False, True): "gained", (True, False): "lost"}
    changed = changes.get(breached)
    for figure in (moved if moved != "same" else None, changed):
        if figure is not None:
            _list(tally, f"{figure} {name}", case)
    if changed is not None:
        figures[changed] += 1


def _moved(tally: Tally, case: int, what: str, before: str, after: str) -> None:
    if before != after:
        key = f"{before}>{after}"
        tally[what][key] = tally[what].get(key, 0) + 1
        _list(tally, f"{what} {key}", case)


def _list(tally: Tally, figure: str, case: int) -> None:
    listed = tally["lists"].setdefault(figure, [])
    if len(listed) < LISTED and (not listed or listed[-1] != case):
        listed.append(case)


def _load(tally: Tally, side: int, outcome: Outcome, zone: tzinfo) -> None:
    """What falls due on a post, by the day it is due."""
    if not outcome.owner:
        return
    days = tally["load"].setdefault(outcome.owner, {})
    for runs in outcome.runs.values():
        for run in runs:
            days.setdefault(_day(run.due, zone), [0, 0])[side] += 1


def _day(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).date().isoformat()
