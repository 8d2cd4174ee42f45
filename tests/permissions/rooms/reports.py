"""Reports: for who reports; issued by the post whose duty it is; published ones for who works with cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories.cases import install_beside_posts, register_case
from tests.permissions.model import Row, Table, World, everybody, only

from huiyin.core import clock
from huiyin.organization.models import Unit
from huiyin.reports.issuing import issue_report
from huiyin.reports.periods import period_of

REPORT = (
    "service_supervisor",
    "department_head",
    "deputy_general_manager",
    "general_manager",
    "quality",
    "auditor",
)
PUBLISH = ("general_manager", "quality")
COMPANY = ("deputy_general_manager", "general_manager", "quality", "auditor")
ELSEWHERE = {"other_site": 404, "other_company": 404}


def build(world: World) -> None:
    install_beside_posts(world.small.root)
    install_beside_posts(world.other.root)
    # a code that is found in this company alone
    Unit.objects.create(
        company=world.small.root, parent=world.small.site_a, code="A-REP", name="东湖客服组", kind="team"
    )
    register_case(world.actor("duty"))
    world.made["report"] = issue_report(
        actor=world.actor("department_head"),
        unit=world.small.site_a,
        period=period_of("month", clock.today()),
    )


def _reports(status: int, **named: int) -> Table:
    """An object of site A; for who has no reports at all it is not there."""
    return {**only(*REPORT, status=status, others=404), **ELSEWHERE, **named}


def _period(world: World) -> dict[str, str]:
    return {"period": period_of("month", clock.today()).code}


def _report(world: World) -> dict[str, Any]:
    return {"uuid": world.made["report"].uuid}


def _week(world: World) -> dict[str, str]:
    return {"unit": "A-REP", "day": (clock.today() - timedelta(days=clock.today().weekday())).isoformat()}


ROWS = [
    Row("reports:index", get=only(*REPORT, status=200)),
    Row("reports:page", kwargs=_period, shared="a month", get=only(*REPORT, status=200)),
    Row(
        "reports:page",
        kwargs=_period,
        query="?unit=B",
        shared="a month",
        get=only(*COMPANY, status=200, service_supervisor=404, department_head=404),
    ),
    Row("reports:cases", query="?period=2026-01", get=only(*REPORT, status=200)),
    Row("reports:published", get=everybody(200)),
    Row(
        "reports:objective",
        data=lambda world: {"rate": "satisfaction", "since": "2026-01", "percent": "95"},
        post=only(*PUBLISH, status=302),
    ),
    Row("reports:weekly", get=only(*REPORT, status=200)),
    Row("reports:issued", kwargs=_report, get=_reports(200)),
    Row("reports:issued-cases", kwargs=_report, get=only(*REPORT, status=200, **ELSEWHERE)),
    Row(
        "reports:issued-file",
        kwargs=lambda world: {**_report(world), "form": "xlsx"},
        get=_reports(200),
    ),
    Row(
        "reports:file",
        kwargs=lambda world: {**_period(world), "form": "xlsx"},
        shared="a month",
        get=only(*REPORT, status=200),
    ),
    Row(
        "reports:issue",
        kwargs=_period,
        shared="a month",
        data=lambda world: {"unit": "A-REP"},
        post=_reports(403, department_head=302, general_manager=302, quality=302),
    ),
    # given to the deputy general manager, who alone may agree to it
    Row(
        "reports:act",
        kwargs=lambda world: {**_report(world), "verb": "approve"},
        post=_reports(403, deputy_general_manager=302),
    ),
    Row(
        "reports:act",
        kwargs=lambda world: {**_report(world), "verb": "publish"},
        post=_reports(403, general_manager=409, quality=409),
    ),
    Row(
        "reports:week",
        kwargs=_week,
        get=only(*REPORT, status=200, **ELSEWHERE),
        post=only("department_head", status=302, **ELSEWHERE),
    ),
]
