"""From a pack as written to a procedure that runs. Everything that can be decided once is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from huiyin.engine.calendar import parse_windows
from huiyin.engine.compile_clocks import clock_rules, slots_of
from huiyin.engine.compile_people import approvals_of, assessments_of, turns_of
from huiyin.engine.conditions import Condition, always, compile_condition, compile_test, with_descendants
from huiyin.engine.errors import EngineError
from huiyin.engine.posts import Post, Posts
from huiyin.engine.procedure import (
    ApprovalRule,
    Authority,
    ClockRule,
    Escalation,
    Excuse,
    Gate,
    KindRules,
    LevelRule,
    Need,
    OwnerRule,
    Procedure,
    Requirement,
    SlipRule,
)
from huiyin.engine.schema import Pack, frame, problems_of, rules
from huiyin.engine.schema.base import OF_NEEDS
from huiyin.engine.vocabulary import CHANNELS, COMMON_FIELDS, EVENTS, FieldType

CITED = ("number", "level", "owner", "closed", "reopened", "promise", "appeal", "approval", "slip", "pause")


def compile_pack(pack: Pack) -> Procedure:
    """Raises EngineError where the pack's tables do not agree with one another."""
    errors = [problem for problem in problems_of(pack) if problem.severity == "error"]
    if errors:
        first = errors[0]
        raise EngineError(
            f"{first.table}: {first.key}: {first.code}",
            code=first.code,
            problems=errors,
            **dict(first.params),
        )
    clocks = tuple(clock_rules(pack))
    return Procedure(
        code=pack.procedure.code,
        edition=pack.procedure.edition,
        zone=pack.procedure.timezone,
        working_hours=parse_windows(pack.service_hours.working_days),
        rest_hours=parse_windows(pack.service_hours.rest_days),
        posts=Posts({post.code: _post(post) for post in pack.post}),
        kinds={kind.code: _kind(pack, kind, clocks) for kind in pack.kind},
        clocks=clocks,
        slips=_slips(pack),
        channel_via={channel.code: channel.via for channel in pack.channel if channel.via},
        category_owner={row.code: row.owner for row in pack.category if row.owner},
        fields={name: _fields(pack, name) for name in EVENTS},
        levels=frozenset(level.code for level in pack.level),
        own_facts=frozenset(fact.name for fact in pack.fact) - set(COMMON_FIELDS),
        pack=pack,
    )


def _slips(pack: Pack) -> dict[str, SlipRule]:
    """By code, and by the title that stands on the form, with or without its title marks."""
    found: dict[str, SlipRule] = {}
    for slip in pack.slip:
        rule = SlipRule(slip.code, slip.clause, tuple(slip.from_posts), slip.direction)
        found |= dict.fromkeys((slip.title, f"《{slip.title}》", slip.code), rule)
    return found


def _post(post: frame.Post) -> Post:
    return Post(
        post.code,
        post.title,
        post.reports_to,
        tuple(post.stand_ins),
        frozenset(post.may),
        post.scope,
        post.clause,
    )


def _fields(pack: Pack, event: str) -> Mapping[str, FieldType]:
    """The fields an event may carry in this pack, values of the pack filled in."""
    result: dict[str, FieldType] = {**COMMON_FIELDS, **EVENTS[event]}
    if event == "paused":
        result["reason"] = "code"
    for fact in pack.fact:
        if fact.events and event not in fact.events:
            continue
        if not fact.events and fact.name in {"what", "by", "to", "outcome"}:
            continue
        old = result.get(fact.name)
        values = (*(old if isinstance(old, tuple) else ()), *fact.values)
        result[fact.name] = values or fact.type
    for name, kind in result.items():
        if kind == "kind":
            result[name] = tuple(row.code for row in pack.kind)
        elif kind == "level":
            result[name] = tuple(row.code for row in pack.level)
        elif kind == "post":
            result[name] = tuple(row.code for row in pack.post)
        elif name == "form" and pack.slip:
            result[name] = tuple(_slips(pack))
        elif name == "channel":
            result[name] = (*CHANNELS, *(row.code for row in pack.channel))
        elif name == "category" and pack.category:
            result[name] = tuple(row.code for row in pack.category)
    return result


def concerns(when: Mapping[str, Any], kind: str) -> bool:
    """Whether a rule can apply to cases of this kind at all."""
    return "kind" not in when or compile_test(when["kind"])(kind)


def condition_of(pack: Pack, when: Mapping[str, Any]) -> Condition:
    """The test of a matching table; a category also means those below it. The kind is decided elsewhere."""
    return compile_condition(prepared(pack, when))


def prepared(pack: Pack, when: Mapping[str, Any]) -> dict[str, Any]:
    """A matching table without its kind, categories widened to their descendants."""
    table = {name: wanted for name, wanted in when.items() if name != "kind"}
    if "category" in table:
        children: dict[str, list[str]] = {}
        for category in pack.category:
            if category.parent:
                children.setdefault(category.parent, []).append(category.code)
        table["category"] = with_descendants(table["category"], children)
    return table


