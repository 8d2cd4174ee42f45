"""Whole histories written together leave the same rows as the same events recorded one by one."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from tests.cases.conftest import World, local

from huiyin.cases.history import ALONE, Histories, Told
from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.cases.recording import record, register
from huiyin.core.errors import InvalidInput
from huiyin.engine.vocabulary import CAPABILITY_OF
from huiyin.journal.models import Entry
from huiyin.numbering.models import Counter
from huiyin.organization.actors import Actor
from huiyin.reports.models import OpenSpan, PromiseRun, Snapshot

FACTS = {
    "kind": "complaint",
    "channel": "phone",
    "unit": "A",
    "text": "楼上漏水",
    "reporter": "王女士",
    "reporter_phone": "13800001234",
    "category": "leak",
    "urgency": "urgent",
}
AT = local("2019-09-30 16:30")


def told(name: str, hours: float, **data: Any) -> Told:
    return Told(name, AT + timedelta(hours=hours), data)


ANSWERED = told("answered", 1, text="已派人处理", means="phone")
LATE = told("answered", 400, text="拖了很久")
COMPLETED = told("completed", 20, result="修好了")
CLOSED = told("closed", 30)
CHASED = told("chased", 3, text="怎么还没来")
VISITED = told("followed_up", 25, outcome="satisfied", means="phone")
UNHAPPY = told("followed_up", 26, outcome="dissatisfied", means="phone")
AGAIN = told("answered", 28, text="再次上门")
JUDGED = told("judged", 2, validity="invalid", reason="不属于物业")
PROMISED = told("promised", 2, what="visit", by=(AT + timedelta(hours=30)).isoformat())
ASSIGNED = told("assigned", 2, to_post="handler", person="handler_a")

HISTORIES: dict[str, list[Told]] = {
    "registered alone": [],
    "answered": [ANSWERED],
    "answered late": [CHASED, LATE],
    "closed without what the gate asks": [ANSWERED, CLOSED],
    "the whole way": [ANSWERED, COMPLETED, VISITED, CLOSED],
    "a second round": [ANSWERED, COMPLETED, UNHAPPY, AGAIN],
    "judged": [JUDGED, COMPLETED],
    "promised": [PROMISED, COMPLETED, CLOSED],
    "assigned": [ASSIGNED, COMPLETED],
}
NOT_COMPARED = {"id", "uuid", "case", "entry", "chain", "number", "digest", "previous", "signature"}


def columns(row: Any, case: Case) -> dict[str, Any]:
    """The values of a row, without what names this very case."""
    names = [one.name for one in row._meta.concrete_fields if one.name not in NOT_COMPARED]
    found = {name: getattr(row, row._meta.get_field(name).attname) for name in names}
    if "text_digests" in found:  # salted
        found["text_digests"] = sorted(found["text_digests"])
    for name in {"standing", "data"} & set(found):
        plain = json.dumps(found[name], sort_keys=True, ensure_ascii=False)
        found[name] = plain.replace(case.number, "NUMBER").replace(str(case.uuid), "UUID")
    return found


def rows_of(case: Case) -> dict[str, list[dict[str, Any]]]:
    case = Case.objects.get(pk=case.pk)
    entries = Entry.objects.filter(chain__subject_id=str(case.uuid)).order_by("sequence")
    texts = [[(one.field, one.text) for one in entry.texts.order_by("field")] for entry in entries]
    return {
        "case": [columns(case, case)],
        "events": [columns(one, case) for one in CaseEvent.objects.filter(case=case).order_by("pk")],
        "clocks": [
            columns(one, case) for one in CaseClock.objects.filter(case=case).order_by("name", "key", "run")
        ],
        "entries": [{**columns(entry, case), "uuid": ""} for entry in entries],
        "texts": [{"texts": one} for one in texts],
        "snapshots": [columns(one, case) for one in Snapshot.objects.filter(case=case).order_by("pk")],
        "spans": [columns(one, case) for one in OpenSpan.objects.filter(case=case).order_by("pk")],
        "promises": [columns(one, case) for one in PromiseRun.objects.filter(case=case).order_by("pk")],
    }


def one_by_one(actor: Actor, events: list[Told]) -> Case:
    case = register(actor=actor, data=FACTS, at=AT, historic=True).case
    for one in events:
        record(actor=actor, case=case, name=one.name, data=one.data, at=one.at, historic=True)
    return case


@pytest.mark.parametrize("name", HISTORIES)
def test_the_same_rows_as_one_by_one(world: World, importer: Actor, name: str) -> None:
    events = HISTORIES[name]
    with time_machine.travel(local("2026-11-22 10:00"), tick=False):
        expected = rows_of(one_by_one(importer, events))
        writer = Histories(importer)
        case = writer.add(facts=FACTS, at=AT, events=events)
        writer.save()
    found = rows_of(Case.objects.get(number=case.number))
    for what in expected:
        assert found[what] == expected[what], what


def test_both_ways_are_tried() -> None:
    names = {one.name for events in HISTORIES.values() for one in events}
    assert names & ALONE
    assert names - ALONE
    assert set(CAPABILITY_OF) >= ALONE


def test_numbers_follow_each_other_and_a_wrong_history_takes_none(world: World, importer: Actor) -> None:
    writer = Histories(importer)
    first = writer.add(facts=FACTS, at=AT, events=[ANSWERED])
    with pytest.raises(InvalidInput):
        writer.add(facts={**FACTS, "severity": "enormous"}, at=AT, events=[])
    with pytest.raises(InvalidInput):
        writer.add(facts=FACTS, at=AT, events=[told("followed_up", 5, outcome="delighted")])
    second = writer.add(facts=FACTS, at=AT, events=[])
    writer.save()
    assert int(second.number.rsplit("-", 1)[1]) == int(first.number.rsplit("-", 1)[1]) + 1
    assert Case.objects.count() == 2
    assert Counter.objects.get(series__contains="2019").value == 2


def test_the_importer_is_not_who_answered(world: World) -> None:
    actor = world.actor("supervisor_a")
    writer = Histories(actor)
    case = writer.add(facts=FACTS, at=AT, events=[COMPLETED, VISITED])
    writer.save()
    assert set(CaseEvent.objects.filter(case=case).values_list("person", flat=True)) == {None}
    assert Snapshot.objects.get(case=case).visit_own is None
