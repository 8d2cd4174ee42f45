"""Rules of a pack that cannot both be followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from huiyin.engine.overlap import Values, compatible, covers
from huiyin.engine.schema import Pack, Problem, rules


def contradictions(pack: Pack, values: Values) -> Iterator[Problem]:
    yield from _gates(pack, values)
    yield from _waiting_for_each_other(pack, values)
    yield from _forbidden_needs(pack, values)
    yield from _authorities(pack, values)
    yield from _numbers(pack)


def _doubt(code: str, table: str, key: str, **params: Any) -> Problem:
    return Problem(code, table, key, params, severity="warning")


def _numbered(pack: Pack) -> list[tuple[int, rules.Gate]]:
    return list(enumerate(pack.gate, 1))


def _both(one: rules.Gate, other: rules.Gate, values: Values) -> bool:
    """Whether one step of one case can meet both gates."""
    return compatible(one.when, other.when, values) and compatible(one.given, other.given, values)


def _gates(pack: Pack, values: Values) -> Iterator[Problem]:
    """Two gates before one step that no step can pass together."""
    for (first, one), (second, other) in combinations(_numbered(pack), 2):
        steps = set(one.step) & set(other.step)
        if not steps or not _both(one, other, values) or one.forbid or other.forbid:
            continue
        step = sorted(steps)[0]
        clauses = {"first": one.clause, "second": other.clause, "step": step}
        if one.posts and other.posts and not _common_post(pack, one.posts, other.posts):
            yield _doubt("gates_posts", "gate", f"{first}, {second}", **clauses)
        for name, wanted in one.facts.items():
            if name in other.facts and not compatible({name: wanted}, {name: other.facts[name]}, values):
                yield _doubt("gates_facts", "gate", f"{first}, {second}", fact=name, **clauses)


def _common_post(pack: Pack, one: list[str], other: list[str]) -> bool:
    """Owner and superior may be anybody."""
    if {"owner", "superior"} & {*one, *other}:
        return True
    stand_ins = {post.code: set(post.stand_ins) for post in pack.post}

    def able(posts: list[str]) -> set[str]:
        return {*posts, *(name for post in posts for name in stand_ins.get(post, ()))}

    return bool(able(one) & able(other))


def _waiting_for_each_other(pack: Pack, values: Values) -> Iterator[Problem]:
    """A step that waits for another which waits for the first."""
    waits = [
        (number, step, event, gate)
        for number, gate in _numbered(pack)
        if gate.exception is None
        for step in gate.step
        for event in gate.needs
        if not gate.given
    ]
    for (first, step, event, one), (second, other_step, other_event, other) in combinations(waits, 2):
        if step == other_event and event == other_step and step != event and _both(one, other, values):
            params = {"first": one.clause, "second": other.clause, "step": step, "event": event}
            yield _doubt("deadlock", "gate", f"{first}, {second}", **params)


def _forbidden_needs(pack: Pack, values: Values) -> Iterator[Problem]:
    """What is demanded and forbidden of the same case."""
    forbidden = [gate for gate in pack.gate if gate.forbid and not gate.given]
    for number, gate in _numbered(pack):
        for event in gate.needs:
            yield from _against(forbidden, event, gate.when, ("gate", str(number), gate.clause), values)
    for requirement in pack.requirement:
        place = ("requirement", requirement.what, requirement.clause)
        yield from _against(forbidden, requirement.what, requirement.when, place, values)


def _against(
    forbidden: list[rules.Gate],
    event: str,
    when: Mapping[str, Any],
    place: tuple[str, str, str],
    values: Values,
) -> Iterator[Problem]:
    table, key, clause = place
    for gate in forbidden:
        if event in gate.step and covers(gate.when, when, values):
            yield _doubt("demanded_forbidden", table, key, event=event, first=clause, second=gate.clause)


def _authorities(pack: Pack, values: Values) -> Iterator[Problem]:
    """Two limits for one decision of one post."""
    for one, other in combinations(pack.authority, 2):
        if (one.what, one.post) != (other.what, other.post) or one.up_to == other.up_to:
            continue
        if covers(one.when, other.when, values) and covers(other.when, one.when, values):
            amounts = {"one": f"{one.up_to:f}", "other": f"{other.up_to:f}"}
            yield _doubt(
                "authorities", "authority", one.what, first=one.clause, second=other.clause, **amounts
            )


def _numbers(pack: Pack) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for rule in pack.number:
        for what in rule.of:
            if what in seen:
                yield _doubt("two_numbers", "number", rule.name, what=what, first=seen[what])
            seen.setdefault(what, rule.name)
