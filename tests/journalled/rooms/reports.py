"""The services of reports."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.factories.cases import install_beside_posts, register_case
from tests.factories.organization import SmallCompany

from huiyin.core import clock
from huiyin.reports.issuing import (
    approve_report,
    decide_on_report,
    decline_report,
    issue_report,
    publish_report,
)
from huiyin.reports.models import Decision, IssuedReport
from huiyin.reports.objectives import set_objective
from huiyin.reports.periods import period_of
from huiyin.reports.reviews import sign_review


def _report(small: SmallCompany) -> IssuedReport:
    install_beside_posts(small.root)
    register_case(small.actor("duty_a"))
    month = period_of("month", clock.today())
    return issue_report(actor=small.actor("head_a"), unit=small.site_a, period=month)


def _approved(small: SmallCompany) -> IssuedReport:
    report = _report(small)
    approve_report(actor=small.actor("deputy"), report=report)
    return report


def _review(small: SmallCompany) -> object:
    install_beside_posts(small.root)
    monday = clock.today() - timedelta(days=clock.today().weekday())
    return sign_review(actor=small.actor("head_a"), unit=small.site_a, week=monday)


PERFORM = {
    "issue_report": _report,
    "approve_report": _approved,
    "decline_report": lambda small: decline_report(
        actor=small.actor("deputy"), report=_report(small), text="少了一处"
    ),
    "publish_report": lambda small: publish_report(actor=small.actor("quality"), report=_approved(small)),
    "decide_on_report": lambda small: decide_on_report(
        actor=small.actor("deputy"), report=_report(small), decision=Decision.values[0], reason="漏水连升三月"
    ),
    "set_objective": lambda small: set_objective(
        actor=small.actor("quality"), rate="in_time", since=202601, percent=Decimal(95)
    ),
    "sign_review": _review,
}
READS = {"build": "computes figures"}
