"""Clock rules from the pack's clocks, follow-ups and slip forms, and the slots they share in a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from huiyin.engine import conditions
from huiyin.engine.durations import Duration, is_duration, parse_duration
from huiyin.engine.procedure import ClockRule, Consequence, Slot
from huiyin.engine.schema import rules

if TYPE_CHECKING:
    from huiyin.engine.schema import Pack

PROMISE = "promise"
KEYED = {PROMISE: "what", "slip_receive": "slip", "slip_reply": "slip", "slip_finish": "slip"}
_SLIP_ENDS = {
    "slip_receive": ("slip_received", "slip_answered", "slip_finished"),
    "slip_reply": ("slip_answered", "slip_finished"),
    "slip_finish": ("slip_finished",),
}
CONTACT_MADE = ("satisfied", "fairly_satisfied", "dissatisfied", "declined")


def clock_rules(pack: Pack) -> Iterator[ClockRule]:
    """Every clock rule of the pack, numbered: as written, then follow-ups, slips, and the promise."""
    for index, row in enumerate(_all_rows(pack)):
        yield _rule(pack, index, row)


def _all_rows(pack: Pack) -> Iterator[rules.Clock]:
    yield from pack.clock
    for rule in pack.followup:
        if rule.within is not None and rule.period is None:
            yield rules.Clock.model_validate(
                {
                    "name": "follow_up",
                    "clause": rule.clause,
                    "when": rule.when,
                    "from": rule.start,
                    "until": {"followed_up": {"outcome": list(CONTACT_MADE)}},
                    "limit": rule.within,
                    "warn": rule.warn,
                    "again": "restart",
                    "on_breach": rule.on_breach,
                }
            )
    yield from _slip_rows(pack)
    if not any(row.name == PROMISE for row in pack.clock):
        clause = pack.cites.get("promise", pack.kind[0].clause)
        yield rules.Clock.model_validate(
            {"name": PROMISE, "clause": clause, "from": "promised", "until": [], "limit": "by"}
        )


def _slip_rows(pack: Pack) -> Iterator[rules.Clock]:
    for form in pack.slip:
        limits = {"slip_receive": form.receive, "slip_reply": form.reply, "slip_finish": form.finish}
        fields = {"slip_receive": [], "slip_reply": ["reply_by"], "slip_finish": ["finish_by"]}
        for name, limit in limits.items():
            both = [*fields[name], *([limit] if limit else [])]
            if both:
                yield rules.Clock.model_validate(
                    {
                        "name": name,
                        "clause": form.clause,
                        "when": {"form": form.code},
                        "from": ["slip_issued"] + (["slip_answered"] if name == "slip_finish" else []),
                        "until": list(_SLIP_ENDS[name]),
                        "limit": both,
                        "warn": "50%",
                        "on_breach": form.on_breach,
                    }
                )


def _consequence(row: rules.Consequence) -> Consequence:
    climbs = (row.escalate,) if isinstance(row.escalate, str) else tuple(row.escalate)
    return Consequence(climbs, tuple(row.notify), row.action, row.owner)


def _limit(text: str) -> Duration | str:
    if is_duration(text):
        return parse_duration(text)
    return "answer_by" if text == "asked" else text


def _rule(pack: Pack, index: int, row: rules.Clock) -> ClockRule:
    from huiyin.engine.compile import prepared

    until = rules.matching(row.until)
    limits = [row.limit] if isinstance(row.limit, str) else row.limit
    percent = int(row.warn[:-1]) if row.warn and row.warn.endswith("%") else None
    return ClockRule(
        index=index,
        name=row.name,
        clause=row.clause,
        applies=conditions.compile_condition(prepared(pack, row.when)),
        starts=frozenset(row.start),
        until={event: conditions.compile_condition(match) for event, match in until.items()},
        limits=tuple(_limit(text) for text in limits),
        text=" / ".join(limits),
        roll=row.roll,
        percent=percent,
        lead=parse_duration(row.warn) if row.warn and percent is None else None,
        pause=row.pause if isinstance(row.pause, bool) else frozenset(row.pause),
        restart=row.again == "restart",
        on_warn=_consequence(row.on_warn),
        on_breach=_consequence(row.on_breach),
        waiting_for=tuple(until),
    )


def slots_of(pack: Pack, kind: str, clocks: tuple[ClockRule, ...]) -> tuple[Slot, ...]:
    """The slots of one kind in pack order, each with the rules that can apply to it."""
    rows = list(_all_rows(pack))
    grouped: dict[str, list[ClockRule]] = {}
    for rule in clocks:
        names = grouped.setdefault(rule.name, [])
        if _concerns(rows[rule.index].when, kind):
            names.append(rule)
    return tuple(
        Slot(name, order, tuple(found), _watch(name, found), KEYED.get(name, ""))
        for order, (name, found) in enumerate(grouped.items())
        if found
    )


def _concerns(when: Mapping[str, Any], kind: str) -> bool:
    return "kind" not in when or conditions.compile_test(when["kind"])(kind)


_ALSO = {"answer": {"appealed"}, "slip_finish": {"slip_evaluated"}}


def _watch(name: str, found: Iterable[ClockRule]) -> frozenset[str]:
    events = {event for rule in found for event in (*rule.starts, *rule.until)}
    return frozenset(events | _ALSO.get(name, set()))
