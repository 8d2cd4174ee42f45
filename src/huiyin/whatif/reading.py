"""Cases of a period with everything that happened to them, in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.core import clock
from huiyin.engine import Event, Pack
from huiyin.engine.repetition import rank, window_start
from huiyin.engine.schema.frame import Repetition
from huiyin.journal.models import Entry
from huiyin.organization.models import Unit
from huiyin.organization.selectors import subtree_ids
from huiyin.procedures.models import Procedure
from huiyin.whatif.outcome import Outcome, Run

BATCH = 1000
_COLUMNS = {name: f"{name}_id" for name in ("household", "customer", "place", "equipment", "unit")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Cases to replay, in order of registration: (key, how-manieth of the same problem or None)."""

    cases: list[tuple[int, int | None]]
    left_out: int

    def batches(self) -> Iterator[list[tuple[int, int | None]]]:
        for start in range(0, len(self.cases), BATCH):
            yield self.cases[start : start + BATCH]


def choose(company: Unit, pack: Pack, since: date, until: date, unit: Unit | None) -> Chosen:
    """Cases registered on these days whose kind the draft handles; of its own procedure where that runs."""
    begin, end = clock.at(since, time()), clock.at(until + timedelta(days=1), time())
    rows = Case.objects.filter(company=company)
    if unit is not None:
        rows = rows.filter(unit_id__in=subtree_ids(unit))
    if Procedure.objects.filter(company=company, code=pack.procedure.code).exists():
        rows = rows.filter(edition__procedure__code=pack.procedure.code)
    period = rows.filter(registered_at__gte=begin, registered_at__lt=end)
    kinds = [kind.code for kind in pack.kind]
    fitting = period.filter(kind__in=kinds).order_by("registered_at", "pk")
    left_out = period.exclude(kind__in=kinds).count()
    rule = pack.repetition
    names = _names(rule)
    if rule is None or names is None:
        return Chosen([(pk, None) for pk in fitting.values_list("pk", flat=True)], left_out)
    before = _before(rows, rule, begin, names)
    lines = fitting.values_list("pk", "kind", "registered_at", *names)
    return Chosen(list(_ranked(lines.iterator(), before, rule)), left_out)


def _names(rule: Repetition | None) -> list[str] | None:
    """Columns of what makes a problem the same; None where one of them is not kept as a column."""
    if rule is None:
        return None
    names = [_COLUMNS.get(name, name) for name in rule.same]
    known = {one.attname for one in Case._meta.concrete_fields}
    return names if set(names) <= known else None


def _before(rows: Any, rule: Repetition, begin: datetime, names: list[str]) -> dict[Any, list[datetime]]:
    """Registrations of problems that the window of the first cases still reaches."""
    start = window_start(rule, begin)
    earlier = rows.filter(registered_at__lt=begin)
    if start is not None:
        earlier = earlier.filter(registered_at__gte=start)
    if rule.kinds:
        earlier = earlier.filter(kind__in=rule.kinds)
    found: dict[Any, list[datetime]] = {}
    for at, *key in earlier.order_by("registered_at").values_list("registered_at", *names):
        found.setdefault(tuple(key), []).append(at)
    return found


def _ranked(
    rows: Iterable[tuple[Any, ...]], seen: dict[Any, list[datetime]], rule: Repetition
) -> Iterator[tuple[int, int | None]]:
    for pk, kind, at, *key in rows:
        if (rule.kinds and kind not in rule.kinds) or any(value in (None, "") for value in key):
            yield pk, None
            continue
        earlier = seen.setdefault(tuple(key), [])
        yield pk, rank(rule, at, earlier)
        earlier.append(at)


@dataclass(frozen=True, slots=True)
class Past:
    """A case as it went."""

    pk: int
    events: Sequence[Event]
    outcome: Outcome


def read(keys: Sequence[int]) -> Iterator[Past]:
    """These cases, each with its events in order and what came of it."""
    cases = list(
        Case.objects.filter(pk__in=keys).values_list("pk", "uuid", "historic", "owner_post", "level")
    )
    clocks = _clocks(keys)
    approvals = _approvals([uuid for _pk, uuid, *_rest in cases])
    events = _events({pk: (str(uuid), historic) for pk, uuid, historic, *_rest in cases})
    for pk, uuid, _historic, owner, level in cases:
        outcome = Outcome(clocks.get(pk, {}), owner, level, approvals.get(str(uuid), []))
        yield Past(pk, events.get(pk, ()), outcome)


def _clocks(keys: Sequence[int]) -> dict[int, dict[tuple[str, str], list[Run]]]:
    found: dict[int, dict[tuple[str, str], list[Run]]] = {}
    rows = CaseClock.objects.filter(case_id__in=keys, due__isnull=False).order_by("case_id", "run")
    for case, name, key, due, breached in rows.values_list("case_id", "name", "key", "due", "breached"):
        assert due is not None
        found.setdefault(case, {}).setdefault((name, key), []).append(Run(due, breached))
    return found


def _approvals(uuids: Sequence[UUID]) -> dict[str, list[str]]:
    """Posts whose approval was asked for, by the case's uuid."""
    rows = Entry.objects.filter(
        name="approval_required",
        chain__subject_kind="case",
        chain__subject_id__in=[str(one) for one in uuids],
    )
    found: dict[str, list[str]] = {}
    for subject, data in rows.order_by().values_list("chain__subject_id", "data"):
        found.setdefault(subject, []).append(str(data.get("post") or ""))
    return found


def _events(cases: Mapping[int, tuple[str, bool]]) -> dict[int, list[Event]]:
    """Of free text only that it was given, which is all the engine ever asks of it."""
    rows = CaseEvent.objects.filter(case_id__in=list(cases)).order_by("case_id", "at", "id")
    columns = ("case_id", "name", "at", "data", "post", "person_id", "entry__text_digests")
    found: dict[int, list[Event]] = {}
    for case, name, at, data, post, person, texts in rows.values_list(*columns):
        uuid, historic = cases[case]
        actor = None if historic or person is None else f"person:{person}"
        given = {**dict.fromkeys(texts, "…"), **data}
        event = Event(name, at, uuid, given, actor, (post or None) if actor else None, historic)
        found.setdefault(case, []).append(event)
    return found
