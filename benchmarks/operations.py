"""What is measured: each operation beside the bare view it is compared with."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from company import Company, find_company, fresh_tokens
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from stories import COMMON, RARE

from huiyin.cases.models import Case
from huiyin.cases.recording import record, register
from huiyin.core import clock
from huiyin.organization.models import Person
from huiyin.reports.issuing import issue_report
from huiyin.reports.models import IssuedReport
from huiyin.reports.periods import Period, period_of

EVENTS = 20
Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """`least` is requests a second with eight clients, `ratio` to the bare view; 0 for none asked."""

    name: str
    requests: list[Request]
    bare: list[Request]
    least: float
    ratio: float
    expect: int = 200
    queries: int = 0
    bytes: int = 0


def _get(path: str, session: str) -> list[Request]:
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "Accept-Encoding": "gzip"}
    return [{"method": "GET", "path": path, "headers": headers}]


def _post(path: str, tokens: list[str], company: Company) -> list[Request]:
    bodies = [
        {
            "kind": "complaint",
            "channel": "phone",
            "unit": site.code,
            "household": company.households[site.code][0],
            "category": "noise",
            "reporter": "王女士",
            "text": f"楼上装修太吵 {COMMON} {{n}}",
        }
        for site in company.sites[: len(tokens)]
    ]
    return [
        {"method": "POST", "path": path, "body": json.dumps(body).replace("{{n}}", "{n}"),
         "headers": {"Authorization": f"Bearer {token}", "Content-Type": "application/json",
                     "Idempotency-Key": "{n}"}}
        for body, token in zip(bodies, tokens, strict=True)
    ]  # fmt: skip


def _session(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _long_case(company: Company) -> Case:
    """A case with twenty events that came one by one, as on any day."""
    desk, head = company.actor("duty-1"), company.actor("department_head-1")
    told = {
        "kind": "complaint",
        "channel": "phone",
        "unit": "S001",
        "household": company.households["S001"][0],
        "category": "noise",
        "text": "楼上装修太吵，孩子睡不着。",
    }
    case = register(actor=desk, data=told).case
    record(actor=head, case=case, name="judged", data={"validity": "valid", "reason": "属实"})
    record(actor=head, case=case, name="assigned", data={"to_post": "handler", "person": "bench-handler-1"})
    while case.events.count() < EVENTS:
        name = ("chased", "contacted", "noted")[case.events.count() % 3]
        record(actor=head, case=case, name=name, data={"text": "已经和住户说明了进展"})
    return case


def _issued(company: Company, period: Period) -> IssuedReport:
    found = IssuedReport.objects.filter(company_id=company.root.pk, period=period.code).first()
    return found or issue_report(actor=company.actor("quality"), unit=company.root, period=period)


def operations(*, sqlite: bool) -> list[Operation]:
    """All of them, with what they need made and the queries of one request counted."""
    company = find_company()
    assert company is not None
    session = _session(company.person("manager"))
    case = _long_case(company)
    month = period_of("month", clock.today()).shifted(-1)
    issued = _issued(company, month)
    begin = month.start.strftime("%Y-%m-%dT%H:%M:%S%%2B08:00")
    group = _get(f"/group?begin={begin}", session)
    register_at = _post("/api/v1/cases", fresh_tokens(company), company)
    found = [
        Operation("register", register_at, [{**one, "path": "/write"} for one in register_at],
                  150 if sqlite else 300, 0.15, expect=201),
        Operation("case page", _get(f"/cases/{case.number}/", session), _get("/page", session), 150, 0.09),
        Operation("list", _get("/cases/", session), _get("/rows", session), 150, 0.35),
        Operation("search rare", _get(f"/cases/?q={quote(RARE)}", session),
                  _get(f"/like?q={quote(RARE)}", session), 200, 18),
        Operation("search common", _get(f"/cases/?q={quote(COMMON)}", session),
                  _get(f"/like?q={quote(COMMON)}", session), 200, 18),
        Operation("report live", _get(f"/reports/{month.code}/", session), group, 20, 0.8),
        Operation("report issued", _get(f"/reports/issued/{issued.uuid}/", session), group, 150, 6),
        Operation("desk", _get("/", session), _get("/page", session), 0, 0),
    ]  # fmt: skip
    return [_counted(one, company) for one in found]


def _counted(one: Operation, company: Company) -> Operation:
    """The same with how many queries a request asks, and how many bytes its answer has as sent."""
    client = Client(headers={"Accept-Encoding": "gzip", "Host": "localhost"})
    client.force_login(company.person("manager"))
    request = one.requests[0]

    def ask() -> Any:
        if request["method"] == "GET":
            return client.get(request["path"])
        headers = {**request["headers"], "Idempotency-Key": clock.now().isoformat() + str(len(known))}
        known.append(1)
        return client.post(request["path"], request["body"], content_type="application/json", headers=headers)

    known: list[int] = []
    ask()
    with CaptureQueriesContext(connection) as queries:
        response = ask()
    assert response.status_code == one.expect, (one.name, response.status_code, response.content[:300])
    return replace(one, queries=len(queries), bytes=len(response.content))
