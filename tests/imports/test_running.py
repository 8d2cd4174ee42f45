"""A run is stopped, repeated, doubled: each row becomes one case, once, or is named with its reason."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from tests.cases.conftest import World, local
from tests.factories.connections import at_once
from tests.imports.conftest import TITLES, Sheet, ledger

from huiyin.cases import history
from huiyin.cases.history import Histories
from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.cases.recording import advance_due
from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.core.models import OutboxRow
from huiyin.core.rows import insert
from huiyin.imports import services
from huiyin.imports.mapping import CaseMapping, parse_mapping
from huiyin.imports.models import ImportedRow, ImportRun, RefusedRow, RunState
from huiyin.imports.reading import Table, open_table
from huiyin.imports.services import preview_cases, run_cases, start_run
from huiyin.journal.models import Entry
from huiyin.notify.models import Notification
from huiyin.numbering.models import Counter
from huiyin.organization.actors import Actor


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 10)


def taken_in(actor: Actor, world: World, path: Path, mapping: CaseMapping, **more: Any) -> ImportRun:
    table = open_table(path)
    run = start_run(actor=actor, table=table, mapping=mapping, unit=world.small.site_a, name=path.name)
    return run_cases(actor=actor, run=run, table=table, **more)


def counts() -> tuple[int, int]:
    return Case.objects.count(), ImportedRow.objects.count()


def test_every_row_becomes_a_case_at_its_real_time(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    run = taken_in(importer, world, sheet(ledger(25)), mapping)
    assert (run.state, run.seen, run.imported, run.known, run.refused) == ("done", 25, 25, 0, 0)
    case = Case.objects.get(external_number="T-0001")
    assert case.registered_at == local("2019-04-02 09:01")
    assert case.answered_at == local("2019-04-02 15:00")
    assert case.closed_at == local("2019-05-02 10:00")
    assert (case.historic, case.late_entry, case.unit, case.reporter_phone) == (
        True,
        False,
        world.small.site_a,
        "13800001234",
    )
    answer = CaseClock.objects.get(case=case, name="answer")
    assert (answer.state, answer.due) == ("met", local("2019-04-04 18:00"))


def test_a_second_run_imports_nothing(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    path = sheet(ledger(25))
    taken_in(importer, world, path, mapping)
    before = (counts(), Entry.objects.filter(chain__subject_kind="case").count())
    run = taken_in(importer, world, path, mapping)
    assert (run.imported, run.known, run.refused) == (0, 25, 0)
    assert (counts(), Entry.objects.filter(chain__subject_kind="case").count()) == before
    # also from another file, of which only some rows are new
    run = taken_in(importer, world, sheet(ledger(30), name="again.xlsx"), mapping)
    assert (run.imported, run.known) == (5, 25)


def test_a_row_that_occurs_twice_in_the_file_is_one_case(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    run = taken_in(importer, world, sheet([*ledger(3), *ledger(3)]), mapping)
    assert (run.imported, run.known, Case.objects.count()) == (3, 3, 3)


def test_without_a_key_the_content_names_the_row(world: World, importer: Actor, sheet: Sheet) -> None:
    mapping = parse_mapping(
        {
            "source": "no-key",
            "at": "投诉时间",
            "columns": {"text": "投诉内容"},
            "constants": {"kind": "complaint", "channel": "phone"},
        }
    )
    path = sheet(ledger(4))
    assert taken_in(importer, world, path, mapping).imported == 4
    assert taken_in(importer, world, path, mapping).known == 4


@pytest.mark.parametrize(
    ("at_row", "error"),
    [(1, KeyboardInterrupt), (10, KeyboardInterrupt), (24, KeyboardInterrupt), (17, RuntimeError)],
)
def test_stopped_in_the_middle_nothing_is_lost_or_doubled(
    world: World,
    importer: Actor,
    sheet: Sheet,
    mapping: CaseMapping,
    monkeypatch: pytest.MonkeyPatch,
    at_row: int,
    error: type[BaseException],
) -> None:
    path = sheet(ledger(25))
    calls = 0
    original = Histories.add

    def add(self: Histories, **given: Any) -> Case:
        nonlocal calls
        calls += 1
        if calls == at_row:
            raise error
        return original(self, **given)

    with monkeypatch.context() as patch:
        patch.setattr(Histories, "add", add)
        with pytest.raises(error):
            taken_in(importer, world, path, mapping)
    stopped = ImportRun.objects.get()
    kept = (at_row - 1) // 10 * 10
    assert (stopped.state, stopped.imported, stopped.seen) == (RunState.STOPPED, kept, kept)
    assert counts() == (kept, kept)
    assert (Counter.objects.get().value if kept else Counter.objects.count()) == kept

    run = run_cases(actor=importer, run=stopped, table=open_table(path))
    assert (run.state, run.imported, run.known, run.refused) == ("done", 25 - kept, kept, 0)
    assert counts() == (25, 25)
    assert Case.objects.values("external_number").distinct().count() == 25
    assert Counter.objects.get().value == 25


def test_a_stop_while_rows_are_written(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment: cases and journal are written, the clocks are not."""
    path = sheet(ledger(15))

    def stopped(rows: list[Any]) -> None:
        if rows and isinstance(rows[0], CaseClock):
            raise KeyboardInterrupt
        insert(rows)

    monkeypatch.setattr(history, "insert", stopped)
    with pytest.raises(KeyboardInterrupt):
        taken_in(importer, world, path, mapping)
    assert counts() == (0, 0)
    assert not CaseEvent.objects.exists()
    assert not Entry.objects.filter(chain__subject_kind="case").exists()


