"""The whole pack, and what must agree between its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, model_validator

from huiyin.engine.durations import is_duration
from huiyin.engine.schema import frame, papers, rules
from huiyin.engine.schema.base import OF_NEEDS, Table
from huiyin.engine.schema.settings import filled_in
from huiyin.engine.vocabulary import COMMON_FIELDS, EVENTS, FACT_FIELDS, PARTIES, VALIDITIES

DERIVED_FACTS = (
    "validity",
    "level",
    "round",
    "state",
    "owner",
    "chased",
    "repetition",
    "compensated",
    "turned_from",
    "historic",
)
"""Names a condition may use beside the facts that people give."""

SPECIAL_POSTS = ("superior", "owner", "receiver")


class Pack(Table):
    """`procedure.toml`. `cites` names the clause for what the engine does of itself."""

    procedure: frame.Document
    cites: dict[frame.Cited, str] = {}
    service_hours: frame.ServiceHours = frame.ServiceHours()
    setting: list[frame.Setting] = []
    clause: list[frame.Clause] = Field(min_length=1)
    post: list[frame.Post] = []
    kind: list[frame.Kind] = Field(min_length=1)
    channel: list[frame.Channel] = []
    category: list[frame.Category] = []
    emergency: list[frame.Emergency] = []
    fact: list[frame.Fact] = []
    level: list[frame.Level] = []
    owner: list[frame.Owner] = []
    repetition: frame.Repetition | None = None
    clock: list[rules.Clock] = []
    gate: list[rules.Gate] = []
    authority: list[rules.Authority] = []
    approval: list[rules.Approval] = []
    assessment: list[rules.Assessment] = []
    turn: list[rules.Turn] = []
    escalation: list[rules.Escalation] = []
    followup: list[rules.FollowUp] = []
    requirement: list[rules.Requirement] = []
    trigger: list[rules.Trigger] = []
    slip: list[papers.SlipForm] = []
    record: list[papers.RecordForm] = []
    number: list[papers.NumberRule] = []
    retention: list[papers.Retention] = []
    duty: list[papers.Duty] = []
    notice: list[papers.NoticeRule] = []
    information_class: list[papers.InformationClass] = []
    meeting: list[papers.Meeting] = []
    survey: list[papers.SurveyPlan] = []
    promise: list[papers.Promise] = []

    @model_validator(mode="before")
    @classmethod
    def _settings(cls, data: Any) -> Any:
        return filled_in(data)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a pack that does not agree. `table` and `key` say where, `code` and `params` what.

    severity: error (the pack cannot run) | warning (it runs, somebody should look).
    """

    code: str
    table: str
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "error"


def _label(row: Any, index: int) -> str:
    for name in ("code", "name", "id"):
        if hasattr(row, name):
            return str(getattr(row, name))
    return str(index + 1)


def _tables(pack: Pack) -> Iterator[tuple[str, str, Any]]:
    """(table, label, row) of every row of every list, and of single tables."""
    for name in Pack.model_fields:
        value = getattr(pack, name)
        if isinstance(value, list):
            for index, row in enumerate(value):
                yield name, _label(row, index), row
        elif isinstance(value, Table):
            yield name, name, value


def problems_of(pack: Pack) -> list[Problem]:
    """All disagreements: unknown clauses, posts, facts, kinds, forms; doubles; zones; what no rule serves."""
    found: list[Problem] = []
    found += _zone(pack)
    found += _doubles(pack)
    found += _clauses(pack)
    found += _posts(pack)
    found += _conditions(pack)
    found += _named(pack)
    found += _kinds(pack)
    found += _facts(pack)
    found += _unserved(pack)
    return found