def _kind(pack: Pack, kind: frame.Kind, clocks: tuple[ClockRule, ...]) -> KindRules:
    requirements = tuple(_requirements(pack, kind.code))
    approvals = approvals_of(pack, kind.code)
    assessments = assessments_of(pack, kind.code)
    cites = dict.fromkeys(CITED, kind.clause) | dict(pack.cites) | dict(kind.cites)
    return KindRules(
        code=kind.code,
        clause=kind.clause,
        owner=kind.owner,
        judged=kind.judged,
        cites=cites,
        levels=tuple(
            LevelRule(level.code, level.clause, _criteria(pack, level), level.owner)
            for level in pack.level
            if kind.code in ([level.kind] if isinstance(level.kind, str) else level.kind)
        ),
        owners=tuple(
            OwnerRule(o.clause, condition_of(pack, o.when), o.post)
            for o in pack.owner
            if concerns(o.when, kind.code)
        ),
        slots=slots_of(pack, kind.code, clocks),
        gates=by_event(
            [
                *((gate.step, _gate(pack, gate)) for gate in _gates(pack, kind.code)),
                *((list(rule.before), _approval_gate(rule)) for rule in approvals),
            ]
        ),
        authorities=by_event(
            (
                [a.what],
                Authority(a.clause, a.what, condition_of(pack, a.when), a.post, a.up_to, a.above),
            )
            for a in pack.authority
            if concerns(a.when, kind.code)
        ),
        escalations=by_event(
            (e.on, _escalation(pack, e)) for e in pack.escalation if concerns(e.when, kind.code)
        ),
        requirements=requirements,
        reads=_reads(pack),
        demanded=frozenset(name for rule in requirements for name in (*rule.starts, *rule.until))
        | {*assessments, "assessed"},
        approvals=approvals,
        assessments=assessments,
        turns=turns_of(pack, kind.code),
    )


def _reads(pack: Pack) -> frozenset[str]:
    tables = (pack.clock, pack.level, pack.owner, pack.requirement, pack.followup, pack.approval)
    whens = [row.when for table in tables for row in table]
    whens += [criteria for level in pack.level for criteria in level.any_of]
    return frozenset(name for when in whens for name in when)


def by_event(rows: Iterable[tuple[str | list[str], Any]]) -> dict[str, tuple[Any, ...]]:
    result: dict[str, tuple[Any, ...]] = {}
    for events, rule in rows:
        for name in [events] if isinstance(events, str) else events:
            result[name] = (*result.get(name, ()), rule)
    return result


def _gates(pack: Pack, kind: str) -> Iterable[rules.Gate]:
    yield from (gate for gate in pack.gate if concerns(gate.when, kind))
    for rule in pack.followup:
        if (rule.by or rule.other_than) and concerns(rule.when, kind):
            yield rules.Gate(
                clause=rule.clause,
                step=["followed_up"],
                when=rule.when,
                posts=rule.by,
                other_than=rule.other_than,
            )


def _needs(table: Mapping[str, Any]) -> tuple[Need, ...]:
    found = []
    for event, wanted in table.items():
        match = {name: value for name, value in wanted.items() if name not in OF_NEEDS}
        posts = wanted.get("by_post", ())
        posts = (posts,) if isinstance(posts, str) else tuple(posts)
        found.append(
            Need(event, compile_condition(match), wanted.get("after"), wanted.get("count", 1), wanted, posts)
        )
    return tuple(found)


def _gate(pack: Pack, gate: rules.Gate) -> Gate:
    excuse = None
    if gate.exception is not None:
        by = gate.exception.approved_by
        excuse = Excuse((by,) if isinstance(by, str) else tuple(by), tuple(gate.exception.records))
    return Gate(
        clause=gate.clause,
        applies=condition_of(pack, gate.when),
        given=compile_condition(gate.given),
        has_given=bool(gate.given),
        needs=_needs(gate.needs),
        facts=tuple((name, compile_test(wanted)) for name, wanted in prepared(pack, gate.facts).items()),
        fields=tuple(gate.fields),
        posts=tuple(gate.posts),
        other_than=tuple(gate.other_than),
        slips=gate.slips,
        forbid=gate.forbid,
        excuse=excuse,
    )


def _approval_gate(rule: ApprovalRule) -> Gate:
    """The steps that wait for an approval."""
    return Gate(
        clause=rule.clause,
        applies=rule.applies,
        given=always,
        has_given=False,
        needs=(),
        facts=(),
        fields=(),
        posts=(),
        other_than=(),
        slips=None,
        forbid=False,
        excuse=None,
        approval=rule,
    )


def _criteria(pack: Pack, level: frame.Level) -> Condition:
    """`when`, and where there are any at least one of `any_of`."""
    applies = condition_of(pack, level.when)
    if not level.any_of:
        return applies
    tests = [condition_of(pack, one) for one in level.any_of]
    return lambda view: applies(view) and any(test(view) for test in tests)


def _escalation(pack: Pack, rule: rules.Escalation) -> Escalation:
    return Escalation(
        clause=rule.clause,
        applies=condition_of(pack, rule.when),
        given=compile_condition(rule.given),
        to=rule.to,
        owner=rule.owner,
        notify=tuple(rule.notify),
        action=rule.action,
        reason=rule.reason,
    )


def _requirements(pack: Pack, kind: str) -> Iterable[Requirement]:
    for row in pack.requirement:
        if concerns(row.when, kind):
            yield _requirement(pack, row.what, row.clause, row.when, row.start, rules.matching(row.until))
    for rule in pack.followup:
        if concerns(rule.when, kind) and rule.period is None:
            until = {"followed_up": {"outcome": rule.outcomes}}
            yield _requirement(pack, "followed_up", rule.clause, rule.when, rule.start, until)


def _requirement(
    pack: Pack,
    what: str,
    clause: str,
    when: Mapping[str, Any],
    start: str | list[str],
    until: Mapping[str, Mapping[str, Any]],
) -> Requirement:
    starts = frozenset([start] if isinstance(start, str) else start)
    tests = {event: compile_condition(match) for event, match in until.items()}
    params = until.get(what, {})
    return Requirement(what, clause, condition_of(pack, when), starts, tests, params)
