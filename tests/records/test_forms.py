"""The company's own forms: what is on record stands in the right blank, in Word and in PDF."""

from __future__ import annotations

import io
from collections.abc import Callable

import pdfplumber
import pytest
from django.db import connection
from django.test import Client
from docx import Document
from tests.reports.conftest import World

from huiyin.cases.models import Case
from huiyin.journal.models import Entry
from huiyin.records import forms
from huiyin.records.forms import case_sheet, render_case_form, render_slip, slip_sheet
from huiyin.slips.models import Slip


def words_of_word(content: bytes) -> list[str]:
    """The text of each cell, each once."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*dict.fromkeys([*[one.text for one in document.paragraphs], *cells])]


def words_of_pdf(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as pages:
        return "".join(page.extract_text() for page in pages.pages).replace(" ", "").replace("\n", "")


def finished(world: World) -> Case:
    case = world.register(
        "2026-04-07 09:00",
        text="楼上漏水，天花板在滴。\n还有<霉斑>。",
        demand="当天修好",
        reporter="王女士",
        reporter_phone="13800138000",
    )
    world.record(
        "2026-04-07 09:30", case, "judged", validity="valid", reason="水管维修不到位", urgency="ordinary"
    )
    world.record("2026-04-07 11:00", case, "completed", result="已更换水管并粉刷")
    world.record("2026-04-07 11:10", case, "answered", text="水管已经换好。", means="phone")
    world.record(
        "2026-04-08 15:00", case, "followed_up", outcome="satisfied", means="phone", text="师傅来得快，很满意"
    )
    world.record("2026-04-08 15:05", case, "closed")
    case.refresh_from_db()
    return case


IN_THE_FORM = (
    "2026-04-07 09:00",
    "电话",
    "王女士",
    "13800138000",
    "当天修好",
    "有效",
    "水管维修不到位",
    "已更换水管并粉刷",
    "水管已经换好。",
    "2026-04-08 15:00",
)


@pytest.mark.clause("PM1-7.2.7", "PM1-7.2.10")
def test_the_record_form_in_word(world: World, client_of: Callable[[str], Client]) -> None:
    case = finished(world)
    answer = client_of("head_a").get(f"/cases/{case.number}/form.docx")
    assert answer.status_code == 200
    found = words_of_word(answer.content)
    for words in (case.number, *IN_THE_FORM):
        assert words in found, words
    assert "顾客投诉处理记录表" in found
    assert "楼上漏水，天花板在滴。\n还有<霉斑>。" in found
    # the return visit stands in the field of the complainant's opinion, next to its label
    document = Document(io.BytesIO(answer.content))
    row = next(row for row in document.tables[0].rows if row.cells[0].text.startswith("投诉人意见"))
    assert row.cells[1].text == "满意\n师傅来得快，很满意"
    foot = document.paragraphs[-1].text
    assert "A/0" in foot or case.edition.label in foot
    assert "7.2.7" in foot
    assert "保存期：2 年" in foot
    assert Entry.objects.get(name="form_made").data == {"number": case.number, "format": "docx"}


@pytest.mark.clause("PM1-7.2.10")
def test_the_record_form_in_pdf(world: World, client_of: Callable[[str], Client]) -> None:
    case = finished(world)
    answer = client_of("head_a").get(f"/cases/{case.number}/form.pdf")
    assert answer["Content-Type"] == "application/pdf"
    printed = words_of_pdf(answer.content)
    for words in ("顾客投诉处理记录表", case.number, "满意师傅来得快，很满意", *IN_THE_FORM):
        assert words.replace(" ", "") in printed, words


def test_a_form_of_another_site_is_not_found(world: World, client_of: Callable[[str], Client]) -> None:
    case = world.register("2026-04-07 09:00")
    assert client_of("head_b").get(f"/cases/{case.number}/form.docx").status_code == 404
    assert client_of("head_a").get(f"/cases/{case.number}/form.exe").status_code == 404
    assert Client().get(f"/cases/{case.number}/form.docx").status_code == 302
    assert not Entry.objects.filter(name="form_made").exists()


def test_what_has_not_happened_is_left_blank(world: World) -> None:
    case = world.register("2026-04-07 09:00")
    fields = {name: words for name, _title, words in case_sheet(case).fields}
    assert fields["text"].startswith("楼上漏水")
    assert fields["validity"] == fields["answer"] == fields["opinion"] == fields["measures"] == ""


def test_what_is_written_is_never_run_as_a_template(world: World, client_of: Callable[[str], Client]) -> None:
    case = world.register("2026-04-07 09:00", text="{{ 7*7 }} {% for x in y %}")
    found = words_of_word(client_of("head_a").get(f"/cases/{case.number}/form.docx").content)
    assert "{{ 7*7 }} {% for x in y %}" in found


@pytest.mark.clause("PM1-7.2.8", "PM1-7.2.9")
def test_both_slips_on_their_forms(world: World) -> None:
    case = world.register("2026-04-07 09:00")
    world.record("2026-04-07 09:30", case, "judged", validity="valid", reason="是")
    world.record(
        "2026-04-07 10:00",
        case,
        "slip_issued",
        slip="CQ-2026-0001",
        form="work_slip",
        text="需要公司协调开发商",
        from_post="department_head",
        to_unit="HQ",
    )
    world.record("2026-04-07 10:30", case, "slip_received", who="deputy", slip="CQ-2026-0001")
    world.record(
        "2026-04-07 11:00", case, "slip_finished", who="deputy", slip="CQ-2026-0001", result="开发商明天进场"
    )
    world.record(
        "2026-04-07 12:00",
        case,
        "slip_issued",
        who="deputy",
        slip="TZ-2026-0001",
        form="work_order",
        text="明早安排人配合",
        from_post="deputy_general_manager",
        to_unit="A",
    )
    up, down = Slip.objects.get(number="CQ-2026-0001"), Slip.objects.get(number="TZ-2026-0001")
    assert slip_sheet(up).title == "工作传签单"
    found = words_of_word(render_slip(actor=world.actor("head_a"), slip=up, form="docx").content)
    for words in ("CQ-2026-0001", case.number, "需要公司协调开发商", "开发商明天进场", "和风物业公司"):
        assert words in found, words
    printed = words_of_pdf(render_slip(actor=world.actor("head_a"), slip=down, form="pdf").content)
    for words in ("工作安排通知单", "TZ-2026-0001", "明早安排人配合", "东湖花园管理处"):
        assert words in printed, words


def test_that_a_form_was_made_is_written_in_a_transaction_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.register("2026-04-07 09:00")
    depths: list[int] = []
    monkeypatch.setattr(forms, "make_pdf", lambda html: b"%PDF")
    monkeypatch.setattr(forms, "record_action", lambda **said: depths.append(len(connection.savepoint_ids)))
    before = len(connection.savepoint_ids)
    render_case_form(actor=world.actor("head_a"), case=case, form="pdf")
    assert depths == [before + 1]
