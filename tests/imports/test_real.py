"""Files nobody here wrote, whole. Skipped where they do not lie beside the project."""

from __future__ import annotations

from pathlib import Path

import chinese_calendar
import pandas as pd
import pytest
from tests.cases.conftest import World
from tests.imports.conftest import shared_file

from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.core.models import OutboxRow
from huiyin.imports.mapping import load_mapping
from huiyin.imports.models import ImportedRow, ImportRun
from huiyin.imports.reading import open_table
from huiyin.imports.services import run_cases, start_run
from huiyin.journal.models import Entry
from huiyin.notify.models import Notification
from huiyin.organization.actors import Actor
from huiyin.reports.periods import parse_period
from huiyin.reports.selection import selection
from huiyin.reports.selectors import frame_for, live_report

MESSAGES = "messages/messages.xlsx"
REQUESTS = "requests311/311_sample.csv"


def taken_in(actor: Actor, world: World, path: Path, name: str) -> ImportRun:
    table = open_table(path)
    run = start_run(
        actor=actor, table=table, mapping=load_mapping(name), unit=world.small.site_a, name=path.name
    )
    return run_cases(actor=actor, run=run, table=table)


@pytest.mark.slow
def test_the_message_board(world: World, importer: Actor) -> None:
    """1,409 messages of nine years and their replies, each at its real time; the second time nothing."""
    path = shared_file(MESSAGES)
    waiting = OutboxRow.objects.count()
    run = taken_in(importer, world, path, "messages")
    assert (run.seen, run.imported, run.known, run.refused) == (1409, 1409, 0, 0)
    written = _messages(path)
    assert set(Case.objects.values_list("external_number", flat=True)) == set(written["number"])
    known = {
        number: (told, answered)
        for number, told, answered in Case.objects.values_list(
            "external_number", "registered_at", "answered_at"
        )
    }
    for row in written.itertuples():
        assert known[row.number] == (row.told, row.answered), row.number
    assert not Case.objects.exclude(historic=True).exists()
    assert CaseEvent.objects.filter(name="answered").count() == 1409
    _answers_are_in_time_by_the_calendar(written)
    assert not Notification.objects.exists()
    assert OutboxRow.objects.count() == waiting

    entries = Entry.objects.filter(chain__subject_kind="case").count()
    again = taken_in(importer, world, path, "messages")
    assert (again.imported, again.known, again.refused) == (0, 1409, 0)
    assert (Case.objects.count(), ImportedRow.objects.count()) == (1409, 1409)
    assert Entry.objects.filter(chain__subject_kind="case").count() == entries
    _april_2019(world, importer, written)


def _messages(path: Path) -> pd.DataFrame:
    """The file as pandas reads it, on its own."""
    frame = pd.read_excel(path)
    zone = "Asia/Shanghai"
    return pd.DataFrame(
        {
            "number": frame["留言编号"].astype(str),
            "told": pd.to_datetime(frame["留言时间"].astype(str), format="mixed").dt.tz_localize(zone),
            "answered": pd.to_datetime(frame["答复时间"].astype(str), format="mixed").dt.tz_localize(zone),
        }
    )


def _answers_are_in_time_by_the_calendar(written: pd.DataFrame) -> None:
    """Met or late as the working days of each year say, counted here day by day."""
    clocks = {
        number: (due, state)
        for number, due, state in CaseClock.objects.filter(name="answer").values_list(
            "case__external_number", "due", "state"
        )
    }
    assert len(clocks) == len(written)
    for row in written.itertuples():
        due, state = clocks[row.number]
        assert due == _next_working_day(row.told), row.number
        assert state == ("met" if row.answered <= due else "late"), row.number


def _next_working_day(told: pd.Timestamp) -> pd.Timestamp:
    """PM1 answers an enquiry within one working day: the first after the day of receipt, until 18:00."""
    day = told.normalize() + pd.Timedelta(days=1)
    while not chinese_calendar.is_workday(day.date()):
        day += pd.Timedelta(days=1)
    return day + pd.Timedelta(hours=18)


def _april_2019(world: World, actor: Actor, written: pd.DataFrame) -> None:
    told = written["told"]
    april = written[(told.dt.year == 2019) & (told.dt.month == 4)]
    before = written[told < "2019-04-01"]
    assert len(april) > 0
    frame = frame_for(actor, world.small.root, parse_period("2019-04"))
    assert selection("received", frame).count() == len(april)
    assert selection("new", frame).count() == len(april)
    assert selection("open_start", frame).count() == len(before)
    assert selection("open_end", frame).count() == len(before) + len(april)
    listed = Case.objects.filter(pk__in=selection("received", frame).case_ids())
    assert set(listed.values_list("external_number", flat=True)) == set(april["number"])
    report = live_report(actor, period=parse_period("2019-04"), unit=world.small.root)
    assert report["figures"]["received"] == len(april)
    quarter = frame_for(actor, world.small.root, parse_period("2019-Q2"))
    in_quarter = told[(told >= "2019-04-01") & (told < "2019-07-01")]
    assert selection("received", quarter).count() == len(in_quarter)


@pytest.mark.slow
def test_the_service_requests_of_a_city(world: World, importer: Actor) -> None:
    """10,000 rows: each a case with its real times, or named with its number and reason."""
    path = shared_file(REQUESTS)
    run = taken_in(importer, world, path, "requests311")
    assert run.seen == 10_000
    assert run.imported + run.refused == 10_000
    refused = list(run.refusals.values_list("row", "reason"))
    assert len(refused) == run.refused
    assert all(2 <= row <= 10_001 and reason for row, reason in refused)
    frame = pd.read_csv(path, dtype=str)
    assert run.imported == Case.objects.count() == frame["SRRecordID"].nunique()
    done = frame["CloseDate"].notna()
    assert Case.objects.filter(state="closed").count() == done.sum()
    at_once = frame[done & (frame["CloseDate"] == frame["CreatedDate"])]
    same = Case.objects.filter(external_number__in=list(at_once["ServiceRequestNum"]))
    assert all(case.closed_at == case.registered_at for case in same)
    first = frame.iloc[0]
    case = Case.objects.get(external_number=first["ServiceRequestNum"])
    told = pd.to_datetime(first["CreatedDate"], format="%m/%d/%Y %I:%M:%S %p").tz_localize("America/New_York")
    assert case.registered_at == told
    assert not Notification.objects.exists()
    again = taken_in(importer, world, path, "requests311")
    assert (again.imported, again.known + again.refused) == (0, 10_000)
    assert Case.objects.count() == run.imported
