"""Time: the worked examples of the design, and each rule of counting."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from huiyin.engine import Calendar, CalendarRangeError, DayTable, EngineError
from huiyin.engine.calendar import parse_windows
from huiyin.engine.daytable import state_council_days
from huiyin.engine.due import add_months, due_time, share_of
from huiyin.engine.durations import is_duration, parse_duration

SHANGHAI = ZoneInfo("Asia/Shanghai")
PM1_HOURS = parse_windows(["09:00-12:00", "13:30-18:00"])
OFFICE = Calendar(SHANGHAI, PM1_HOURS)
ROUND_THE_CLOCK = Calendar(SHANGHAI)


def due(start: str, limit: str, calendar: Calendar = OFFICE, *, roll: bool = False) -> str:
    begin = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    return due_time(begin, parse_duration(limit), calendar, roll=roll).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-09-30 16:30", "2wd", "2026-10-09 18:00:00"),
        ("2026-10-08 10:00", "2wd", "2026-10-10 18:00:00"),
        ("2026-10-03 11:00", "1wd", "2026-10-08 18:00:00"),
        ("2026-11-20 17:30", "2h", "2026-11-20 19:30:00"),
        ("2026-11-20 17:30", "2sh", "2026-11-23 10:30:00"),
    ],
)
def test_worked_examples(start: str, limit: str, expected: str) -> None:
    assert due(start, limit) == expected


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-11-20 23:45:10", "30min", "2026-11-21 00:15:10"),
        ("2026-11-20 23:00", "2h", "2026-11-21 01:00:00"),
    ],
)
def test_minutes_and_hours_run_from_the_very_moment_round_the_clock(
    start: str, limit: str, expected: str
) -> None:
    assert due(start, limit) == expected


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-11-20 10:00", "2sh", "2026-11-20 12:00:00"),
        ("2026-11-20 10:00", "3sh", "2026-11-20 14:30:00"),
        ("2026-11-20 12:30", "1sh", "2026-11-20 14:30:00"),
        ("2026-11-20 08:00", "8sh", "2026-11-23 09:30:00"),
        ("2026-09-30 18:00", "1sh", "2026-10-08 10:00:00"),
        ("2026-10-10 17:00", "2sh", "2026-10-12 10:00:00"),
    ],
)
def test_service_hours_only(start: str, limit: str, expected: str) -> None:
    assert due(start, limit) == expected


def test_service_hours_without_any_are_plain_hours() -> None:
    assert due("2026-11-20 23:00", "2sh", ROUND_THE_CLOCK) == "2026-11-21 01:00:00"


def test_service_hours_may_also_be_kept_on_rest_days() -> None:
    daily = Calendar(SHANGHAI, parse_windows(["08:00-20:00"]), parse_windows(["10:00-12:00"]))
    assert due("2026-11-20 19:00", "2sh", daily) == "2026-11-21 11:00:00"
    assert due("2026-11-20 19:00", "3sh", daily) == "2026-11-21 12:00:00"
    assert due("2026-11-20 19:00", "4sh", daily) == "2026-11-22 11:00:00"
    assert due("2026-11-19 19:00", "2d", daily) == "2026-11-21 12:00:00"


def test_working_days_without_service_hours_end_at_24_00() -> None:
    assert due("2026-09-30 16:30", "2wd", ROUND_THE_CLOCK) == "2026-10-10 00:00:00"


def test_the_day_of_receipt_is_not_counted_even_after_service() -> None:
    assert due("2026-11-16 00:00", "1wd") == due("2026-11-16 23:59:59", "1wd") == "2026-11-17 18:00:00"


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-11-16 10:00", "3d", "2026-11-19 18:00:00"),
        ("2026-11-16 10:00", "5d", "2026-11-22 00:00:00"),
        ("2026-01-31 10:00", "1mo", "2026-02-28 18:00:00"),
        ("2026-03-16 10:00", "1mo", "2026-04-16 18:00:00"),
        ("2026-12-15 10:00", "3mo", "2027-03-15 18:00:00"),
        ("2024-02-29 10:00", "1y", "2025-02-28 18:00:00"),
        ("2026-11-02 10:00", "1w", "2026-11-09 18:00:00"),
    ],
)
def test_calendar_days_and_months(start: str, limit: str, expected: str) -> None:
    assert due(start, limit) == expected


def test_a_last_day_that_is_no_service_day_ends_at_24_00() -> None:
    assert due("2026-09-28 10:00", "5d") == "2026-10-04 00:00:00"
    assert due("2026-10-05 10:00", "5d") == "2026-10-10 18:00:00"


def test_roll_moves_a_rest_day_to_the_next_working_day_and_only_that() -> None:
    assert due("2026-09-28 10:00", "5d", roll=True) == "2026-10-08 18:00:00"
    assert due("2026-11-16 10:00", "3d", roll=True) == "2026-11-19 18:00:00"
    assert due("2026-10-05 10:00", "5d", roll=True) == "2026-10-10 18:00:00"


def test_a_month_without_that_date_ends_on_its_last_day() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


def test_summer_time_does_not_shorten_hours() -> None:
    berlin = Calendar(ZoneInfo("Europe/Berlin"))
    start = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    end = due_time(start, parse_duration("2h"), berlin)
    assert end.isoformat() == "2026-03-29T04:30:00+02:00"


def test_what_is_finer_than_a_second_is_cut_off() -> None:
    assert OFFICE.local(datetime(2026, 11, 20, 1, 0, 0, 999999, tzinfo=ZoneInfo("UTC"))) == datetime(
        2026, 11, 20, 9, tzinfo=SHANGHAI
    )


@pytest.mark.parametrize("text", ["", "0h", "2", "h", "2 h", "-1d", "1.5h", "2H", "2hh", "asked"])
def test_what_is_no_duration(text: str) -> None:
    assert not is_duration(text)
    with pytest.raises(EngineError) as caught:
        parse_duration(text)
    assert caught.value.code == "duration"


@pytest.mark.parametrize(
    "hours", [["9:00-12:00"], ["12:00-09:00"], ["09:00-12:00", "11:00-13:00"], ["09:60-10:00"]]
)
def test_service_hours_that_cannot_be(hours: list[str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_windows(hours)


def test_share_of_service_time_and_of_elapsed_time() -> None:
    begin = datetime(2026, 9, 30, 16, 30, tzinfo=SHANGHAI)
    end = datetime(2026, 10, 9, 18, tzinfo=SHANGHAI)
    assert share_of(begin, end, 50, OFFICE, elapsed=False) == datetime(2026, 10, 8, 17, 15, tzinfo=SHANGHAI)
    assert share_of(begin, end, 50, OFFICE, elapsed=True) == datetime(2026, 10, 5, 5, 15, tzinfo=SHANGHAI)


def test_share_of_a_stretch_without_service_time_is_of_elapsed_time() -> None:
    begin = datetime(2026, 10, 3, 10, tzinfo=SHANGHAI)
    end = datetime(2026, 10, 3, 20, tzinfo=SHANGHAI)
    assert share_of(begin, end, 50, OFFICE, elapsed=False) == datetime(2026, 10, 3, 15, tzinfo=SHANGHAI)


def test_service_between_counts_windows_only() -> None:
    begin = datetime(2026, 11, 20, 11, 0, tzinfo=SHANGHAI)
    assert OFFICE.service_between(begin, datetime(2026, 11, 20, 14, 0, tzinfo=SHANGHAI)) == 5400
    assert (
        OFFICE.service_between(begin, datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)) == 3600 + 16200 + 1800
    )
    assert OFFICE.service_between(begin, begin) == 0
    assert OFFICE.service_between(datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI), begin) == 0


def test_official_years_and_estimated_ones() -> None:
    table = state_council_days()
    assert not table.estimated(2004)
    assert not table.estimated(2026)
    assert table.estimated(2003)
    assert table.estimated(2027)
    assert not table.working(date(2027, 1, 1))
    assert not table.working(date(2027, 10, 1))
    assert table.working(date(2027, 10, 4))
    assert OFFICE.estimated_between(date(2026, 12, 30), date(2027, 1, 4)) == (2027,)
    assert OFFICE.estimated_between(date(2026, 1, 1), date(2026, 12, 31)) == ()


def test_a_revised_year_replaces_the_arrangement_and_makes_it_official() -> None:
    table = state_council_days().revised(2027, off=[date(2027, 2, 8)], work=[date(2027, 2, 20)])
    assert not table.estimated(2027)
    assert not table.working(date(2027, 2, 8))
    assert table.working(date(2027, 2, 20))
    assert table.working(date(2027, 10, 1))
    assert not table.working(date(2026, 10, 1))
    again = table.revised(2027, off=[], work=[], official=False)
    assert again.estimated(2027)
    assert again.working(date(2027, 2, 8))
    calendar = Calendar(SHANGHAI, PM1_HOURS, table=table)
    assert due("2027-02-05 10:00", "1wd", calendar) == "2027-02-09 18:00:00"


def test_dates_beyond_the_calendar_are_an_error() -> None:
    with pytest.raises(CalendarRangeError) as caught:
        due("1994-12-31 10:00", "1wd")
    assert caught.value.code == "calendar_range"
    with pytest.raises(CalendarRangeError):
        due("2060-12-31 10:00", "1wd")
    with pytest.raises(CalendarRangeError):
        due("2060-12-31 10:00", "100sh")


def test_the_first_and_last_days_of_the_calendar_count() -> None:
    assert due("1995-01-01 10:00", "1wd") == "1995-01-02 18:00:00"
    assert due("2060-12-30 10:00", "1wd") == "2060-12-31 18:00:00"


def test_a_table_of_days_knows_only_its_differences() -> None:
    table = DayTable()
    assert table.working(date(2026, 10, 1))
    assert not table.working(date(2026, 10, 10))
