"""The pages of procedures as people open them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.factories.organization import SmallCompany, make_company, make_person
from tests.procedures.conftest import MakePack, zipped

from huiyin.cases.models import Case
from huiyin.cases.recording import record, register
from huiyin.core.errors import Refused
from huiyin.core.ticking import run_tick
from huiyin.organization.actors import system_actor
from huiyin.procedures.models import Edition
from huiyin.procedures.services import install_pack

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _client(small: SmallCompany, who: str) -> Client:
    client = Client()
    client.force_login(small.people[who])
    return client


def _page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content[:500]
    return response.content.decode()


def _upload(client: Client, content: bytes, **more: str) -> HttpResponse:
    file = SimpleUploadedFile("pack.zip", content, content_type="application/zip")
    return client.post("/procedures/install/", {"file": file, **more})


# ------------------------------------------------------------ reading


def test_the_list_of_procedures(small: SmallCompany, make_pack: MakePack) -> None:
    with time_machine.travel(at("2026-06-10 09:00"), tick=False):
        from datetime import date

        install_pack(company=small.root, source=make_pack("A/1"), effective_from=date(2026, 3, 1))
        install_pack(company=small.root, source=make_pack("A/2"), effective_from=date(2026, 8, 1))
        page = _page(_client(small, "duty_a"), "/procedures/")
    assert page.index("A/2") < page.index("A/1") < page.index("A/0")
    for word in ("尚未生效", "现行有效", "已被替代", "7月31日"):
        assert word in page
    assert "安装新版本" not in page
    assert "安装新版本" in _page(_client(small, "quality"), "/procedures/")


def test_the_document(small: SmallCompany) -> None:
    page = _page(_client(small, "duty_a"), f"/procedures/{Edition.objects.get().pk}/")
    for word in (
        "物业顾客沟通及顾客满意度测量监视程序",
        "7.2.3",
        "分析判定与答复时限",
        "2 小时内答复",
        "系统还没有照此运行",
        "09:00-12:00",
        "推算",
        "已公布",
        "郑国华（和风物业公司）",
        "张敏（东湖花园管理处）",
    ):
        assert word in page, word


def test_people_of_another_site_are_not_shown(small: SmallCompany) -> None:
    page = _page(_client(small, "duty_a"), f"/procedures/{Edition.objects.get().pk}/")
    assert "周丽" not in page
    assert "周丽" in _page(_client(small, "quality"), f"/procedures/{Edition.objects.get().pk}/")


def test_another_companys_procedure_is_not_there(small: SmallCompany) -> None:
    other = make_company("远山集团", prefix="y_")
    stranger = Client()
    stranger.force_login(other.people["manager"])
    edition = Edition.objects.get()
    for path in (f"/procedures/{edition.pk}/", f"/procedures/{edition.pk}/clauses/7.2.3/"):
        assert stranger.get(path).status_code == 404
    assert "物业顾客沟通" not in _page(stranger, "/procedures/")
    assert stranger.get("/procedures/clauses/7.2.3/").status_code == 404


def test_a_clause_that_does_not_exist(small: SmallCompany) -> None:
    assert _client(small, "duty_a").get("/procedures/clauses/99.9/").status_code == 404


def test_who_holds_no_post_reads_nothing(small: SmallCompany) -> None:
    make_person("idle", None, small.site_a)
    client = Client()
    client.force_login(small.people["duty_a"].__class__.objects.get(username="idle"))
    assert client.get("/procedures/").status_code == 404


def test_what_changed(small: SmallCompany, make_pack: MakePack) -> None:
    old = Edition.objects.get()
    new = install_pack(company=small.root, source=make_pack("A/1", ('["asked", "2wd"]', '["asked", "3wd"]')))
    page = _page(_client(small, "duty_a"), f"/procedures/{new.pk}/changes/{old.pk}/")
    assert "2 个工作日" in page
    assert "3 个工作日" in page
    assert "从 A/0 到 A/1 改了什么" in page
    assert "规定一样" in _page(_client(small, "duty_a"), f"/procedures/{old.pk}/changes/{old.pk}/")


# ------------------------------------------------------------ evidence


def _case(small: SmallCompany, when: str, unit: str = "A") -> Case:
    data = {"kind": "complaint", "channel": "phone", "text": "楼道灯坏了", "unit": unit}
    return register(actor=system_actor(small.root.pk), data=data, at=at(when)).case


@pytest.fixture
def june(small: SmallCompany) -> dict[str, Case]:
    """One answered in time, one late at site A, one at site B; one that somebody tried to close too early."""
    with time_machine.travel(at("2026-06-08 10:00"), tick=False):
        met, late, other = (_case(small, "2026-06-08 10:00", unit) for unit in ("A", "A", "B"))
        record(
            actor=small.actor("head_a"), case=met, name="judged", data={"validity": "valid", "reason": "灯"}
        )
    with time_machine.travel(at("2026-06-09 10:00"), tick=False):
        record(
            actor=small.actor("head_a"), case=met, name="answered", data={"means": "phone", "text": "已修"}
        )
        with pytest.raises(Refused):
            record(actor=small.actor("head_a"), case=late, name="closed")
    with time_machine.travel(at("2026-06-20 10:00"), tick=False):
        run_tick()
    return {"met": met, "late": late, "other": other}


def _figures(page: str) -> dict[str, int]:
    found = re.findall(r"show=(\w+)[^>]*>[^<]*<span class=\"chip-count\">(\d+)</span>", page)
    return {name: int(count) for name, count in found}


def _evidence(small: SmallCompany, who: str, clause: str = "7.2.3", query: str = "") -> str:
    with time_machine.travel(at("2026-06-20 10:00"), tick=False):
        period = "since=2026-06-01&until=2026-06-30"
        return _page(_client(small, who), f"/procedures/clauses/{clause}/?{period}{query}")


def test_how_often_a_clause_applied(small: SmallCompany, june: dict[str, Case]) -> None:
    page = _evidence(small, "quality")
    assert _figures(page) == {"applied": 3, "met": 1, "late": 2, "refused": 1, "open": 2}


def test_each_figure_opens_its_cases(small: SmallCompany, june: dict[str, Case]) -> None:
    page = _evidence(small, "quality", query="&show=late")
    assert june["late"].number in page
    assert june["other"].number in page
    assert june["met"].number not in page


def test_only_the_actors_own_units_count(small: SmallCompany, june: dict[str, Case]) -> None:
    page = _evidence(small, "head_a", query="&show=applied")
    assert _figures(page)["applied"] == 2
    assert june["other"].number not in page


def test_the_front_desk_sees_the_words_alone(small: SmallCompany, june: dict[str, Case]) -> None:
    page = _evidence(small, "duty_a", query="&show=applied")
    assert "立即定措施" in page
    assert not _figures(page)
    assert june["late"].number not in page


def test_another_period(small: SmallCompany, june: dict[str, Case]) -> None:
    with time_machine.travel(at("2026-06-20 10:00"), tick=False):
        page = _page(
            _client(small, "quality"), "/procedures/clauses/7.2.3/?since=2026-05-31&until=2026-05-01"
        )
    assert _figures(page)["applied"] == 0


@pytest.mark.parametrize("query", ["since=gestern", "show=%00", "after=9999999999999999999999", "show=nope"])
def test_nonsense_in_the_address(small: SmallCompany, query: str) -> None:
    assert _client(small, "quality").get(f"/procedures/clauses/7.2.3/?{query}").status_code == 200


def test_long_lists_are_paged_by_key(
    small: SmallCompany, june: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    from huiyin.cases import evidence

    monkeypatch.setattr(evidence, "PAGE", 2)
    page = _evidence(small, "quality", query="&show=applied")
    following = re.search(r"after=(\d+)", page)
    assert following
    rest = _evidence(small, "quality", query=f"&show=applied&after={following[1]}")
    numbers = [case.number for case in june.values()]
    assert sum(number in page for number in numbers) == 2
    assert sum(number in rest for number in numbers) == 1


# ------------------------------------------------------------ installing


def test_a_new_edition_is_uploaded(quality: Client, small: SmallCompany, make_pack: MakePack) -> None:
    content = zipped(make_pack("A/1"), inside="PM1/")
    response = _upload(quality, content, effective_from="2026-09-01")
    edition = Edition.objects.get(label="A/1")
    assert response.status_code == 302
    assert response["Location"] == f"/procedures/{edition.pk}/"
    assert edition.effective_from.isoformat() == "2026-09-01"
    assert "complaint_record.docx" in edition.forms


def test_a_built_in_one_is_chosen(small: SmallCompany) -> None:
    Edition.objects.all().delete()
    client = _client(small, "quality")
    assert client.post("/procedures/install/", {"builtin": "PM1"}).status_code == 302
    assert Edition.objects.get().label == "A/0"


def test_neither_or_both(quality: Client, make_pack: MakePack) -> None:
    assert quality.post("/procedures/install/", {}).status_code == 422
    both = _upload(quality, zipped(make_pack("A/1")), builtin="PM1")
    assert both.status_code == 422
    assert Edition.objects.count() == 1


def test_the_same_label_again(quality: Client, make_pack: MakePack) -> None:
    response = _upload(quality, zipped(make_pack("A/0", ('"2wd"', '"3wd"'))))
    assert response.status_code == 422
    assert "A/0" in response.content.decode()


def test_who_may_not_gets_no_page(small: SmallCompany) -> None:
    client = _client(small, "duty_a")
    assert client.get("/procedures/install/").status_code == 403
    assert client.post("/procedures/install/", {"builtin": "PM1"}).status_code == 403


def test_wrong_rules_are_named_one_by_one(quality: Client, make_pack: MakePack) -> None:
    pack = make_pack(
        "A/1", ('clause = "7.2.4"', 'clause = "7.9.9"'), ('notify = ["quality"]', 'notify = ["nobody"]')
    )
    response = _upload(quality, zipped(pack))
    page = response.content.decode()
    assert response.status_code == 422
    assert "没有条款 7.9.9" in page
    assert "没有岗位 nobody" in page
    assert "huiyin-pack-" not in page
    assert Edition.objects.count() == 1


def _archive(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _link() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        member = zipfile.ZipInfo("forms/a.docx")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    return stream.getvalue()


HOSTILE = {
    "not a zip": b"hello",
    "empty": _archive(),
    "no rules": _archive(**{"a/forms/x.docx": b"x"}),
    "climbs out": _archive(**{"procedure.toml": b"", "../../evil.docx": b"x"}),
    "absolute": _archive(**{"procedure.toml": b"", "/tmp/evil.docx": b"x"}),
    "drive": _archive(**{"procedure.toml": b"", "C:\\evil.docx": b"x"}),
    "backslashes": _archive(**{"procedure.toml": b"", "forms\\..\\..\\evil.docx": b"x"}),
    "link": _link(),
    "program": _archive(**{"procedure.toml": b"", "forms/run.exe": b"MZ"}),
    "deep": _archive(**{"procedure.toml": b"", "forms/a/b/c.docx": b"x"}),
    "bomb": _archive(**{"procedure.toml": b"", "forms/a.docx": b"0" * (30 << 20)}),
    "many": _archive(**{"procedure.toml": b"", **{f"forms/{n}.docx": b"" for n in range(300)}}),
    "long rules": _archive(**{"procedure.toml": b"#" * (2 << 20)}),
    "nesting": _archive(**{"procedure.toml": b"a = " + b"[" * 100_000}),
    "number without end": _archive(**{"procedure.toml": b"a = " + b"9" * 10_000}),
    "not text": _archive(**{"procedure.toml": b"\xff\xfe\x00"}),
    "not toml": _archive(**{"procedure.toml": "你好".encode()}),
    "nothing in it": _archive(**{"procedure.toml": b""}),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_uploads_change_nothing(quality: Client, what: str, tmp_path: Path) -> None:
    response = _upload(quality, HOSTILE[what])
    page = response.content.decode()
    assert response.status_code == 422
    assert "field-error" in page or "procedure-problems" in page
    assert "huiyin-pack-" not in page
    assert Edition.objects.count() == 1
    assert not list(Path("/tmp").glob("evil*"))


def test_a_lie_about_the_size_is_counted(quality: Client) -> None:
    """The archive says 10 bytes; what comes out of it is more than a pack ever is."""
    content = bytearray(_archive(**{"procedure.toml": b"", "forms/a.docx": b"0" * (30 << 20)}))
    for size in ((30 << 20).to_bytes(4, "little"),):
        while (place := content.find(size)) >= 0:
            content[place : place + 4] = (10).to_bytes(4, "little")
    assert _upload(quality, bytes(content)).status_code == 422


def test_a_password(quality: Client) -> None:
    content = bytearray(_archive(**{"procedure.toml": b"x"}))
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    response = _upload(quality, bytes(content))
    assert response.status_code == 422
    assert "密码" in response.content.decode()


def test_too_large(quality: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.procedures import uploads

    monkeypatch.setattr(uploads, "MOST_UPLOADED", 100)
    response = _upload(quality, _archive(**{"procedure.toml": b"x" * 50}))
    assert response.status_code == 422
    assert "文件太大" in response.content.decode()


# ------------------------------------------------------------ signing


def test_an_edition_is_signed_on_its_page(quality: Client, small: SmallCompany, make_pack: MakePack) -> None:
    _upload(quality, zipped(make_pack("A/1")))
    edition = Edition.objects.get(label="A/1")
    address = f"/procedures/{edition.pk}/"
    assert "会签</button>" not in _page(quality, address)
    deputy, manager = _client(small, "deputy"), _client(small, "manager")
    assert "会签</button>" in _page(deputy, address)
    assert "批准</button>" not in _page(manager, address)
    assert deputy.post(f"{address}sign/countersign/", {"note": "可以"}).status_code == 302
    assert "批准</button>" in _page(manager, address)
    assert "可以" in _page(manager, address)
    answer = manager.post(f"{address}sign/approve/", {"effective_from": "2099-01-01"})
    assert answer.status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.effective_from.isoformat()) == ("approved", "2099-01-01")
    assert "尚未生效" in _page(quality, "/procedures/")


def test_what_the_operator_installed_waits_for_nobody(quality: Client) -> None:
    page = _page(quality, f"/procedures/{Edition.objects.get().pk}/")
    assert "没有在系统里签署" in page
    assert "还没有签" not in page


def test_sending_back_wants_a_reason(quality: Client, small: SmallCompany, make_pack: MakePack) -> None:
    _upload(quality, zipped(make_pack("A/1")))
    edition = Edition.objects.get(label="A/1")
    deputy = _client(small, "deputy")
    assert deputy.post(f"/procedures/{edition.pk}/sign/decline/", {"note": ""}).status_code in (400, 422)
    deputy.post(f"/procedures/{edition.pk}/sign/decline/", {"note": "写清楚些"})
    assert "写清楚些" in _page(quality, f"/procedures/{edition.pk}/")
    assert "已退回" in _page(quality, "/procedures/")


def test_where_a_procedure_is_used_is_laid_down(quality: Client, small: SmallCompany) -> None:
    edition = Edition.objects.get()
    address = f"/procedures/{edition.pk}/scope/"
    assert "东湖花园管理处" in _page(quality, address)
    assert quality.post(address, {"units": ["999999"]}).status_code == 422
    quality.post(address, {"units": [str(small.site_b.pk)], "kinds": ["complaint"]})
    edition.procedure.refresh_from_db()
    assert (edition.procedure.units, edition.procedure.kinds) == ([small.site_b.pk], ["complaint"])
    assert "西山雅苑管理处，投诉" in _page(quality, f"/procedures/{edition.pk}/")
