"""What a pack says that can run and yet makes no sense: clocks that never stop, rules nobody reaches.

`problems_of` finds what keeps a pack from running; these are questions for its author, never errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.engine.compile import prepared
from huiyin.engine.conditions import compile_test
from huiyin.engine.contradictions import contradictions
from huiyin.engine.overlap import Values, covers
from huiyin.engine.schema import Pack, Problem, rules
from huiyin.engine.schema.pack import known_facts, posts_named
from huiyin.engine.vocabulary import CAPABILITY_OF, COMMON_FIELDS, EVENTS, STOPS_NOTHING

PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of several rules of which the first that matches wins. `group` tells which ones compete."""

    table: str
    label: str
    group: str
    when: Mapping[str, Any]


def doubts(pack: Pack) -> list[Problem]:
    """Everything worth a look, in the order of the pack's tables."""
    values = known_facts(pack)
    return [
        *_never_stops(pack, values),
        *_shadowed(pack, values),
        *_ownerless(pack),
        *_unreached(pack),
        *_powerless(pack),
        *contradictions(pack, values),
    ]


def _doubt(code: str, table: str, key: str, **params: Any) -> Problem:
    return Problem(code, table, key, params, severity="warning")


# ------------------------------------------------------------ clocks that never stop


def _never_stops(pack: Pack, values: Values) -> Iterator[Problem]:
    for clock in pack.clock:
        if clock.name == PROMISE and not clock.until:
            continue
        ends = rules.matching(clock.until)
        if not any(_possible(pack, clock, event, match, values) for event, match in ends.items()):
            yield _doubt("never_stops", "clock", clock.name, name=clock.title or clock.name)


def _possible(pack: Pack, clock: rules.Clock, event: str, match: Mapping[str, Any], values: Values) -> bool:
    """Whether the event can come, by somebody who may, with what the clock waits for."""
    if event in STOPS_NOTHING or not _somebody_may(pack, event):
        return False
    fields = carried(pack, event)
    for name, wanted in match.items():
        if name not in fields:
            return False
        allowed = fields[name]
        if isinstance(allowed, tuple) and not any(map(compile_test(wanted), allowed)):
            return False
    return not any(
        gate.forbid and event in gate.step and not gate.given and covers(gate.when, clock.when, values)
        for gate in pack.gate
    )


def _somebody_may(pack: Pack, event: str) -> bool:
    able = {capability for post in pack.post for capability in post.may}
    return not able or CAPABILITY_OF[event] in able


def carried(pack: Pack, event: str) -> dict[str, Any]:
    """The fields an event may carry in this pack, each with its type or values."""
    fields: dict[str, Any] = {**COMMON_FIELDS, **EVENTS[event]}
    for fact in pack.fact:
        if not fact.events or event in fact.events:
            old = fields.get(fact.name)
            both = (*(old if isinstance(old, tuple) else ()), *fact.values)
            fields[fact.name] = both or fact.type
    return fields


# ------------------------------------------------------------ rules that never win


def _shadowed(pack: Pack, values: Values) -> Iterator[Problem]:
    seen: dict[str, list[Alternative]] = {}
    for one in _alternatives(pack):
        before = seen.setdefault(one.group, [])
        first = next((other for other in before if covers(other.when, one.when, values)), None)
        if first is not None:
            yield _doubt("shadowed", one.table, one.label, name=one.label, first=first.label)
        before.append(one)


def _alternatives(pack: Pack) -> Iterator[Alternative]:
    places: dict[str, int] = {}
    for clock in pack.clock:
        places[clock.name] = places.get(clock.name, 0) + 1
        label = f"{clock.name}（{places[clock.name]}）" if _several(pack, clock.name) else clock.name
        yield Alternative("clock", label, f"clock {clock.name}", _when(pack, clock.when))
    for number, visit in enumerate(pack.followup, 1):
        if visit.within is not None and visit.period is None:
            yield Alternative("followup", str(number), "clock follow_up", _when(pack, visit.when))
    for level in pack.level:
        for kind in [level.kind] if isinstance(level.kind, str) else level.kind:
            for criteria in level.any_of or [{}]:
                when = {**level.when, **criteria}
                yield Alternative("level", level.code, f"level {kind}", _when(pack, when))
    for number, owner in enumerate(pack.owner, 1):
        yield Alternative("owner", str(number), "owner", _when(pack, owner.when))


def _several(pack: Pack, name: str) -> bool:
    return sum(clock.name == name for clock in pack.clock) > 1


def _when(pack: Pack, when: Mapping[str, Any]) -> dict[str, Any]:
    kind = {"kind": when["kind"]} if "kind" in when else {}
    return kind | prepared(pack, when)


# ------------------------------------------------------------ posts and owners


def _ownerless(pack: Pack) -> Iterator[Problem]:
    """Cases that would belong to nobody: of a level, or of a kind without levels."""
    for kind in pack.kind:
        by_rule = any(_takes(rule.when, kind.code) for rule in pack.owner)
        by_category = any(one.owner for one in pack.category)
        if kind.owner or by_rule or by_category:
            continue
        levels = [one for one in pack.level if kind.code in _many(one.kind)]
        for level in levels:
            if level.owner is None:
                yield _doubt("level_no_owner", "level", level.code, level=level.title, kind=kind.title)
        if not levels:
            yield _doubt("kind_no_owner", "kind", kind.code, kind=kind.title)


def _takes(when: Mapping[str, Any], kind: str) -> bool:
    return "kind" not in when or compile_test(when["kind"])(kind)


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _unreached(pack: Pack) -> Iterator[Problem]:
    """Posts that may do nothing, that no rule names, and to which no escalation climbs."""
    reached = {post for table, post in posts_named(pack) if table != "post"}
    above = {post.code: post.reports_to for post in pack.post}
    for code in list(reached):
        at = above.get(code)
        while at is not None and at not in reached:
            reached.add(at)
            at = above.get(at)
    for post in pack.post:
        if post.code not in reached and not post.may:
            yield _doubt("unreached_post", "post", post.code, post=post.title)


def _powerless(pack: Pack) -> Iterator[Problem]:
    """Posts that are given something to do which the application does not let them do."""
    may = {post.code: set(post.may) for post in pack.post}
    titles = {post.code: post.title for post in pack.post}
    told: set[tuple[str, str]] = set()
    for table, label, post, capability in _tasks(pack):
        if post in may and capability not in may[post] and (post, capability) not in told:
            told.add((post, capability))
            yield _doubt("powerless", table, label, post=titles[post], may=capability)


def _tasks(pack: Pack) -> Iterator[tuple[str, str, str, str]]:
    for authority in pack.authority:
        yield "authority", authority.what, authority.above, "approve"
    for approval in pack.approval:
        yield "approval", approval.what, approval.post, "approve"
    for assessment in pack.assessment:
        yield "assessment", assessment.name, assessment.by, "approve"
    for number, gate in enumerate(pack.gate, 1):
        if gate.exception is not None:
            for post in _many(gate.exception.approved_by):
                yield "gate", f"{number}.exception", post, "approve"
    for kind in pack.kind:
        yield "kind", kind.code, kind.owner or "", "handle"
    for level in pack.level:
        yield "level", level.code, level.owner or "", "handle"
    for number, visit in enumerate(pack.followup, 1):
        for post in visit.by:
            yield "followup", str(number), post, "follow_up"