def test_nobody_is_told_of_history(world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping) -> None:
    rows = [list(row) for row in ledger(12)]
    for row in rows[:6]:  # never answered, never closed: their clocks are long over
        row[-3:] = ["", "", ""]
    before = OutboxRow.objects.count()
    taken_in(importer, world, sheet(rows), mapping)
    advance_due(clock.now())
    assert CaseClock.objects.filter(breached=True).count() >= 6
    assert not Notification.objects.exists()
    assert OutboxRow.objects.count() == before


def test_bad_rows_are_named_and_the_others_come_in(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    rows: list[list[Any]] = [list(row) for row in ledger(12)]
    rows[0][3] = "上星期"
    rows[2][3] = ""
    rows[4][4] = "   "
    rows[5][6] = "2018/1/1 9:00"
    rows[6][0] = ""
    rows[7][4] = "=1+1"
    rows[8][3] = "2999/1/1 9:00"
    rows[9][3] = "2019/2/30 9:00"
    rows[10][4] = "漏" * 20_001
    run = taken_in(importer, world, sheet(rows, name="x.xlsx"), mapping)
    refused = dict(run.refusals.values_list("row", "reason"))
    assert sorted(refused) == [2, 4, 6, 7, 8, 9, 10, 11, 12]
    assert "上星期" in refused[2]
    assert "投诉时间" in refused[4]
    assert "答复时间" in refused[7] or "answered" in refused[7]
    assert "公式" in refused[9]
    assert (run.imported, run.refused, run.seen) == (3, 9, 12)
    assert Counter.objects.get().value == 3
    # mended, they come in, and those that came in stay as they are
    run = taken_in(importer, world, sheet(ledger(12), name="mended.xlsx"), mapping)
    assert (run.imported, run.known, Case.objects.count()) == (9, 3, 12)


def test_a_run_repeated_after_a_stop_names_each_bad_row_once(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    rows = [list(row) for row in ledger(3)]
    rows[1][3] = "上星期"
    path = sheet(rows)
    run = taken_in(importer, world, path, mapping)
    run_cases(actor=importer, run=run, table=open_table(path))
    assert (run.imported, run.known, run.refused) == (0, 2, 1)
    assert RefusedRow.objects.count() == 1


def test_a_missing_column_is_named_before_anything_happens(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    path = sheet([row[:5] for row in ledger(3)], titles=TITLES[:5])
    with pytest.raises(InvalidInput) as error:
        taken_in(importer, world, path, mapping)
    for column in ("处理情况", "答复时间", "结案时间"):
        assert column in str(error.value)
    assert not ImportRun.objects.exists()


def test_a_preview_says_what_would_happen_and_does_nothing(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    rows = [list(row) for row in ledger(6)]
    taken_in(importer, world, sheet(rows[:2]), mapping)
    rows[4][3] = "上星期"
    before = counts()
    table: Table = open_table(sheet(rows, name="more.csv"))
    found = preview_cases(actor=importer, table=table, mapping=mapping, unit=world.small.site_a)
    assert (found.total, found.good, found.known, [row for row, _why in found.refused]) == (6, 3, 2, [6])
    assert counts() == before


def test_what_the_procedure_would_refuse_is_told_before(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    """A preview that promises a row must keep it: codes are checked as they will be."""
    mapping.constants["severity"] = "enormous"
    table = open_table(sheet(ledger(3)))
    found = preview_cases(actor=importer, table=table, mapping=mapping, unit=world.small.site_a)
    assert (found.good, len(found.refused)) == (0, 3)
    run = taken_in(importer, world, sheet(ledger(3)), mapping)
    assert (run.imported, run.refused) == (0, 3)


def test_times_are_read_in_the_zone_of_the_file(world: World, importer: Actor, sheet: Sheet) -> None:
    mapping = parse_mapping(
        {
            "source": "abroad",
            "time_zone": "America/New_York",
            "at": "投诉时间",
            "columns": {"text": "投诉内容"},
            "constants": {"kind": "enquiry", "channel": "phone"},
        }
    )
    taken_in(importer, world, sheet(ledger(1)), mapping)
    assert Case.objects.get().registered_at == datetime.fromisoformat("2019-04-01T09:00:00-04:00")


def test_two_runs_of_one_file_at_the_same_time(
    real_connections: None, world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    path = sheet(ledger(40))
    gate = threading.Barrier(2)
    runs: list[ImportRun] = []

    def work() -> None:
        table = open_table(path)
        run = start_run(actor=importer, table=table, mapping=mapping, unit=world.small.site_a, name="x")
        gate.wait(20)
        runs.append(run_cases(actor=importer, run=run, table=table))

    at_once(work, work)
    assert [run.state for run in runs] == ["done", "done"]
    assert sum(run.imported for run in runs) == 40
    assert sum(run.known for run in runs) == 40
    assert counts() == (40, 40)
    assert Counter.objects.get().value == 40


def test_the_calendar_of_that_year_counts(
    world: World, importer: Actor, sheet: Sheet, mapping: CaseMapping
) -> None:
    """Told on the eve of the holidays of 2019: 1 to 7 October are off, Saturday 12 October is worked."""
    row = list(ledger(1)[0])
    row[3], row[6], row[7] = "2019/9/30 16:30", "2019/10/10 9:00", ""
    with time_machine.travel(local("2026-11-22 10:00"), tick=False):
        taken_in(importer, world, sheet([row]), mapping)
    answer = CaseClock.objects.get(name="answer")
    assert (answer.due, answer.breached, answer.state) == (local("2019-10-09 18:00"), True, "late")
