"""Days at the end of all days: asked for in an address, they are no reason for an error page."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from huiyin.cases.filters import Filters
from huiyin.procedures.forms import PeriodForm
from huiyin.whatif.forms import ReplayForm

NO_DAYS = ["9999-12-31", "0001-01-01"]


@pytest.mark.parametrize("day", NO_DAYS)
def test_no_day_beyond_the_calendar(day: str) -> None:
    filters = Filters.from_query(QueryDict(f"from={day}&to={day}"))
    assert (filters.since, filters.until) == (None, None)
    since, until = PeriodForm({"since": day, "until": day}).period()
    assert date(2000, 1, 1) < since <= until < date(2200, 1, 1)
    choices = {"drafts": [("draft:1", "x")], "units": [("", "x")]}
    form = ReplayForm({"draft": "draft:1", "since": day, "until": day}, **choices)
    assert set(form.errors) == {"since", "until"}


def test_other_days_are_as_they_were() -> None:
    assert Filters.from_query(QueryDict("to=2026-04-07")).until == date(2026, 4, 7)
