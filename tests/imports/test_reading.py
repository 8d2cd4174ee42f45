"""Whatever somebody drops: it is read as it stands, or refused in words with nothing changed."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest
from tests.imports.conftest import TITLES, Sheet, ledger

from huiyin.core.errors import InvalidInput
from huiyin.imports.reading import MEBIBYTE, _xlsx_rows, open_table, sample

TEXT = TITLES.index("投诉内容")


def refusal(path: Path, **options: int) -> InvalidInput:
    with pytest.raises(InvalidInput) as error:
        list(open_table(path, **options).rows())
    assert str(error.value)
    return error.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_chinese_offices(sheet: Sheet, encoding: str) -> None:
    table = open_table(sheet(ledger(3, text="㐀𠮷野家漏水"), encoding=encoding))
    assert table.columns == TITLES
    assert sample(table)[0].cells["投诉内容"] == "㐀𠮷野家漏水 0"


def test_an_encoding_nobody_can_name_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("编号,内容\n".encode() + b"\xff\xff\xff\x80\n")
    assert refusal(path).code == "encoding"


def test_utf16_is_named_rather_than_read_as_noise(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("编号,内容\n1,漏水\n".encode("utf-16"))
    assert refusal(path).code in {"encoding", "not_a_table"}


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert refusal(path).code in {"empty", "no_titles"}


def test_nul_in_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("编号,内容\n1,漏\x00水\n".encode())
    assert refusal(path).code == "not_a_table"


def test_titles_that_occur_twice(sheet: Sheet) -> None:
    error = refusal(sheet([("1", "2", "3")], titles=("编号", "内容", "内容")))
    assert error.code == "double_titles"
    assert "内容" in str(error)


def test_a_file_of_300_mb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as stream:
        stream.truncate(300 * MEBIBYTE)
    error = refusal(path)
    assert error.code == "too_large"
    assert "300" in str(error)


def test_old_excel_is_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert refusal(path).code == "old_excel"
    assert ".xlsx" in str(refusal(path))


@pytest.mark.parametrize("kept", [4, 100, 2000, -200])
def test_a_broken_workbook(sheet: Sheet, kept: int) -> None:
    path = sheet(ledger(50), name="x.xlsx")
    path.write_bytes(path.read_bytes()[:kept])
    assert refusal(path).code in {"broken_file", "not_a_table"}


def replaced(path: Path, member: str, content: bytes) -> Path:
    """The workbook with one of its parts replaced."""
    other = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return other


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<not xml", b"<a/>"])
def test_a_workbook_with_a_broken_part(sheet: Sheet, member: str, content: bytes) -> None:
    refusal(replaced(sheet(ledger(5), name="x.xlsx"), member, content))


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(path).code == "not_a_table"


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            for _block in range(120):
                stream.write(bytes(MEBIBYTE))
    assert path.stat().st_size < MEBIBYTE
    assert refusal(path).code == "zip_bomb"


def test_entities_that_grow(sheet: Sheet) -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "漏水漏水漏水">{lines}]><x>&a9;</x>'
    refusal(replaced(sheet(ledger(5), name="x.xlsx"), "xl/worksheets/sheet1.xml", bomb.encode()))


def test_long_cells_and_emoji_come_through(sheet: Sheet) -> None:
    words = "漏水😡👨‍👩‍👧" * 1500
    row = list(ledger(1)[0])
    row[TEXT] = words
    for name in ("x.csv", "x.xlsx"):
        assert sample(open_table(sheet([row], name=name)))[0].cells["投诉内容"] == words


def test_a_real_time_among_texts(sheet: Sheet) -> None:
    rows = [list(row) for row in ledger(2)]
    rows[1][3] = datetime.fromisoformat("2019-04-25 09:32:09")
    found = sample(open_table(sheet(rows, name="x.xlsx")))
    assert found[0].cells["投诉时间"] == "2019/4/1 9:00"
    assert found[1].cells["投诉时间"] == datetime.fromisoformat("2019-04-25 09:32:09")


def test_a_formula_is_named_and_not_computed(sheet: Sheet) -> None:
    row = list(ledger(1)[0])
    row[TEXT] = '=HYPERLINK("http://example.com","点这里")'
    found = sample(open_table(sheet([row], name="x.xlsx")))[0]
    assert found.formulas == ("投诉内容",)
    assert "投诉内容" not in found.cells


def test_numbers_stay_as_they_are_written(sheet: Sheet) -> None:
    found = sample(
        open_table(sheet([[2549, 0.5, 13800001234.0]], name="x.xlsx", titles=("编号", "甲", "电话")))
    )
    assert found[0].cells == {"编号": "2549", "甲": "0.5", "电话": "13800001234"}


def test_rows_are_counted_as_excel_shows_them(sheet: Sheet) -> None:
    blank = ("",) * len(TITLES)
    rows = sample(open_table(sheet([*ledger(1), blank, *ledger(1)])))
    assert [row.number for row in rows] == [2, 4]


@pytest.mark.slow
def test_a_row_that_claims_to_be_the_thousand_millionth(sheet: Sheet, tmp_path: Path) -> None:
    """Empty rows up to its number would keep the server busy for ever."""
    whole, claimed = sheet(ledger(1), name="a.xlsx"), tmp_path / "claimed.xlsx"
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(claimed, "w", zipfile.ZIP_DEFLATED) as made:
        for name in archive.namelist():
            body = archive.read(name)
            if name.endswith("sheet1.xml"):
                body = re.sub(rb"<dimension[^>]*/>", b"", body)
                assert b'<row r="2"' in body
                body = body.replace(b'<row r="2"', b'<row r="900000000"')
                body = re.sub(rb'<c r="([A-Z]+)2"', rb'<c r="\g<1>900000000"', body)
            made.writestr(name, body)
    table = open_table(claimed)
    reader = islice(_xlsx_rows(claimed), 1_048_580)
    assert sum(1 for _row in reader) <= 1_048_576
    assert table.columns == TITLES
