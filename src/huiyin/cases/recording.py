"""The one way an event reaches a case: lock, ask the engine, store event, standing and effects together.

Pages, API, import and ticking all come through `register` and `record`. A refusal is journalled and raised
after commit, so that it is evidence too and changes nothing else.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases import hooks, projection
from huiyin.cases.codes import check_codes, check_rows
from huiyin.cases.facts import Resolved, clean, moment, resolve, settle, split_texts
from huiyin.cases.models import Case, CaseClock
from huiyin.cases.numbers import number_of
from huiyin.cases.reach import posts_for, require
from huiyin.cases.repetition import repetition_facts, repetition_facts_of
from huiyin.cases.search import index_case
from huiyin.cases.wording import input_sentence, refusal_sentence
from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from huiyin.core.ids import new_uuid
from huiyin.core.rows import insert
from huiyin.engine import Effect, EngineError, Event, Standing, advance, check_event, step
from huiyin.engine.vocabulary import CAPABILITY_OF
from huiyin.journal.models import Entry
from huiyin.journal.services import Record, append
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.models import Capability
from huiyin.organization.selectors import remembering_holders
from huiyin.procedures.models import Edition
from huiyin.procedures.selectors import Rules, edition_for, rules_of

SUBJECT = "case"
# How far ahead of the server's clock a client's may be.
CLOCK_TOLERANCE = timedelta(minutes=5)
# Recorded later than this after it happened is a late entry (补录), shown openly in the figures.
LATE_ENTRY_AFTER = timedelta(hours=24)


# Kept with the case, and nothing a rule could ask for unless its pack declares it as a fact.
NOT_FOR_THE_ENGINE = frozenset({"reporter_phone"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of an event."""

    case: Case
    effects: tuple[Effect, ...]
    entries: tuple[Entry, ...]


def register(
    *,
    actor: Actor,
    data: Mapping[str, Any],
    at: datetime | None = None,
    uuid: uuids.UUID | None = None,
    post: str | None = None,
    historic: bool = False,
) -> Recorded:
    """Register a case from facts in the design's vocabulary and give it its number.

    Raises InvalidInput for facts that are wrong, Refused where the procedure refuses, Forbidden where the
    actor may not register there, Conflict where the uuid was used before.
    """
    if uuid is not None and Case.objects.filter(uuid=uuid).exists():
        raise Conflict(_("这件事已经登记过了。"), code="already_recorded")
    facts = clean(data)
    needed = Capability.IMPORT if historic else Capability.REGISTER
    unit_ids = None if actor.system else actor.unit_ids(needed)
    if unit_ids is not None and not unit_ids:
        raise Forbidden(_("您的岗位没有登记的权限。"))
    resolved = resolve(actor, facts, unit_ids=unit_ids)
    settle(facts, resolved)
    when = moment_of(at)
    kind = str(facts.get("kind", ""))
    edition = edition_for(company_id=actor.company_id, kind=kind, at=when, unit=resolved.unit)
    rules = rules_of(edition)
    case_uuid = uuid or new_uuid()
    with transaction.atomic():
        acting = post or actor.post_at(resolved.unit.pk)
        event = event_of(rules, "registered", case_uuid, when, facts, actor, acting, historic)
        number = number_of(rules, unit=resolved.unit, of=str(facts.get("kind", "")), at=when)
        known = {"number": number, **repetition_facts(rules, resolved, facts, when)}
        standing, effects = step(None, event, known, rules.procedure, rules.calendar)
        refused = refusal_of(effects)
        if refused is not None or standing is None:
            # the number goes back: nothing was registered but the refusal
            transaction.set_rollback(True)
        else:
            case = new_case(actor, edition, resolved, case_uuid, number, event)
            fresh = _Fresh(case=True, uuid=uuid is None)
            entries = _store(case, standing, event, effects, actor, facts, uuid=case_uuid, fresh=fresh)
            index_case(case, new=True)
            return Recorded(case=case, effects=effects, entries=tuple(entries))
    _journal_refused_registration(actor, case_uuid, effects, facts, edition)
    raise as_error(refused, rules)


