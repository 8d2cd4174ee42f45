"""What the offices do beside the cases: weekly reviews, month reports with the decision on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from huiyin.core import clock
from huiyin.demo.company import Company
from huiyin.demo.people import SITE_STAFF, SITES
from huiyin.organization.models import Unit
from huiyin.reports.issuing import approve_report, decide_on_report, issue_report, publish_report
from huiyin.reports.models import Decision
from huiyin.reports.objectives import set_objective
from huiyin.reports.periods import Period, period_of
from huiyin.reports.reviews import sign_review

WEEKS = 8
REPORTED = 3
# the head of this site has let a week go by: the page of reviews shows it
FORGETFUL, FORGOTTEN = "YG", 2

Doing = tuple[datetime, Callable[[], object]]


def paperwork(company: Company, now: datetime, months: int) -> Iterator[Doing]:
    """Each with its moment; what would come after now has not happened yet."""
    for moment, act in (*_reviews(company, now, months), *_reports(company, now, months)):
        if moment <= now:
            yield moment, act


def _head(site: str) -> str:
    return next(one.username for one in SITE_STAFF[site] if one.post == "department_head")


def _reviews(company: Company, now: datetime, months: int) -> Iterator[Doing]:
    """Every Friday afternoon the head of a site signs the week."""
    this = now.date() - timedelta(days=now.weekday())
    for back in range(min(WEEKS, months * 4)):
        monday = this - timedelta(weeks=back)
        for position, site in enumerate(SITES):
            if (site.code, back) != (FORGETFUL, FORGOTTEN):
                moment = clock.at(monday + timedelta(days=4), time(16, 10 + 7 * position), now.tzinfo)
                yield moment, partial(_sign, company, site.code, monday)


def _sign(company: Company, site: str, monday: date) -> None:
    sign_review(actor=company.actor(_head(site)), unit=company.units[site], week=monday)


def _reports(company: Company, now: datetime, months: int) -> Iterator[Doing]:
    """On the first morning of a month the sites report the last one; the month before is agreed upon."""
    first = period_of("month", now.date()).shifted(-months)
    yield now - timedelta(days=30 * months), partial(_aim, company, first)
    for back in range(min(REPORTED, months)):
        month = period_of("month", now.date()).shifted(-1 - back)
        begins = clock.at((month.end + timedelta(hours=12)).date(), time(9, 20), now.tzinfo)
        for position, site in enumerate(SITES):
            moment = begins + timedelta(minutes=12 * position)
            yield moment, partial(_report, company, company.units[site.code], month, decided=back > 0)


def _aim(company: Company, first: Period) -> None:
    """Of a hundred answers 95 in time, from the beginning on."""
    set_objective(actor=company.actor("linfang"), rate="in_time", since=first.first, percent=Decimal(95))


def _report(company: Company, unit: Unit, month: Period, *, decided: bool) -> None:
    report = issue_report(actor=company.actor(_head(unit.code)), unit=unit, period=month)
    if not decided:
        return
    deputy = company.actor("sunwei")
    approve_report(actor=deputy, report=report)
    decide_on_report(
        actor=deputy,
        report=report,
        decision=Decision.values[0],
        reason="漏水和电梯两类合计超过一半，请工程部拿出措施。",
    )
    publish_report(actor=company.actor("linfang"), report=report)
