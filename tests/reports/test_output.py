"""What goes out: the links of the page, the files, the command, all of one history."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from pathlib import Path

import openpyxl
import pdfplumber
import pytest
import time_machine
from django.test import Client
from docx import Document
from tests.reports.conftest import World, local

from huiyin.cli.main import main
from huiyin.reports.periods import parse_period
from huiyin.reports.selectors import live_report, unit_for

NOW = "2026-05-20 12:00"


def test_every_figure_on_the_page_opens_as_many_cases(history: World) -> None:
    client = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(history.small.people["manager"], backend=backend)
    with time_machine.travel(local(NOW), tick=False):
        page = client.get("/reports/2026-04/").content.decode()
        links = re.findall(r'href="(/reports/cases/[^"]+)">(\d+)</a>', page)
        assert len(links) > 60
        for address, number in dict.fromkeys(links):
            answer = client.get(unescape(address) + "&form=xlsx")
            sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
            assert sheet is not None
            assert sheet.max_row - 3 == int(number), address


@pytest.mark.slow
def test_the_report_as_a_spreadsheet_word_and_pdf(history: World) -> None:
    client = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(history.small.people["manager"], backend=backend)
    with time_machine.travel(local(NOW), tick=False):
        actor = history.actor("manager")
        data = live_report(actor, period=parse_period("2026-04"), unit=unit_for(actor))
        book = openpyxl.load_workbook(io.BytesIO(client.get("/reports/2026-04/file.xlsx").content))
        word = Document(io.BytesIO(client.get("/reports/2026-04/file.docx").content))
        pdf = client.get("/reports/2026-04/file.pdf")
    assert book["收结平衡"]["B4"].value == data["figures"]["open_start"]
    text = "\n".join(one.text for one in word.paragraphs)
    assert "和风集团顾客投诉报告（2026 年 4 月）" in text
    assert "{" not in text
    assert len(word.inline_shapes) >= 4
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert str(data["figures"]["open_end"]) in cells
    with pdfplumber.open(io.BytesIO(pdf.content)) as pages:
        printed = "".join(page.extract_text() for page in pages.pages)
    assert "和风集团顾客投诉报告（2026年4月）" in printed.replace(" ", "")
    assert "期末未结" in printed


def test_the_command_prints_the_same_figures(
    history: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    actor = history.actor("manager")
    expected = live_report(
        actor, period=parse_period("2026-04"), unit=unit_for(actor, "A"), cutoff=local("2026-05-10 00:00")
    )
    with time_machine.travel(local(NOW), tick=False):
        asked = ["report", "--month", "2026-04", "--unit", "A", "--cutoff", "2026-05-10T00:00"]
        assert main(asked) == 0
        assert json.loads(capsys.readouterr().out)["figures"] == expected["figures"]
        out = tmp_path / "april.xlsx"
        assert main([*asked, "--format", "xlsx", "--out", str(out)]) == 0
        assert openpyxl.load_workbook(out).sheetnames[0] == "说明"
        assert main(["report", "--month", "2026-Q2"]) == 2
        assert main(["report", "--month", "2026-04", "--unit", "nowhere"]) == 2
        assert main(["report", "--year", "2026", "--cutoff", "tomorrow"]) == 2
    assert capsys.readouterr().err.count("\n") == 4


def test_a_month_is_counted_with_few_queries(history: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    actor = history.actor("manager")
    unit = unit_for(actor)
    with django_assert_max_num_queries(25):
        live_report(actor, period=parse_period("2026-04"), unit=unit, cutoff=local(NOW))
