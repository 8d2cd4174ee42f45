"""A list as an Excel file: exactly what is filtered, in plain words, however long it is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases import labels
from huiyin.cases.filters import Filters, chosen_cases
from huiyin.cases.listing import ordered, with_names
from huiyin.cases.models import Case
from huiyin.cases.rows import holder_of, next_step
from huiyin.core.shell import Text
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.procedures.selectors import Rules, rules_of

CHUNK = 500
CELL = 32_000  # Excel holds 32,767 characters

Value = Callable[[Case, Rules], Any]


def _yes(value: bool) -> str:
    return _("是") if value else ""


COLUMNS: tuple[tuple[Text, int, Value], ...] = (
    (lazy("编号"), 18, lambda case, rules: case.number),
    (lazy("类型"), 8, lambda case, rules: labels.kind_label(rules, case.kind)),
    (lazy("管理处"), 18, lambda case, rules: case.unit.name),
    (lazy("位置"), 26, lambda case, rules: _where(case)),
    (lazy("客户"), 12, lambda case, rules: case.customer.name if case.customer else ""),
    (lazy("报事人"), 12, lambda case, rules: case.reporter),
    (lazy("渠道"), 10, lambda case, rules: labels.channel_label(rules, case.channel)),
    (lazy("登记时间"), 17, lambda case, rules: case.registered_at),
    (lazy("客户原话"), 50, lambda case, rules: case.text),
    (lazy("诉求"), 24, lambda case, rules: case.demand),
    (lazy("类别"), 14, lambda case, rules: labels.category_label(rules, case.category)),
    (lazy("紧急程度"), 9, lambda case, rules: labels.label(labels.URGENCIES, case.urgency)),
    (lazy("严重程度"), 9, lambda case, rules: labels.label(labels.SEVERITIES, case.severity)),
    (lazy("级别"), 9, lambda case, rules: labels.level_label(rules, case.level)),
    (lazy("有效性"), 9, lambda case, rules: labels.label(labels.VALIDITIES, case.validity)),
    (lazy("责任方"), 10, lambda case, rules: labels.label(labels.PARTIES, case.responsible_party)),
    (lazy("状态"), 9, lambda case, rules: labels.state_label(case.state)),
    (lazy("下一步"), 12, lambda case, rules: next_step(case, rules)),
    (lazy("时限"), 17, lambda case, rules: case.next_due),
    (lazy("谁在办"), 12, lambda case, rules: holder_of(case, rules)),
    (lazy("首问责任人"), 12, lambda case, rules: case.first_receiver.name if case.first_receiver else ""),
    (lazy("答复时间"), 17, lambda case, rules: case.answered_at),
    (lazy("完成时间"), 17, lambda case, rules: case.completed_at),
    (lazy("结案时间"), 17, lambda case, rules: case.closed_at),
    (lazy("回访结果"), 10, lambda case, rules: labels.label(labels.OUTCOMES, case.follow_up_outcome)),
    (lazy("催办次数"), 9, lambda case, rules: case.chased or None),
    (lazy("重开次数"), 9, lambda case, rules: case.reopened or None),
    (lazy("曾超时"), 8, lambda case, rules: _yes(case.breached)),
    (lazy("特批结案"), 9, lambda case, rules: _yes(case.approved_closure)),
    (lazy("补录"), 7, lambda case, rules: _yes(case.late_entry)),
    (lazy("来件编号"), 16, lambda case, rules: case.external_number),
)


def _where(case: Case) -> str:
    spot = case.equipment or case.place
    return spot.full_name if spot is not None else ""


def export_cases(*, actor: Actor, filters: Filters, rules: Rules | None = None) -> tuple[IO[bytes], int]:
    """The file, at its beginning, and how many cases are in it. That it was made stands in the journal."""
    cases = ordered(chosen_cases(actor, filters, rules), filters.sort)
    stream: IO[bytes] = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 the answer that sends it closes it
    count = _write(stream, cases)
    with transaction.atomic():
        record_action(
            actor=actor,
            subject_kind="export",
            subject_id=actor.person_id or 0,
            name="cases_exported",
            data={"query": replace(filters, text="").query().urlencode(), "rows": count},
            texts={"search": filters.text} if filters.text else {},
        )
    stream.seek(0)
    return stream, count


def _write(stream: IO[bytes], cases: QuerySet[Case]) -> int:
    """Row by row, so that the length does not matter; a text stays a text, whatever it begins with."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(_("工单"))
        head = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": False, "valign": "top"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
        for column, (title, width, _value) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, str(title), head)
        sheet.freeze_panes(1, 1)
        number = 0
        for number, cells in enumerate(_lines(cases), start=1):
            for column, value in enumerate(cells):
                if value is None or value == "":
                    continue
                if isinstance(value, datetime):
                    sheet.write_datetime(number, column, _plain_time(value), moment)
                elif isinstance(value, int):
                    sheet.write_number(number, column, value, wrap)
                else:
                    sheet.write_string(number, column, str(value)[:CELL], wrap)
        sheet.autofilter(0, 0, max(number, 1), len(COLUMNS) - 1)
        return number


def _lines(cases: QuerySet[Case]) -> Iterator[list[Any]]:
    for case in with_names(cases).select_related("first_receiver").iterator(chunk_size=CHUNK):
        rules = rules_of(case.edition)
        yield [value(case, rules) for _title, _width, value in COLUMNS]


def _plain_time(when: datetime) -> datetime:
    """Local time without a zone: Excel knows none."""
    return timezone.localtime(when).replace(tzinfo=None)