def _journal_refused_registration(
    actor: Actor, case_uuid: uuids.UUID, effects: Sequence[Effect], facts: dict[str, Any], edition: Edition
) -> None:
    records = [effect_record(effect, f"{edition.pk}") for effect in effects]
    kept, texts = split_texts(types_of(edition, "registered"), facts)
    records[0] = replace(records[0], data={**records[0].data, "facts": kept}, texts=texts)
    with transaction.atomic():
        append(actor=actor, subject_kind=SUBJECT, subject_id=str(case_uuid), records=records)


def new_case(
    actor: Actor, edition: Edition, resolved: Resolved, uuid: uuids.UUID, number: str, event: Event
) -> Case:
    recorded_at = clock.now()
    case = Case(
        uuid=uuid,
        company_id=actor.company_id,
        unit=resolved.unit,
        number=number,
        edition=edition,
        customer=resolved.customer,
        household=resolved.household,
        place=resolved.place,
        equipment=resolved.equipment,
        first_receiver=actor.person,
        registered_at=event.at,
        recorded_at=recorded_at,
        last_event_at=event.at,
        historic=event.historic,
        late_entry=not event.historic and recorded_at - event.at > LATE_ENTRY_AFTER,
        version=0,
    )
    projection.project_facts(case, dict(event.data))
    return case


def record(
    *,
    actor: Actor,
    case: Case,
    name: str,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    uuid: uuids.UUID | None = None,
    post: str | None = None,
    historic: bool = False,
    expected_version: int | None = None,
    through: int | None = None,
) -> Recorded:
    """Record an event of a case.

    `expected_version` is the version the person looked at: where somebody else acted since, Conflict is
    raised with what happened, and nothing is lost on the page. Raises Refused with reason, missing and
    clause; the refusal stands in the journal. `through` is a unit beside the case's own whose people may take
    this step: the one a slip was sent to.
    """
    needed = Capability.IMPORT if historic else CAPABILITY_OF.get(name, Capability.HANDLE)
    require(actor, needed, case, through)
    facts = clean(data or {})
    if not historic:
        check_rows(case.company_id, name, facts)
        _nobody_assesses_himself(actor, name, facts)
    when = moment_of(at)
    refused: Effect | None = None
    with transaction.atomic():
        locked = lock(case.pk)
        if expected_version is not None and locked.version != expected_version:
            raise Conflict(_changed_since(locked, expected_version), code="changed", version=locked.version)
        if uuid is not None and Entry.objects.filter(company_id=locked.company_id, uuid=uuid).exists():
            raise Conflict(_("这一步已经记录过了。"), code="already_recorded")
        rules = rules_of(locked.edition)
        standing = Standing.from_dict(locked.standing)
        before_number = transaction.savepoint()
        if name == "slip_issued" and "slip" not in facts:
            facts["slip"] = number_of(rules, unit=locked.unit, of=str(facts.get("form", "")), at=when)
        event, after, effects = _stepped(
            locked, standing, name, facts, when, actor, post, historic, rules, through
        )
        refused = refusal_of(effects)
        if refused is not None:
            transaction.savepoint_rollback(before_number)  # a number that was drawn goes back
            # what time brought until then comes with the next event or tick, once
            _journal(locked, event, [refused], actor, facts, uuid=None, refused=True)
        else:
            fresh = _Fresh(uuid=True)  # looked for above, behind the lock
            entries = _store(locked, after, event, effects, actor, facts, uuid=uuid, fresh=fresh)
            if name == "amended":
                index_case(locked)
            return Recorded(case=locked, effects=effects, entries=tuple(entries))
    raise as_error(refused, rules)


def _nobody_assesses_himself(actor: Actor, name: str, facts: Mapping[str, Any]) -> None:
    """Raises Forbidden where the person assessed decides himself; an objection may be his own."""
    if name != "assessed" or facts.get("decision") == "appealed" or actor.person is None:
        return
    if facts.get("person") == actor.person.username:
        raise Forbidden(_("不能自己决定对自己的考核。"))


