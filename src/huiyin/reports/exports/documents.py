"""A report as a file: XLSX here, Word and PDF in the process that makes documents."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.errors import NotFound
from huiyin.organization.models import Unit
from huiyin.procedures.models import Edition, EditionState
from huiyin.records.offprocess import make_pdf, make_word
from huiyin.reports.exports.workbook import MEDIA_TYPE, report_workbook
from huiyin.reports.models import IssuedReport
from huiyin.reports.sections.parts import Section
from huiyin.reports.sections.whole import sections_of

PLAIN_TEMPLATE = Path(__file__).resolve().parent.parent / "forms" / "complaint_report.docx"
TEMPLATE = "complaint_report.docx"
MEDIA_TYPES = {
    "xlsx": MEDIA_TYPE,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around the figures. `number` is empty where the report is not issued."""

    company: str
    title: str
    subtitle: str
    remark: str = ""
    number: str = ""
    signatures: str = ""
    foot: str = ""


def heading_of(data: Mapping[str, Any], company_id: int, report: IssuedReport | None = None) -> Heading:
    company = Unit.objects.get(pk=company_id).name
    cutoff = _minute(datetime.fromisoformat(data["cutoff"]))
    title = _("{unit}顾客投诉报告（{period}）").format(unit=data["unit"]["name"], period=data["title"])
    if report is None:
        return Heading(company, title, _("截至 {cutoff}，未签发").format(cutoff=cutoff))
    subtitle = _("编号 {number}　签发 {by} {at}　截止 {cutoff}").format(
        number=report.number, by=report.issued_by, at=_minute(report.issued_at), cutoff=cutoff
    )
    acts = [
        _("{act}：{by} {at} {text}").format(
            act=act.get_kind_display(), by=act.by, at=_minute(act.at), text=act.text
        )
        for act in report.acts.all()
    ]
    return Heading(company, title, subtitle, report.remark, report.number, "\n".join(acts), report.digest)


def _minute(value: datetime) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def report_file(
    data: Mapping[str, Any],
    *,
    form: str,
    heading: Heading,
    company_id: int,
) -> File:
    """The report as xlsx, docx or pdf. Raises NotFound for another form, RenderingFailed where not made."""
    if form not in MEDIA_TYPES:
        raise NotFound(_("没有这种格式。"))
    sections = sections_of(data)
    if form == "xlsx":
        content = report_workbook(
            title=heading.title, subtitle=heading.subtitle, remark=heading.remark, sections=sections
        )
    elif form == "docx":
        content = _word(sections, heading, company_id)
    else:
        content = _pdf(sections, heading)
    name = heading.number or f"{data['unit']['code']}-{data['period']}"
    return File(f"{name}.{form}", content, MEDIA_TYPES[form])


def _specs(sections: list[Section]) -> dict[str, Any]:
    return {one.key: one.spec for one in sections if one.spec is not None}


def _template(company_id: int) -> bytes:
    """The company's own template where its procedure in force brings one."""
    rows = Edition.objects.filter(company_id=company_id, state=EditionState.EFFECTIVE)
    for forms in rows.order_by("-effective_from", "-id").values_list("forms", flat=True):
        if TEMPLATE in forms:
            return base64.b64decode(forms[TEMPLATE])
    return PLAIN_TEMPLATE.read_bytes()


def _word(sections: list[Section], heading: Heading, company_id: int) -> bytes:
    context = {
        "company": heading.company,
        "title": heading.title,
        "subtitle": heading.subtitle,
        "remark": heading.remark,
        "signatures": heading.signatures,
        "foot": heading.foot,
        "sections": [
            {
                "key": one.key,
                "heading": one.heading,
                "finding": one.finding,
                "columns": list(one.columns),
                "rows": [[cell.text for cell in row] for row in one.rows],
                "note": one.note,
            }
            for one in sections
            if one.rows
        ],
    }
    return make_word(template=_template(company_id), context=context, charts=_specs(sections))


def _pdf(sections: list[Section], heading: Heading) -> bytes:
    html = render_to_string("reports/paper.html", {"sections": sections, "heading": heading})
    return make_pdf(html=html, charts=_specs(sections))
