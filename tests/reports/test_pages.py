"""The pages, the lists behind the figures, and the files."""

from __future__ import annotations

import io

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.reports.conftest import World, local, random_history

from huiyin.reports.periods import parse_period
from huiyin.reports.selectors import live_report, unit_for

NOW = "2026-05-20 12:00"


@pytest.fixture
def client_of(world: World):  # type: ignore[no-untyped-def]
    def make(username: str) -> Client:
        client = Client()
        client.force_login(
            world.small.people[username], backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return make


def test_a_report_of_another_unit_is_not_found(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    head = client_of("head_a")
    for address in (
        "/reports/2026-04/?unit=B",
        "/reports/2026-04/file.xlsx?unit=B",
        "/reports/?unit=B",
        "/reports/cases/?figure=received&period=2026-04&unit=B",
        "/reports/cases/?figure=received&period=2026-04&unit=HQ",
        "/reports/weekly/?unit=B",
        "/reports/weekly/B/2026-04-06/",
    ):
        assert head.get(address).status_code == 404, address
    assert head.get("/reports/2026-04/?unit=A").status_code == 200
    assert head.get("/reports/cases/?figure=nonsense&period=2026-04").status_code == 404
    assert head.get("/reports/cases/?figure=received&period=April").status_code == 422
    assert client_of("handler_a").get("/reports/").status_code == 403
    assert Client().get("/reports/").status_code == 302


def test_issue_approve_and_publish_on_the_pages(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    world.register("2026-05-20 11:00", text="电梯又停了")
    with time_machine.travel(local(NOW), tick=False):
        head, deputy = client_of("head_a"), client_of("deputy")
        assert "签发" in head.get("/reports/2026-05/?unit=A").content.decode()
        issued = head.post("/reports/2026-05/issue/", {"unit": "A", "remark": "见附表"})
        assert issued.status_code == 302
        page = deputy.get(issued.url).content.decode()
        assert "见附表" in page
        assert "内容与签发时一致" in page
        assert head.post(issued.url + "approve/").status_code == 403
        assert deputy.post(issued.url + "approve/", {"text": "同意"}).status_code == 302
        assert deputy.post(issued.url + "decide/", {"decision": "none", "text": "个案"}).status_code == 302
        assert deputy.post(issued.url + "publish/").status_code == 302
        seen = client_of("handler_a").get(issued.url).content.decode()
        assert "个案" in seen
        assert "/cases/?figure" not in seen
        assert client_of("head_b").get(issued.url).status_code == 404
        listed = head.get(issued.url + "cases/?figure=received").content.decode()
        assert "电梯又停了" in listed
        assert "BB-2026-001" in head.get("/reports/").content.decode()
        assert "BB-2026-001" in client_of("handler_a").get("/reports/published/").content.decode()


def test_the_week_is_signed_on_its_page(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    world.handled("2026-05-12")
    with time_machine.travel(local(NOW), tick=False):
        head = client_of("head_a")
        assert "没有审阅" in head.get("/reports/weekly/").content.decode()
        address = reverse("reports:week", args=["A", "2026-05-11"])
        assert "TS-2026-0001" in head.get(address).content.decode()
        assert head.post(address, {"remark": "已看"}).status_code == 302
        assert "没有审阅" not in head.get("/reports/weekly/").content.decode()


def test_a_cell_that_begins_like_a_formula_stays_text(world: World, client_of) -> None:  # type: ignore[no-untyped-def]
    nasty = '=HYPERLINK("http://evil.example","点我")'
    with time_machine.travel(local(NOW), tick=False):
        world.register(NOW, text=nasty)
        answer = client_of("head_a").get("/reports/cases/?figure=received&period=2026-05&form=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == nasty]
    assert [cell.data_type for cell in found] == ["s"]


def test_random_histories_with_other_seeds_balance_too(world: World) -> None:
    from huiyin.reports.figures.conditions import ENDINGS

    for seed in (101, 102):
        random_history(world, seed=seed, cases=10, days=40)
    actor = world.actor("manager")
    for period in ("2026-03", "2026-04", "2026"):
        found = live_report(actor, period=parse_period(period), unit=unit_for(actor), cutoff=local(NOW))
        figures = found["figures"]
        ended = sum(figures[name] for name in ENDINGS)
        assert figures["open_start"] + figures["new"] + figures["reopened"] - ended == figures["open_end"]
