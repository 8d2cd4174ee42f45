"""Reports that were issued, and the weekly review."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from tests.reports.conftest import World, local, random_history

from huiyin.core import outbox
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.core.models import OutboxRow
from huiyin.journal.models import Entry
from huiyin.reports import guards
from huiyin.reports.figures.conditions import FIGURES
from huiyin.reports.issuing import (
    approve_report,
    decide_on_report,
    decline_report,
    is_unchanged,
    issue_report,
    publish_report,
)
from huiyin.reports.listing import frozen_ids
from huiyin.reports.models import IssuedList, IssuedReport
from huiyin.reports.periods import parse_period
from huiyin.reports.reviews import sign_review, weeks_of
from huiyin.reports.selectors import issued_report, published_reports, readable_report, unit_for


def issue(world: World, who: str, code: str, period: str, now: str = "2026-05-06 09:00") -> IssuedReport:
    actor = world.actor(who)
    with time_machine.travel(local(now), tick=False):
        return issue_report(
            actor=actor, unit=unit_for(actor, code), period=parse_period(period), remark="本月漏水偏多。"
        )


@pytest.mark.clause("PM1-7.2.13")
def test_the_month_end_report_of_a_department_goes_to_the_deputy_general_manager(world: World) -> None:
    world.handled("2026-04-07")
    report = issue(world, "head_a", "A", "2026-04")
    assert report.approver_post == "deputy_general_manager"
    assert report.clause == "7.2.13"
    assert report.figures["figures"]["complaints_valid"] == 1
    assert report.progress == "waiting"
    with pytest.raises(Forbidden):
        approve_report(actor=world.actor("head_a"), report=report)
    approve_report(actor=world.actor("deputy"), report=report, text="同意")
    assert IssuedReport.objects.get().progress == "approved"
    with pytest.raises(Conflict):
        decline_report(actor=world.actor("deputy"), report=report, text="再看看")


def test_who_may_not_issue_is_told_so(world: World) -> None:
    with pytest.raises(NotFound):
        issue(world, "handler_a", "A", "2026-04")
    with pytest.raises(NotFound):
        issue(world, "head_a", "B", "2026-04")
    with pytest.raises(Forbidden):
        issue(world, "head_a", "A", "2026-Q1")
    with pytest.raises(InvalidInput):
        issue(world, "manager", "", "2026-06")


def test_an_issued_report_does_not_change_by_what_comes_later(world: World) -> None:
    random_history(world, seed=3, cases=12, start="2026-04-01 08:00", days=30)
    report = issue(world, "manager", "", "2026-04")
    figures = report.figures
    lists = {(one.figure, one.bucket): one.cases for one in report.lists.all()}
    random_history(world, seed=4, cases=6, start="2026-05-07 08:00", days=10)
    again = IssuedReport.objects.get(pk=report.pk)
    assert again.figures == figures
    assert {(one.figure, one.bucket): one.cases for one in again.lists.all()} == lists
    for name in FIGURES:
        assert len(frozen_ids(again, name, {})) == figures["figures"][name], name
    for site in figures["sites"]:
        for name, count in site["figures"].items():
            assert len(frozen_ids(again, name, {"site": site["id"]})) == count
    assert is_unchanged(again)


def test_a_report_that_somebody_altered_is_found_out(world: World) -> None:
    world.handled("2026-04-07")
    report = issue(world, "manager", "", "2026-04")
    assert is_unchanged(report)
    # by somebody who took the database's guards away; the test's transaction brings them back
    connection.check_constraints()
    guards.remove(connection)
    IssuedList.objects.filter(report=report, figure="received", bucket="").update(cases=[])
    assert not is_unchanged(report)
    report.refresh_from_db()
    report.digest = "0" * 64
    report.save()
    assert not is_unchanged(report)


@pytest.mark.clause("PM1-7.2.14")
def test_the_quarterly_analysis_is_published_to_the_departments(world: World) -> None:
    world.handled("2026-04-07")
    world.small.people["head_b"].email = "head_b@example.com"
    world.small.people["head_b"].save()
    report = issue(world, "quality", "", "2026-Q2", now="2026-07-06 09:00")
    assert report.clause == "7.2.14"
    with pytest.raises(NotFound):
        readable_report(world.actor("handler_b"), report.uuid)
    publish_report(actor=world.actor("quality"), report=report)
    assert readable_report(world.actor("handler_b"), report.uuid) == report
    assert [one.pk for one in published_reports(world.actor("duty_a"))[0]] == [report.pk]
    with pytest.raises(NotFound):
        issued_report(world.actor("handler_b"), report.uuid)
    with pytest.raises(Conflict):
        publish_report(actor=world.actor("quality"), report=report)
    outbox.deliver_due()
    assert OutboxRow.objects.filter(topic="report.mail", payload__what="published").count() == 1


def test_a_report_that_waits_for_approval_is_not_published(world: World) -> None:
    report = issue(world, "head_a", "A", "2026-04")
    with pytest.raises(Conflict):
        publish_report(actor=world.actor("quality"), report=report)
    decline_report(actor=world.actor("deputy"), report=report, text="类别归错了")
    with pytest.raises(Conflict):
        publish_report(actor=world.actor("quality"), report=report)


@pytest.mark.clause("PM1-7.2.15")
def test_the_deputy_general_manager_decides_on_action_with_the_reason(world: World) -> None:
    report = issue(world, "head_a", "A", "2026-04")
    with pytest.raises(Forbidden):
        decide_on_report(actor=world.actor("head_a"), report=report, decision="none", reason="不用")
    with pytest.raises(InvalidInput):
        decide_on_report(actor=world.actor("deputy"), report=report, decision="corrective", reason=" ")
    act = decide_on_report(
        actor=world.actor("deputy"), report=report, decision="corrective", reason="漏水连续两个月居首"
    )
    assert (act.clause, act.post) == ("7.2.15", "deputy_general_manager")
    entry = Entry.objects.get(name="report_decided")
    assert entry.data["decision"] == "corrective"
    assert entry.texts.get().text == "漏水连续两个月居首"


@pytest.mark.clause("PM1-7.2.16")
def test_the_year_becomes_a_summary_for_the_management_review(world: World) -> None:
    world.handled("2026-04-07")
    world.handled("2026-11-10", who="duty_b", head="head_b")
    report = issue(world, "deputy", "", "2026", now="2027-01-05 09:00")
    assert report.clause == "7.2.16"
    assert report.figures["figures"]["complaints"] == 2
    assert report.figures["feeds"] == ["management_review"]


@pytest.mark.clause("PM1-7.2.12")
def test_the_head_reviews_the_weeks_records_on_record(world: World) -> None:
    case = world.handled("2026-04-07")
    world.handled("2026-04-08", who="duty_b", head="head_b")
    head = world.actor("head_a")
    unit = unit_for(head, "A")
    with time_machine.travel(local("2026-04-22 09:00"), tick=False):
        assert [week.missing for week in weeks_of(unit)] == [False, True, True]
        with pytest.raises(Forbidden):
            sign_review(actor=world.actor("manager"), unit=unit, week=date(2026, 4, 6))
        with pytest.raises(InvalidInput):
            sign_review(actor=head, unit=unit, week=date(2026, 4, 7))
        review = sign_review(actor=head, unit=unit, week=date(2026, 4, 6), remark="水管老化，排期更换")
        assert review.cases == [case.pk]
        assert [week.missing for week in weeks_of(unit)] == [False, True, False]
        with pytest.raises(Conflict):
            sign_review(actor=head, unit=unit, week=date(2026, 4, 6))
    entry = Entry.objects.get(name="week_reviewed")
    assert (entry.data["week"], entry.data["clause"]) == ("2026-04-06", "7.2.12")
