"""Importing the organisation from Excel and CSV."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook
from tests.factories.organization import SmallCompany

from huiyin.core.errors import InvalidInput
from huiyin.journal.models import Entry
from huiyin.organization.models import Holding, Person, Unit
from huiyin.organization.services import import_organization
from huiyin.organization.spreadsheet import read_rows

ONE_FILE = """单位编码,单位名称,单位类型,上级编码,用户名,姓名,电话,岗位,起始日
C-ENG,南苑工程部,部门,C,,,,,
C,南苑管理处,管理处,HQ,,,,,
C,南苑管理处,管理处,HQ,luo,罗红,13900000001,前台值班员,2026-11-01
C-ENG,南苑工程部,部门,C,xu,徐亮,13900000002,handler,2026/11/1
A,,,,duty_a,李晓梅,,责任人,2026年11月1日
NIX,,,,zhu,朱琳,,前台值班员,
C,,,,luo,罗红,,首席执行官,
C,,,,ghost,,,前台值班员,2026-11-01
D,丁管理处,星球,HQ,,,,,
,,,,,只有姓名,,,
"""


def _import(small: SmallCompany, text: str, *, dry_run: bool = False) -> dict[str, int]:
    rows = read_rows("o.csv", text.encode())
    done = import_organization(actor=small.actor("admin"), rows=rows, dry_run=dry_run)
    return {one: done.count(one) for one in ("created", "changed", "unchanged", "refused")}


def test_units_people_and_posts_come_from_one_file_in_any_order(small: SmallCompany) -> None:
    rows = read_rows("o.csv", ONE_FILE.encode())
    done = import_organization(actor=small.actor("admin"), rows=rows)
    unit = Unit.objects.get(code="C-ENG")
    assert unit.parent is not None
    assert (unit.parent.code, unit.parent.kind) == ("C", "site")
    assert small.actor("duty_a").may("handle")
    luo = Person.objects.get(username="luo")
    assert luo.must_change_password
    assert {person.username for person, _password in done.passwords} == {"luo", "xu"}
    assert all(person.check_password(password) for person, password in done.passwords)
    refused: dict[int, str] = {}
    for one in done.outcomes:
        if one.result == "refused":
            refused.setdefault(one.row.line, one.reason)
    assert set(refused) == {7, 8, 9, 10, 11}
    assert "NIX" in refused[7]
    assert "首席执行官" in refused[8]
    assert "ghost" in refused[9]
    assert "星球" in refused[10]
    assert "姓名" in refused[11]


def test_a_second_run_changes_nothing(small: SmallCompany) -> None:
    first = _import(small, ONE_FILE)
    assert first["created"] == 7
    entries = Entry.objects.count()
    second = _import(small, ONE_FILE)
    assert (second["created"], second["changed"]) == (0, 0)
    assert Entry.objects.count() == entries


def test_the_preview_says_what_the_import_does_and_does_nothing(small: SmallCompany) -> None:
    before = (Unit.objects.count(), Person.objects.count(), Holding.objects.count(), Entry.objects.count())
    preview = _import(small, ONE_FILE, dry_run=True)
    after = (Unit.objects.count(), Person.objects.count(), Holding.objects.count(), Entry.objects.count())
    assert before == after
    assert preview == _import(small, ONE_FILE)


def test_changes_are_taken_over(small: SmallCompany) -> None:
    _import(small, ONE_FILE)
    changed = ONE_FILE.replace("罗红,13900000001", "罗虹,13900000009").replace("罗红,,首席", "罗虹,,首席")
    result = _import(small, changed.replace("南苑工程部", "南苑维修部"))
    assert result["changed"] == 2
    assert Person.objects.get(username="luo").name == "罗虹"
    assert Unit.objects.get(code="C-ENG").name == "南苑维修部"


def test_a_site_administrator_imports_into_his_site_only(small: SmallCompany) -> None:
    text = "用户名,姓名,单位编码,岗位\nm1,米一,A,责任人\nm2,米二,B,责任人\nm3,米三,A,总经理\n"
    done = import_organization(actor=small.actor("site_admin_a"), rows=read_rows("o.csv", text.encode()))
    assert Person.objects.filter(username="m1").exists()
    assert not Person.objects.filter(username="m2").exists()
    assert [one.title for one in done.outcomes if one.result == "refused"] == [
        "米二",
        "m2 责任人",
        "m3 总经理",
    ]


def _book(**sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SHEETS = {
    "部门": [["说明：按此填写"], ["编码", "名称", "类型", "上级编码"], ["C", "南苑管理处", "管理处", "HQ"]],
    "人员": [["用户名", "姓名", "电话", "单位编码"], ["luo", "罗红", 13900000001.0, "C"]],
    "任职": [["用户名", "岗位", "单位编码"], ["luo", "前台值班员", "C"]],
}


def test_a_workbook_with_a_sheet_for_each(small: SmallCompany) -> None:
    done = import_organization(actor=small.actor("admin"), rows=read_rows("o.xlsx", _book(**SHEETS)))
    assert done.count("created") == 3
    assert Person.objects.get(username="luo").phone == "13900000001"


def test_gb18030_and_semicolons_are_read(small: SmallCompany) -> None:
    text = "用户名;姓名;单位编码\nluo;罗红;A\n"
    assert read_rows("o.csv", text.encode("gb18030"))[0].cells["name"] == "罗红"
    assert read_rows("o.csv", text.encode("utf-8-sig"))[0].cells["username"] == "luo"


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 80 * 1024 * 1024)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: _book(人员=[["用户名", "姓名"], ["luo", "=1+1"]]), "公式"),
        (_bomb, "太大"),
        (lambda: b"PK\x03\x04 broken", "损坏"),
        (lambda: b"\xd0\xcf\x11\xe0\x00\x00", "xls"),
        (lambda: b"a,b\n1,2\n", "没有认出"),
        (lambda: b"x" * (5 * 1024 * 1024 + 1), "超过"),
        (lambda: "用户名,姓名\n".encode() + b"\xff\xff\xff,\x81\n", "编码"),
    ],
)
def test_bad_files_get_one_clear_sentence(content: object, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_rows("o", content())  # type: ignore[operator]


def test_the_page_shows_first_and_imports_then(client: Client, small: SmallCompany) -> None:
    client.force_login(small.people["admin"])
    file = SimpleUploadedFile("组织.xlsx", _book(**SHEETS))
    preview = client.post("/settings/import/", {"file": file})
    assert "将要导入" in preview.content.decode()
    assert not Person.objects.filter(username="luo").exists()
    done = client.post("/settings/import/confirm/")
    assert done["Cache-Control"] == "no-store"
    assert "初始密码" in done.content.decode()
    assert Person.objects.filter(username="luo").exists()
    assert client.post("/settings/import/confirm/").status_code == 302


def test_the_page_keeps_a_bad_file_out(client: Client, small: SmallCompany) -> None:
    client.force_login(small.people["admin"])
    refused = client.post("/settings/import/", {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")})
    assert refused.status_code == 422
    assert "没有认出" in refused.content.decode()
