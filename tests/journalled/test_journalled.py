"""Every public service writes the journal. One that is not listed fails the suite."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from tests.factories.organization import make_company
from tests.journalled.registry import PERFORM, READS, SERVICES

from huiyin.journal.models import Entry


@pytest.mark.parametrize("room", [room for room, found in SERVICES.items() if found])
def test_every_service_is_listed(room: str) -> None:
    listed = set(PERFORM[room]) | set(READS[room])
    missing, gone = set(SERVICES[room]) - listed, listed - set(SERVICES[room])
    name = room.rsplit(".", 1)[1]
    assert not missing, f"add to tests/journalled/rooms/{name}.py: {', '.join(sorted(missing))}"
    assert not gone, f"no longer there: {', '.join(sorted(gone))}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("room", "name"), [(room, name) for room, listed in PERFORM.items() for name in listed]
)
def test_a_service_writes_the_journal(room: str, name: str) -> None:
    code = SERVICES[room][name].__code__
    before: list[int] = []
    after: list[int] = []

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if frame.f_code is code and event in {"call", "return"}:
            sys.setprofile(None)
            (before if event == "call" else after).append(Entry.objects.count())
            sys.setprofile(watch)

    small = make_company()
    sys.setprofile(watch)
    try:
        PERFORM[room][name](small)
    finally:
        sys.setprofile(None)
    assert before, f"the performance of {name} never calls it"
    assert max(after) > min(before), f"{room}: {name} wrote nothing into the journal"