def _stepped(
    case: Case,
    standing: Standing,
    name: str,
    facts: dict[str, Any],
    when: datetime,
    actor: Actor,
    post: str | None,
    historic: bool,
    rules: Rules,
    through: int | None,
) -> tuple[Event, Standing, tuple[Effect, ...]]:
    """Ask the engine. Who holds several posts acts in the first of them that the procedure accepts."""
    candidates: Sequence[str | None] = [post]
    if post is None and not actor.system:
        candidates = [held.post for held in posts_for(actor, case, through)] or [None]
    known = repetition_facts_of(rules, case, name, facts)
    answers = []
    for candidate in candidates:
        event = event_of(rules, name, case.uuid, when, facts, actor, candidate, historic)
        after, effects = step(standing, event, known, rules.procedure, rules.calendar)
        if after is not None and refusal_of(effects) is None:
            return event, after, effects
        answers.append((event, after or standing, effects))
    return answers[0]


def lock(case_id: int) -> Case:
    """The case's row, locked until the transaction ends."""
    found = (
        Case.objects.select_for_update(of=("self",))
        .select_related("edition", "unit")
        .defer("edition__pack", "edition__forms")
        .filter(pk=case_id)
    )
    case = found.first()
    if case is None:
        raise NotFound(_("没有这张工单。"))
    return case


def event_of(
    rules: Rules,
    name: str,
    case_uuid: uuids.UUID,
    when: datetime,
    facts: Mapping[str, Any],
    actor: Actor,
    post: str | None,
    historic: bool,
) -> Event:
    """The event as the engine reads it. Raises InvalidInput for what neither vocabulary nor pack knows."""
    acting = None if historic or actor.system else actor.reference
    event = Event(
        name=name,
        at=when,
        case=str(case_uuid),
        data={
            key: value
            for key, value in facts.items()
            if key not in NOT_FOR_THE_ENGINE or key in rules.procedure.fields.get(name, ())
        },
        actor=acting,
        post=post if acting else None,
        historic=historic,
    )
    try:
        check_event(event, rules.procedure, rules.calendar)
    except EngineError as error:
        field = str(error.params.get("field") or error.params.get("event") or "event")
        raise InvalidInput(
            _("有一项填得不对，已写的内容还在。"), fields={field: input_sentence(error.code)}, code=error.code
        ) from error
    check_codes(rules, name, event.data)
    return event


def moment_of(at: datetime | None) -> datetime:
    if at is None:
        return clock.now()
    when = moment(at, "at")
    if when > clock.now() + CLOCK_TOLERANCE:
        raise InvalidInput(_("这个时间还没有到。"), fields={"at": _("不能晚于现在")})
    return when


def refusal_of(effects: Sequence[Effect]) -> Effect | None:
    return next((effect for effect in effects if effect.effect == "refused"), None)


def as_error(refused: Effect | None, rules: Rules) -> Refused:
    data = dict(refused.data) if refused is not None else {}
    reason = data.get("reason", "")
    return Refused(
        refusal_sentence(data, rules),
        event=str(data.get("event", "")),
        reason=reason if isinstance(reason, str) else str(reason),
        missing=list(data.get("missing") or ()),
        clause=refused.clause if refused is not None else None,
    )


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What need not be looked for: the rows of a case just made, an event's uuid known to be unused."""

    case: bool = False
    uuid: bool = False


def _store(
    case: Case,
    standing: Standing,
    event: Event,
    effects: Sequence[Effect],
    actor: Actor,
    facts: dict[str, Any],
    *,
    uuid: uuids.UUID | None,
    fresh: _Fresh,
) -> list[Entry]:
    """Standing, rows, journal and what follows, in the caller's transaction."""
    with_effects(case, standing, event, effects, facts)
    if fresh.case:
        insert([case])
    else:
        case.save()
    projection.sync_clocks(case, standing, new=fresh.case)
    entries = _journal(case, event, effects, actor, facts, uuid=uuid, fresh=fresh.uuid)
    kept, _texts = split_texts(types_of(case.edition, event.name), facts)
    # who imports a history is not who did what it tells
    person = None if event.historic else actor.person
    row = projection.event_row(case, event, entries[0], person, kept)
    insert([row])
    hooks.run_projectors(case, row)
    if not event.historic:
        hooks.run_effect_handlers(case, effects, actor)
    return entries


