"""A written procedure as a draft pack: what is found is measured against rules labelled by hand."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from huiyin.cli.main import main
from huiyin.core.errors import InvalidInput
from huiyin.procedures.drafts import pack_of
from huiyin.procedures.reading.clauses import clauses_of
from huiyin.procedures.reading.documents import lines_from, lines_of
from huiyin.procedures.reading.findings import in_sentence
from huiyin.procedures.reading.numerals import numeral
from huiyin.procedures.reading.proposing import Proposal, propose
from huiyin.procedures.unconfirmed import unconfirmed
from huiyin.records.offprocess import make_pdf

DOCUMENTS = Path(__file__).parent / "documents"
MADE_WITH = ("property", "hotel", "hospital", "factory", "retail")
UNSEEN = ("bank", "school")
"""Written and labelled after the patterns, which were not changed for them."""


def _proposal(name: str) -> Proposal:
    return propose(lines_of(DOCUMENTS / f"{name}.txt"))


def _labelled(name: str) -> set[tuple[str, str, str]]:
    rows = json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))
    return {(row["clause"], row["kind"], row["value"]) for row in rows}


def _measure(names: tuple[str, ...]) -> tuple[float, float]:
    right = found = wanted = 0
    for name in names:
        labels, got = _labelled(name), {one.key for one in _proposal(name).findings}
        right, found, wanted = right + len(labels & got), found + len(got), wanted + len(labels)
        print(f"{name}: {len(labels)} labelled, {len(got)} found, {len(labels & got)} right")
    print(f"precision {right / found:.2f}, recall {right / wanted:.2f}")
    return right / found, right / wanted


@pytest.mark.parametrize(
    ("names", "precision", "recall"), [(MADE_WITH, 0.97, 0.97), (UNSEEN, 0.93, 0.68)], ids=["five", "unseen"]
)
def test_what_is_found(names: tuple[str, ...], precision: float, recall: float) -> None:
    found = _measure(names)
    assert found[0] >= precision
    assert found[1] >= recall


@pytest.mark.parametrize("name", MADE_WITH + UNSEEN)
def test_the_draft_runs_and_nothing_of_it_is_confirmed(name: str) -> None:
    proposal = _proposal(name)
    pack = pack_of(proposal.text)
    rules = [
        row
        for table in ("post", "kind", "clock", "authority", "followup", "record")
        for row in getattr(pack, table)
    ]
    assert len(unconfirmed(pack)) == len(rules) > 5
    text = (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")
    for row in rules:
        assert row.quote in text, row
    assert {clause.id for clause in pack.clause} == {one.id for one in proposal.clauses}


def test_a_limit_becomes_a_clock_with_its_beginning_and_end() -> None:
    clocks = {(one.clause, one.limit): one for one in pack_of(_proposal("property").text).clock}
    answer = clocks["3.3.2", "2wd"]
    assert (answer.start, answer.until, answer.when) == (
        ["registered"],
        ["answered"],
        {"urgency": "ordinary"},
    )
    visit = clocks["3.4.1", "24h"]
    assert (visit.start, visit.until) == (["completed"], ["followed_up"])
    assert clocks["3.2", "30min"].until == ["assigned"]


def test_word_and_pdf_say_the_same_as_text() -> None:
    lines = lines_of(DOCUMENTS / "factory.txt")
    wanted = [one.key for one in propose(lines).findings]
    document, stream = Document(), io.BytesIO()
    for line in lines[:-1]:
        document.add_paragraph(line)
    document.add_table(1, 1).cell(0, 0).text = lines[-1]
    document.save(stream)
    assert [one.key for one in propose(lines_from("a.docx", stream.getvalue())).findings] == wanted
    style = "<style>body { font: 10pt 'Noto Sans CJK SC' }</style>"
    pdf = make_pdf(html=style + "".join(f"<p>{line}</p>" for line in lines))
    assert {one.key for one in propose(lines_from("a.pdf", pdf)).findings} == set(wanted)


def test_numbers_that_word_sets_itself() -> None:
    document, stream = Document(), io.BytesIO()
    for text in ("受理", "登记"):
        document.add_paragraph(text, style="List Number")
    document.save(stream)
    # the style numbers them, the paragraphs do not: nothing is made up
    assert lines_from("a.docx", stream.getvalue()) == ["受理", "登记"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("24", 24), ("二十四", 24), ("十", 10), ("两百", 200), ("一千五百", 1500), ("三万", 30_000)],
)
def test_numerals(text: str, value: int) -> None:
    assert numeral(text) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("每月5日前报送", []),
        ("半小时内到场", [("time", "30min")]),
        ("两个工作日内答复", [("time", "2wd")]),
        ("不低于百分之八十", [("percent", "0.8")]),
        ("1,500.5元", [("amount", "1500.5")]),
        ("2 万元以上", [("amount", "20000")]),
        ("3 天内容更新", []),
        ("填写《登记表》并看《公司法》", [("form", "登记表")]),
        ("经分管院长同意", [("post", "分管院长")]),
    ],
)
def test_patterns(text: str, found: list[tuple[str, str]]) -> None:
    assert list(in_sentence(text)) == found


def test_numbering_styles() -> None:
    lines = [
        "某办法",
        "一、总则",
        "（一）目的",
        "为了什么。",
        "二、时限",
        "1. 两天内答复；",
        "2. 三天内办结。",
    ]
    assert [one.id for one in clauses_of(lines)] == ["1", "1.1", "2", "2.1", "2.2"]
    assert [one.id for one in clauses_of(["第十二条 甲。", "1. 乙。", "第十三条 丙。"])] == ["12", "13"]
    assert clauses_of(["目录", "3.1 受理", "3.1 受理", "接到后登记。"])[0].text == "接到后登记。"


NO_DOCUMENTS = [("a.docx", b"x"), ("a.exe", b"x"), ("a.txt", b"\xff\xfe"), ("a.pdf", b"x")]


@pytest.mark.parametrize(("name", "data"), NO_DOCUMENTS)
def test_what_is_no_document(name: str, data: bytes) -> None:
    with pytest.raises(InvalidInput):
        lines_from(name, data)


def _word(body: bytes) -> bytes:
    stream, made = io.BytesIO(), io.BytesIO()
    Document().save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<w:body>", b"<w:body>" + body))
    return made.getvalue()


def _pdf_bomb() -> bytes:
    """A page whose content unpacks to 1 GB and a half."""
    packer = zlib.compressobj(9)
    page = b"".join(packer.compress(b" " * (1 << 20)) for _megabyte in range(1536)) + packer.flush()
    return (
        (
            b"%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
            b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
            b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>\nendobj\n"
            b"4 0 obj\n<</Length %d/Filter/FlateDecode>>stream\n" % len(page)
        )
        + page
        + b"\nendstream\nendobj\ntrailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF"
    )


NUMBERED = b'<w:p><w:pPr><w:numPr><w:ilvl w:val="900000000"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
WIDE = (
    b'<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr><w:gridSpan w:val="900000000"/></w:tcPr><w:p/></w:tc>'
    b"</w:tr></w:tbl>"
)
HOSTILE = {
    "levels": lambda: _word(NUMBERED),
    "columns": lambda: _word(WIDE),
    "broken": lambda: _word(b"<w:p><"),
    "zip bomb": lambda: _word(b" " * (60 << 20)),
    "pdf bomb": _pdf_bomb,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_made_to_fill_the_memory(name: str) -> None:
    with pytest.raises(InvalidInput, match="打不开"):
        lines_from("a.pdf" if name.startswith("pdf") else "a.docx", HOSTILE[name]())


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    document = str(DOCUMENTS / "hotel.txt")
    assert main(["pack", "draft", document, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["clauses"], len(found["findings"])) == (11, 22)
    file = tmp_path / "hotel-draft" / "procedure.toml"
    assert "unconfirmed = true" in file.read_text(encoding="utf-8")
    assert main(["pack", "draft", document]) == 2
    assert main(["pack", "check", "hotel-draft"]) == 0
    assert "还没有人确认" in capsys.readouterr().out
    assert main(["pack", "draft", "nowhere.txt", "--into", "x"]) == 2
