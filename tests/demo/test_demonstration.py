"""What a visitor finds in the demonstration, and that it is made through the services like any other day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.demo.conftest import NOW

from huiyin.cases.models import Case, CaseClock, CaseEvent
from huiyin.core import clock
from huiyin.demo.building import sign_ins
from huiyin.journal.models import Entry
from huiyin.journal.verification import verify
from huiyin.notify.models import Notification
from huiyin.organization.models import Person, Unit
from huiyin.organization.selectors import actor_for
from huiyin.reports.figures.conditions import ENDINGS
from huiyin.reports.models import IssuedReport, WeeklyReview
from huiyin.reports.periods import period_of
from huiyin.reports.selectors import live_report
from huiyin.slips.models import Slip

COMING = ("open_start", "received", "reopened")


def test_people_call_by_day_only(demonstration: Unit) -> None:
    hours = {timezone.localtime(one).hour for one in Case.objects.values_list("registered_at", flat=True)}
    assert Case.objects.count() > 60
    assert hours <= set(range(7, 22))


def test_there_is_something_of_everything(demonstration: Unit) -> None:
    kinds = set(Case.objects.values_list("kind", flat=True))
    assert kinds == {"complaint", "repair", "enquiry", "suggestion", "praise"}
    states = set(Case.objects.values_list("state", flat=True))
    assert {"registered", "assigned", "accepted", "answered", "closed"} <= states
    promises = list(CaseClock.objects.filter(name="promise").values_list("state", flat=True))
    # a decent company: most of what was promised is kept, not all
    assert promises.count("met") >= 4 * promises.count("late")
    assert Slip.objects.filter(open=False).exists()
    assert Case.objects.filter(clocks__breached=True).exists()


def test_three_neighbours_complain_about_one_lift(demonstration: Unit) -> None:
    fresh = Case.objects.filter(category="lift", recorded_at__gte=NOW - timedelta(hours=20), open=True)
    buildings = list(fresh.values_list("place__building", flat=True))
    assert max(map(buildings.count, buildings)) >= 3


def test_nothing_old_is_left_lying(demonstration: Unit) -> None:
    """What is on the desks is of these days; a case forgotten for weeks would be no good example."""
    assert not Case.objects.filter(open=True, registered_at__lt=NOW - timedelta(days=12)).exists()


def test_the_offices_have_signed_and_reported(demonstration: Unit) -> None:
    assert {report.unit.code for report in IssuedReport.objects.select_related("unit")} == {"JX", "CL", "YG"}
    signed = WeeklyReview.objects.values_list("unit__code", flat=True)
    # one of them has let a week go by
    assert list(signed).count("YG") == list(signed).count("JX") - 1


def test_today_is_unread_and_older_news_is_read(demonstration: Unit) -> None:
    assert Notification.objects.filter(read_at=None).exists()
    assert not Notification.objects.filter(read_at=None, at__lt=NOW - timedelta(days=2)).exists()


def test_everything_stands_in_the_journal_at_its_own_time(demonstration: Unit) -> None:
    assert verify().ok
    latest = Entry.objects.filter(company=demonstration).latest("recorded_at").recorded_at
    assert latest <= NOW
    registered = CaseEvent.objects.filter(name="registered").select_related("case")
    assert all(one.at == one.case.registered_at for one in registered)


def test_the_balance_of_each_report_holds(demonstration: Unit) -> None:
    manager = actor_for(Person.objects.get(username="zhengguohua"))
    for back in (0, 1):
        period = period_of("month", clock.today()).shifted(-back)
        for code in ("demo", "JX", "CL", "YG"):
            unit = Unit.objects.get(company=demonstration, code=code)
            figures = live_report(manager, period=period, unit=unit)["figures"]
            coming = sum(figures[name] for name in COMING)
            assert coming - sum(figures[name] for name in ENDINGS) == figures["open_end"], (period.code, code)


@pytest.mark.parametrize("number", range(9))
def test_each_post_signs_in_with_the_password_on_the_terminal(demonstration: Unit, number: int) -> None:
    _post, username, password = sign_ins()[number]
    client = Client()
    response = client.post("/account/login/", {"login": username, "password": password})
    assert response.status_code == 302, username
    assert client.get("/", follow=True).status_code == 200
