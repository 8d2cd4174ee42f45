"""Makes the Word templates of pack PM1 anew: `python tools/make_forms.py`.

The templates are what a company edits in Word; this script is only how ours came about. A blank is
`{{ name }}`, named as in the pack's `fields`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

ROOT = Path(__file__).resolve().parent.parent
FORMS = ROOT / "packs" / "PM1" / "forms"
# the report of a company whose pack brings no template of its own
PLAIN_REPORT = ROOT / "src" / "huiyin" / "reports" / "forms" / "complaint_report.docx"
CONTROLLED_COPY = ROOT / "src" / "huiyin" / "records" / "templates_word" / "controlled_copy.docx"
FONT = "Noto Sans CJK SC"

# label, blank, lines of height; a row holds one pair over the whole width or two side by side
Row = tuple[tuple[str, str], ...]
RECORD: tuple[tuple[Row, float], ...] = (
    ((("编号", "number"), ("投诉时间", "registered_at")), 0.9),
    ((("投诉方式", "channel"), ("投诉人", "customer")), 0.9),
    ((("房号", "room"), ("联系电话", "phone")), 0.9),
    ((("投诉内容", "text"),), 2.6),
    ((("顾客要求", "demand"), ("要求答复时间", "answer_by")), 0.9),
    ((("值班接待人", "receiver"), ("处理人", "handler")), 0.9),
    ((("是否有效", "validity"), ("严重与紧急程度", "urgency")), 0.9),
    ((("原因分析", "cause"),), 1.6),
    ((("处理措施及结果", "measures"),), 2.2),
    ((("答复内容", "answer"),), 1.6),
    ((("答复时间", "answered_at"), ("完成时间", "completed_at")), 0.9),
    ((("投诉人意见（回访）", "opinion"),), 1.6),
    ((("回访时间", "followed_up_at"), ("回访人", "visitor")), 0.9),
    ((("投诉人签名", "signature"), ("日期", "signature_date")), 1.2),
    ((("部门负责人意见", "head"),), 1.6),
)
WORK_SLIP: tuple[tuple[Row, float], ...] = (
    ((("编号", "number"), ("工单编号", "case")), 0.9),
    ((("传出部门及岗位", "from"), ("送交", "to")), 0.9),
    ((("传出时间", "issued_at"), ("要求答复时间", "reply_by")), 0.9),
    ((("事由", "matter"),), 4.0),
    ((("签收", "received"),), 1.0),
    ((("处理意见", "opinion"),), 4.0),
    ((("处理结果", "result"),), 4.0),
    ((("处理人签名", "by_hand_1"), ("日期", "by_hand_2")), 1.2),
)
WORK_ORDER: tuple[tuple[Row, float], ...] = (
    ((("编号", "number"), ("工单编号", "case")), 0.9),
    ((("下达人", "from"), ("承办部门", "to")), 0.9),
    ((("下达时间", "issued_at"), ("要求完成时间", "finish_by")), 0.9),
    ((("工作安排", "task"),), 5.0),
    ((("签收", "received"),), 1.0),
    ((("完成情况", "result"),), 5.0),
    ((("验收意见", "by_hand_1"), ("日期", "by_hand_2")), 1.4),
)
# words that Jinja keeps for itself
_RENAMED = {"from": "from_"}


def _page() -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10.5)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    return document


def _line(
    document: Any, text: str, size: float, *, bold: bool = False, center: bool = False, grey: bool = False
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if grey:
        run.font.color.rgb = RGBColor(0x52, 0x60, 0x6D)
    return paragraph


def _put(cell: Any, text: str, *, bold: bool = False, width: float | None = None) -> None:
    if width is not None:
        cell.width = Cm(width)
    run = cell.paragraphs[0].add_run(text)
    run.bold = bold


def form(title: str, rows: tuple[tuple[Row, float], ...]) -> Any:
    """A form: heading of the company, title, a table of labels and blanks, edition and retention below."""
    document = _page()
    _line(document, "{{ company }}  {{ unit }}", 11, center=True)
    _line(document, title, 16, bold=True, center=True)
    table = document.add_table(rows=len(rows), cols=4)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for row, (pairs, height) in zip(table.rows, rows, strict=True):
        row.height = Cm(height)
        cells = row.cells
        if len(pairs) == 1:
            cells[1].merge(cells[3])
        for place, (label, name) in enumerate(pairs):
            _put(cells[place * 2], label, bold=True, width=3.0)
            blank = "" if name.startswith("by_hand") else "{{ " + _RENAMED.get(name, name) + " }}"
            _put(cells[place * 2 + 1], blank, width=5.5 if len(pairs) > 1 else 14.0)
    _line(document, "", 4)
    _line(
        document,
        "依据：{{ procedure }}（{{ edition }}）{{ clause }}    保存期：{{ retention }}",
        9,
        grey=True,
    )
    return document


def report() -> Any:
    """The report: heading, remark, then each section with finding, chart and table; signatures at the end."""
    document = _page()
    _line(document, "{{ company }}", 12, center=True)
    _line(document, "{{ title }}", 17, bold=True, center=True)
    _line(document, "{{ subtitle }}", 9.5, center=True, grey=True)
    _line(document, "{%p if remark %}", 10.5)
    _line(document, "{{ remark }}", 10.5)
    _line(document, "{%p endif %}", 10.5)
    _line(document, "{%p for section in sections %}", 10.5)
    _line(document, "{{ section.heading }}", 13, bold=True).paragraph_format.keep_with_next = True
    _line(document, "{{ section.finding }}", 10.5).paragraph_format.keep_with_next = True
    _line(document, "{%p if section.key in charts %}", 10.5)
    _line(document, "{{ charts[section.key] }}", 10.5, center=True)
    _line(document, "{%p endif %}", 10.5)
    _section_table(document)
    _line(document, "{%p if section.note %}", 10.5)
    _line(document, "{{ section.note }}", 9, grey=True)
    _line(document, "{%p endif %}", 10.5)
    _line(document, "", 6)
    _line(document, "{%p endfor %}", 10.5)
    _line(document, "{{ signatures }}", 10.5)
    _line(document, "{{ foot }}", 9, grey=True)
    return document


def _section_table(document: Any) -> None:
    """A table with as many columns and rows as there are."""
    table = document.add_table(rows=4, cols=3)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    head, begin, body, end = table.rows
    _put(head.cells[0], "{%tc for column in section.columns %}")
    _put(head.cells[1], "{{ column }}", bold=True)
    _put(head.cells[2], "{%tc endfor %}")
    _put(begin.cells[0], "{%tr for row in section.rows %}")
    _put(body.cells[0], "{%tc for cell in row %}")
    _put(body.cells[1], "{{ cell }}")
    _put(body.cells[2], "{%tc endfor %}")
    _put(end.cells[0], "{%tr endfor %}")
    for row in (head, body):
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)


def controlled_copy() -> Any:
    """A procedure as handed out: its data and signatures in a table, then each clause with its rules."""
    document = _page()
    _line(document, "{{ company }}", 12, center=True)
    _line(document, "{{ title }}", 17, bold=True, center=True)
    _line(document, "{%p if not_in_force %}", 10.5)
    _line(document, "{{ state }}：不是现行有效的版本，不得照此执行", 11, bold=True, center=True)
    _line(document, "{%p endif %}", 10.5)
    _put_table(
        document,
        ("文件编号", "{{ code }}", "版本", "{{ edition }}", "修改次数", "{{ revision }}"),
        ("发布", "{{ issued }}", "生效", "{{ effective }}", "止于", "{{ until }}"),
    )
    _line(document, "", 4)
    _put_table(
        document,
        ("签署", "岗位", "姓名", "时间", "意见"),
        ("{%tr for one in signatures %}", "", "", "", ""),
        ("{{ one.act }}", "{{ one.post }}", "{{ one.name }}", "{{ one.at }}", "{{ one.note }}"),
        ("{%tr endfor %}", "", "", "", ""),
    )
    _line(document, "{%p for clause in clauses %}", 10.5)
    _line(
        document, "{{ clause.id }}  {{ clause.title }}", 12, bold=True
    ).paragraph_format.keep_with_next = True
    _line(document, "{{ clause.demands }}", 10.5)
    _line(document, "{%p if clause.note %}", 10.5)
    _line(document, "{{ clause.note }}", 9.5, grey=True)
    _line(document, "{%p endif %}", 10.5)
    _line(document, "{%p for rule in clause.rules %}", 10.5)
    _line(document, "· {{ rule.label }}：{{ rule.text }}", 9.5)
    _line(document, "{%p endfor %}", 10.5)
    _line(document, "{%p endfor %}", 10.5)
    _line(document, "{{ printed }}  SHA-256 {{ digest }}", 8.5, grey=True)
    return document


def _put_table(document: Any, *rows: tuple[str, ...]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _put(cell, text)


def main() -> None:
    CONTROLLED_COPY.parent.mkdir(parents=True, exist_ok=True)
    controlled_copy().save(str(CONTROLLED_COPY))
    FORMS.mkdir(parents=True, exist_ok=True)
    PLAIN_REPORT.parent.mkdir(parents=True, exist_ok=True)
    form("顾客投诉处理记录表", RECORD).save(str(FORMS / "complaint_record.docx"))
    form("工作传签单", WORK_SLIP).save(str(FORMS / "work_slip.docx"))
    form("工作安排通知单", WORK_ORDER).save(str(FORMS / "work_order.docx"))
    for path in (FORMS / "complaint_report.docx", PLAIN_REPORT):
        report().save(str(path))


if __name__ == "__main__":
    main()