def with_effects(
    case: Case, standing: Standing, event: Event, effects: Sequence[Effect], facts: Mapping[str, Any]
) -> None:
    """Set the case's columns after an event. The caller saves."""
    projection.project_standing(case, standing)
    projection.project_event(case, event)
    if event.name in ("registered", "amended"):
        projection.project_facts(case, {name: facts[name] for name in NOT_FOR_THE_ENGINE if name in facts})
    case.version += 1
    case.reopened += sum(effect.effect == "reopened" for effect in effects)
    for effect in effects:
        if effect.effect == "closed":
            case.approved_closure = bool(effect.data.get("by_exception"))


def _journal(
    case: Case,
    event: Event,
    effects: Sequence[Effect],
    actor: Actor,
    facts: dict[str, Any],
    *,
    uuid: uuids.UUID | None,
    refused: bool = False,
    fresh: bool = False,
) -> list[Entry]:
    """The event and what the procedure made of it. A refused event stands as its refusal alone."""
    kept, texts = split_texts(types_of(case.edition, event.name), facts)
    edition = f"{case.edition_id}"
    records = []
    if not refused:
        data = {**kept, "historic": True} if event.historic else kept
        records.append(
            Record(
                type="event",
                name=event.name,
                at=event.at,
                data=data,
                texts=texts,
                post=event.post or "",
                edition=edition,
                uuid=uuid,
            )
        )
    records += [effect_record(effect, edition) for effect in effects]
    return append(actor=actor, subject_kind=SUBJECT, subject_id=str(case.uuid), records=records, fresh=fresh)


def types_of(edition: Edition, event: str) -> Mapping[str, Any]:
    return rules_of(edition).procedure.fields.get(event, {})


def effect_record(effect: Effect, edition: str) -> Record:
    line = effect.to_dict()
    data = {key: value for key, value in line.items() if key not in ("at", "case", "effect", "clause")}
    return Record(
        type="effect",
        name=effect.effect,
        at=effect.at,
        data=data,
        clause=effect.clause or "",
        edition=edition,
    )


def _changed_since(case: Case, version: int) -> str:
    """What happened since the person looked, in one sentence."""
    latest = case.events.order_by("-id").first()
    who = latest.actor_name if latest else ""
    return _("%(who)s 刚刚处理了这张工单，请看一下最新情况。您写的内容还在。") % {"who": who}


def advance_case(*, case_id: int, now: datetime) -> tuple[Effect, ...]:
    """What time alone has brought to a case up to `now`: warnings and breaches, each once."""
    with transaction.atomic():
        case = lock(case_id)
        rules = rules_of(case.edition)
        before = Standing.from_dict(case.standing)
        standing, effects = advance(before, now, rules.procedure, rules.calendar)
        if not effects:
            projection.sync_clocks(case, standing)
            return ()
        actor = system_actor(case.company_id)
        projection.project_standing(case, standing)
        case.save()
        projection.sync_clocks(case, standing)
        records = [effect_record(effect, f"{case.edition_id}") for effect in effects]
        append(actor=actor, subject_kind=SUBJECT, subject_id=str(case.uuid), records=records)
        # what fell due before imported history was even entered is a figure, not news
        news = [effect for effect in effects if not case.historic or effect.at > case.recorded_at]
        if news:
            hooks.run_effect_handlers(case, news, actor)
        return effects


def advance_due(now: datetime, *, limit: int = 500) -> int:
    """Advance every case whose next moment has come; returns how many brought something.

    Safe to run twice at once: the second finds nothing left to do. A case that brings nothing although it was
    due is left for the next run instead of being asked for ever.
    """
    asked: set[int] = set()
    brought = 0
    while batch := _due_cases(now, limit) - asked:
        asked |= batch
        with remembering_holders():
            for case_id in sorted(batch):
                brought += bool(advance_case(case_id=case_id, now=now))
    return brought


def _due_cases(now: datetime, limit: int) -> set[int]:
    due = CaseClock.objects.filter(next_at__lte=now).order_by("next_at").values_list("case_id", flat=True)
    return set(due[:limit])