def _zone(pack: Pack) -> Iterator[Problem]:
    try:
        ZoneInfo(pack.procedure.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Problem("unknown_zone", "procedure", "timezone", {"zone": pack.procedure.timezone})


_MAY_REPEAT = ("clock", "trigger")


def _doubles(pack: Pack) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for table, label, row in _tables(pack):
        if table in _MAY_REPEAT or not any(hasattr(row, name) for name in ("code", "name", "id")):
            continue
        if (table, label) in seen:
            yield Problem("double", table, label, {"value": label})
        seen.add((table, label))


def _clauses(pack: Pack) -> Iterator[Problem]:
    known = {clause.id for clause in pack.clause}
    for table, label, row in _tables(pack):
        clause = getattr(row, "clause", None)
        if isinstance(clause, str) and clause not in known:
            yield Problem("unknown_clause", table, f"{label}.clause", {"clause": clause})
        for what, cited in getattr(row, "cites", {}).items():
            if cited not in known:
                yield Problem("unknown_clause", table, f"{label}.cites.{what}", {"clause": cited})
    for what, cited in pack.cites.items():
        if cited not in known:
            yield Problem("unknown_clause", "cites", what, {"clause": cited})


_POST_KEYS = (
    "reports_to", "stand_ins", "owner", "post", "above", "to", "notify", "posts", "by", "from_posts",
    "to_posts", "approval", "given_to", "publish_to", "keeper", "chair", "minutes_approval",
    "notice_approval", "postponed_by", "report_to", "written_by", "reviewed_by", "approved_by",
)  # fmt: skip
_FREE_KEYS = {
    ("trigger", "by"),
    ("duty", "publish_to"),
    ("meeting", "publish_to"),
    ("survey", "publish_to"),
    ("procedure", "written_by"),
}


def _named_posts(table: str, row: Any) -> Iterator[tuple[str, str]]:
    for key in _POST_KEYS:
        value = getattr(row, key, None)
        if (table, key) in _FREE_KEYS or not isinstance(value, str | list):
            continue
        for post in [value] if isinstance(value, str) else value:
            yield key, post
    for key in ("on_warn", "on_breach"):
        consequence = getattr(row, key, None)
        if consequence is not None:
            climbs = consequence.escalate
            for post in [*([climbs] if isinstance(climbs, str) else climbs), *consequence.notify]:
                yield key, post
    exception = getattr(row, "exception", None)
    if exception is not None:
        by = exception.approved_by
        for post in [by] if isinstance(by, str) else by:
            yield "exception.approved_by", post
    for wanted in (getattr(row, "needs", None) or {}).values():
        for post in _wanted(wanted.get("by_post", [])):
            yield "needs.by_post", post
    if isinstance(row, rules.Assessment) and row.responsible not in PARTIES:
        yield "responsible", row.responsible


def posts_named(pack: Pack) -> Iterator[tuple[str, str]]:
    """(table, post) for every post that a row names."""
    for table, _label_of, row in _tables(pack):
        for _key, post in _named_posts(table, row):
            yield table, post


def _posts(pack: Pack) -> Iterator[Problem]:
    known = {post.code for post in pack.post}
    for table, label, row in _tables(pack):
        for key, post in _named_posts(table, row):
            if post not in known and post not in SPECIAL_POSTS:
                yield Problem("unknown_post", table, f"{label}.{key}", {"post": post})
    above = {post.code: post.reports_to for post in pack.post}
    for code in above:
        seen, at = {code}, above[code]
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        if at == code:
            yield Problem("circle", "post", f"{code}.reports_to", {"post": code})


def known_facts(pack: Pack) -> dict[str, tuple[str, ...] | None]:
    """Every name a condition may use, with the values it can have where they are listed."""
    facts: dict[str, tuple[str, ...] | None] = dict.fromkeys(DERIVED_FACTS)
    for fields in EVENTS.values():
        for name, kind in fields.items():
            facts.setdefault(name, kind if isinstance(kind, tuple) else None)
    facts.update(dict.fromkeys(COMMON_FIELDS))
    for fact in pack.fact:
        old = facts.get(fact.name) or ()
        facts[fact.name] = (*old, *fact.values) or None
    facts["kind"] = tuple(kind.code for kind in pack.kind)
    facts["validity"] = (*VALIDITIES, "unjudged")
    facts["turned_from"] = facts["kind"]
    facts["level"] = tuple(level.code for level in pack.level) or None
    if pack.category:
        facts["category"] = tuple(category.code for category in pack.category)
    return facts


def _wanted(value: Any) -> list[Any]:
    if isinstance(value, dict):
        inner = value.get("not", [])
        return list(inner) if isinstance(inner, list) else [inner]
    return list(value) if isinstance(value, list) else [value]


def _conditions_of(row: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key in ("when", "given", "facts", "times_when"):
        condition = getattr(row, key, None)
        if isinstance(condition, dict):
            yield key, condition
    for condition in getattr(row, "any_of", []):
        yield "any_of", condition


def _conditions(pack: Pack) -> Iterator[Problem]:
    facts = known_facts(pack)
    for table, label, row in _tables(pack):
        for key, condition in _conditions_of(row):
            for name, value in condition.items():
                if name not in facts:
                    yield Problem("unknown_fact", table, f"{label}.{key}.{name}", {"fact": name})
                    continue
                values = facts[name]
                for wanted in _wanted(value):
                    if values is not None and isinstance(wanted, str) and wanted not in values:
                        params = {"fact": name, "value": wanted, "values": list(values)}
                        yield Problem("unknown_value", table, f"{label}.{key}.{name}", params)


def _named(pack: Pack) -> Iterator[Problem]:
    """Fields that rules name: of the step, of an entry, of the event that starts a clock."""
    facts = known_facts(pack)
    times = {name for fields in EVENTS.values() for name, kind in fields.items() if kind == "time"}
    times |= {"asked"} | {fact.name for fact in pack.fact if fact.type == "time"}
    for table, label, row in _tables(pack):
        for name in [name for name in getattr(row, "fields", []) if isinstance(name, str)]:
            if name not in facts:
                yield Problem("unknown_fact", table, f"{label}.fields", {"fact": name})
        if isinstance(row, rules.Clock | rules.FollowUp):
            limit = row.limit if isinstance(row, rules.Clock) else row.within
            for text in [limit] if isinstance(limit, str) else limit or []:
                if not is_duration(text) and text not in times:
                    yield Problem("unknown_fact", table, f"{label}.limit", {"fact": text})
        for key in ("needs", "until", "start"):
            wanted = getattr(row, key, None)
            if isinstance(wanted, dict):
                yield from _entries(facts, wanted, table, f"{label}.{key}")


def _entries(
    facts: Mapping[str, tuple[str, ...] | None], wanted: Mapping[str, Any], table: str, key: str
) -> Iterator[Problem]:
    for event, match in wanted.items():
        for name, value in match.items():
            if name == "after" and value not in EVENTS:
                yield Problem("unknown_value", table, f"{key}.{event}.after", _value("after", value, EVENTS))
            if name in OF_NEEDS:
                continue
            if name not in facts:
                yield Problem("unknown_fact", table, f"{key}.{event}.{name}", {"fact": name})
            for one in _wanted(value) if facts.get(name) else []:
                if isinstance(one, str) and one not in (facts[name] or ()):
                    params = _value(name, one, facts[name] or ())
                    yield Problem("unknown_value", table, f"{key}.{event}.{name}", params)


def _value(name: str, value: Any, values: Iterable[str]) -> dict[str, Any]:
    return {"fact": name, "value": value, "values": list(values)}


_PATTERN_FIELDS = {"unit", "kind", "year", "month", "day", "serial"}
_WIDEST, _WIDTH_FIGURES, _LONGEST_NUMBER = 12, 3, 40
_NOT_IN_NUMBERS = "/\\?#%\"'<> "


def _readable(pattern: str) -> bool:
    """Only the fields there are, the serial once among them, figures of a width that fits a form.

    A number is also an address: no slash, no white space, and no longer than its column.
    """
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return False
    names = [name for _, name, _, _ in parts]
    if not set(names) <= _PATTERN_FIELDS or names.count("serial") != 1:
        return False
    if not all(_width(str(name), spec or "") and not conversion for _, name, spec, conversion in parts):
        return False
    example = pattern.format(unit="", kind="", year=2026, month=1, day=1, serial=1)
    return (
        len(example) <= _LONGEST_NUMBER and example.isprintable() and not set(_NOT_IN_NUMBERS) & set(example)
    )


def _width(name: str, spec: str) -> bool:
    """`04`, at most as wide as a number could ever need; words have none."""
    if not spec:
        return True
    return (
        name not in ("unit", "kind")
        and spec.isascii()
        and spec.isdecimal()
        and len(spec) <= _WIDTH_FIGURES
        and int(spec) <= _WIDEST
    )


def _kinds(pack: Pack) -> Iterator[Problem]:
    kinds = {kind.code for kind in pack.kind}
    forms = {slip.code for slip in pack.slip} | {record.code for record in pack.record}
    for level in pack.level:
        for kind in [level.kind] if isinstance(level.kind, str) else level.kind:
            if kind not in kinds:
                yield Problem("unknown_kind", "level", f"{level.code}.kind", {"kind": kind})
    for turn in pack.turn:
        if turn.into not in kinds:
            yield Problem("unknown_kind", "turn", "into", {"kind": turn.into})
    for emergency in pack.emergency:
        for kind in emergency.kinds:
            if kind not in kinds:
                yield Problem("unknown_kind", "emergency", f"{emergency.name}.kinds", {"kind": kind})
    for number in pack.number:
        for name in number.of:
            if name not in kinds | forms:
                yield Problem("unknown_kind", "number", f"{number.name}.of", {"kind": name})
        if not _readable(number.pattern):
            yield Problem("pattern", "number", f"{number.name}.pattern", {"pattern": number.pattern})
    parents = {category.code for category in pack.category}
    for category in pack.category:
        if category.parent is not None and category.parent not in parents:
            yield Problem(
                "unknown_category", "category", f"{category.code}.parent", {"category": category.parent}
            )


def _facts(pack: Pack) -> Iterator[Problem]:
    """A fact's own lists: its events, its kinds, and words only for values it has."""
    kinds = {kind.code for kind in pack.kind}
    for fact in pack.fact:
        for event in fact.events:
            if event not in EVENTS:
                yield Problem("unknown_value", "fact", f"{fact.name}.events", _value("events", event, EVENTS))
        for kind in fact.kinds:
            if kind not in kinds:
                yield Problem("unknown_kind", "fact", f"{fact.name}.kinds", {"kind": kind})
        for key, words in (("labels", fact.labels), ("labels_en", fact.labels_en)):
            for value in sorted(set(words) - set(fact.values)):
                yield Problem(
                    "unknown_value", "fact", f"{fact.name}.{key}", _value(fact.name, value, fact.values)
                )


def _unserved(pack: Pack) -> Iterator[Problem]:
    served = {row.clause for table, _, row in _tables(pack) if isinstance(getattr(row, "clause", None), str)}
    served |= set(pack.cites.values())
    served |= {cited for kind in pack.kind for cited in kind.cites.values()}
    served |= {cited for survey in pack.survey for cited in survey.cites.values()}
    for clause in pack.clause:
        if clause.running and clause.id not in served:
            yield Problem("no_rule", "clause", clause.id, {"clause": clause.id}, severity="warning")
        if not clause.running and clause.id in served:
            yield Problem("not_running_but_served", "clause", clause.id, {"clause": clause.id}, "warning")
    fields = set(FACT_FIELDS) | set(EVENTS)
    for fact in pack.fact:
        if fact.name in fields and not fact.values:
            yield Problem("fact_exists", "fact", fact.name, {"fact": fact.name}, severity="warning")
