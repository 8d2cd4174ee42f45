"""Drafts: typed, checked, tried on a sample case, put forward; nothing of it touches what is in force."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.organization import SmallCompany

from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.journal.models import Entry
from huiyin.procedures.drafts import create_draft, drop_draft, get_draft, pack_of, save_draft, submit_draft
from huiyin.procedures.models import Draft, Edition
from huiyin.procedures.packfiles import PackError, builtin_packs, find_pack, load_pack
from huiyin.procedures.toml import toml_of
from huiyin.procedures.trying import sample_for, try_out

URGENT = """2026-04-07 09:00 registered kind=complaint urgency=urgent
2026-04-07 09:30 judged validity=valid reason="水管 老化"
2026-04-08 09:00 closed
2026-04-09 18:00 end"""


def _text(label: str = "A/1") -> str:
    text = (find_pack("PM1") / "procedure.toml").read_text(encoding="utf-8")
    return text.replace('edition = "A/0"', f'edition = "{label}"')


@pytest.mark.parametrize("code", list(builtin_packs()))
def test_a_pack_written_out_reads_the_same(code: str) -> None:
    pack = load_pack(code)
    assert pack_of(toml_of(pack)) == pack


def test_a_sample_case_says_what_comes_of_it() -> None:
    told = try_out(load_pack("PM1"), URGENT)
    lines = [(one.text, one.clause) for one in told]
    assert lines[0][0].startswith("登记 · 种类 投诉")
    assert ("开始计时 · 答复 · 2026-04-07 11:00", "7.2.3") in lines
    assert ("超时 · 答复 · 2026-04-07 11:00", "7.2.3") in lines
    assert any(text.startswith("程序不允许 · 结案") and clause == "7.2.7" for text, clause in lines)
    assert [one.at for one in told] == sorted(one.at for one in told)
    # time ends where the sample says
    earlier = URGENT.splitlines()[0] + "\n2026-04-07 10:00 end"
    assert not any("超时" in one.text for one in try_out(load_pack("PM1"), earlier))


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ("2026-04-07 09:00 answered", "登记"),
        ("gestern registered", "第 1 行"),
        ("2026-04-07 09:00 registered kind=complaint\n2026-04-07 08:00 answered", "第 2 行"),
        ("2026-04-07 09:00 registered kind=nonsense", "kind"),
        ("2026-04-07 09:00 registered kind=complaint\n2026-04-07 10:00 danced", "danced"),
        ("2026-13-07 09:00 registered kind=complaint", "第 1 行"),
        ("2026-04-07 09:00 registered kind=complaint " + "a" * 60_000, "第 1 行"),
    ],
)
def test_a_sample_that_makes_no_sense(sample: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        try_out(load_pack("PM1"), sample)


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5000, "a = " + "9" * 5000, ".".join(["a"] * 40_000) + " = 1", "# x\n" * 300_000],
    ids=["nested", "long number", "dotted key", "too long"],
)
def test_a_text_that_would_hold_up_the_server_is_told_as_an_error(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(PackError, match="TOML"):
        pack_of(text)
    assert time.monotonic() - began < 5


def test_a_draft_with_such_a_text_still_opens(small: SmallCompany, client: Client) -> None:
    draft = create_draft(actor=small.actor("quality"), text="a = " + "[" * 5000)
    client.force_login(small.people["quality"])
    assert client.get(f"/procedures/drafts/{draft.pk}/").status_code == 200
    sent = client.post(f"/procedures/drafts/{draft.pk}/preview/", {"text": "procedure = 1", "sample": ""})
    assert sent.status_code == 200
    kept = {"text": "procedure = 1", "sample": "x" * 20_001, "version": 1}
    assert client.post(f"/procedures/drafts/{draft.pk}/", kept).status_code == 422
    kept["sample"] = ""
    assert client.post(f"/procedures/drafts/{draft.pk}/", kept).status_code == 302


def test_the_proposed_sample_runs() -> None:
    assert try_out(load_pack("PM1"), sample_for(load_pack("PM1")))


def test_two_who_write_at_once(small: SmallCompany) -> None:
    quality = small.actor("quality")
    draft = create_draft(actor=quality, text=_text())
    assert draft.title == "物业顾客沟通及顾客满意度测量监视程序 A/1"
    saved = save_draft(actor=quality, draft=draft, text="half [", sample="", version=1)
    assert (saved.version, saved.text) == (2, "half [")
    with pytest.raises(Conflict, match="林芳"):
        save_draft(actor=quality, draft=draft, text="x", sample="", version=1)
    assert Draft.objects.get().text == "half ["
    assert Entry.objects.filter(name="draft_saved").count() == 2


def test_only_what_can_run_is_put_forward(small: SmallCompany) -> None:
    quality = small.actor("quality")
    draft = create_draft(actor=quality, text="half [")
    with pytest.raises(PackError):
        submit_draft(actor=quality, draft=draft)
    marked = _text().replace('name = "explain"\n', 'name = "explain"\nunconfirmed = true\n', 1)
    draft = save_draft(actor=quality, draft=draft, text=marked, sample="", version=1)
    with pytest.raises(InvalidInput, match="explain"):
        submit_draft(actor=quality, draft=draft)
    draft = save_draft(actor=quality, draft=draft, text=_text(), sample="", version=2)
    assert submit_draft(actor=quality, draft=draft).state == "draft"
    for again in (
        lambda: submit_draft(actor=quality, draft=draft),
        lambda: drop_draft(actor=quality, draft=draft),
        lambda: save_draft(actor=quality, draft=draft, text="", sample="", version=3),
    ):
        with pytest.raises(Conflict):
            again()


def test_drafts_are_for_who_looks_after_procedures(small: SmallCompany) -> None:
    draft = create_draft(actor=small.actor("quality"), text=_text())
    with pytest.raises(Forbidden):
        create_draft(actor=small.actor("duty_a"), text="")
    with pytest.raises(Forbidden):
        get_draft(small.actor("handler_a"), draft.pk)
    with pytest.raises(NotFound):
        get_draft(small.actor("quality"), draft.pk + 1)
    drop_draft(actor=small.actor("quality"), draft=draft)
    assert not Draft.objects.exists()


def test_the_editor_from_an_edition_to_its_signing(quality: Client, small: SmallCompany) -> None:
    edition = Edition.objects.get()
    answer = quality.post("/procedures/drafts/", {"source": f"edition:{edition.pk}"})
    draft = Draft.objects.get()
    address = f"/procedures/drafts/{draft.pk}/"
    assert answer["Location"] == address
    assert draft.forms == edition.forms
    page = quality.get(address).content.decode()
    assert "可以运行" in page
    # its Word templates came along
    assert "缺少文件" not in page
    assert "按顾客要求的时间" in page
    assert "比 A/0 改了 0 条" in page
    changed = draft.text.replace('edition = "A/0"', 'edition = "A/1"').replace('"2wd"', '"3wd"', 1)
    shown = quality.post(f"{address}preview/", {"text": changed, "sample": URGENT}).content.decode()
    assert "3 个工作日" in shown
    assert "超时 · 答复" in shown
    assert Draft.objects.get().text == draft.text
    wrong = quality.post(f"{address}preview/", {"text": "x = [", "sample": ""}).content.decode()
    assert "还不能运行" in wrong
    data = {"text": changed, "sample": URGENT, "version": 1}
    assert quality.post(address, data).status_code == 302
    assert quality.post(address, data).status_code == 422
    last = {"text": f"{changed}\n# 定稿\n", "sample": "", "version": 2}
    answer = quality.post(f"{address}submit/", last)
    assert "# 定稿" in Draft.objects.get().text
    made = Edition.objects.get(label="A/1")
    assert answer["Location"] == f"/procedures/{made.pk}/"
    assert (made.state, made.forms) == ("draft", edition.forms)
    assert Edition.objects.get(label="A/0").state == "effective"


def test_the_editor_from_a_document(quality: Client) -> None:
    document = Path(__file__).parents[1] / "packs" / "documents" / "property.txt"
    upload = SimpleUploadedFile("property.txt", document.read_bytes())
    address = quality.post("/procedures/drafts/", {"document": upload})["Location"]
    page = quality.get(address).content.decode()
    assert "unconfirmed = true" in page
    assert len(re.findall("还没有人确认", page)) > 10
    assert quality.post(f"{address}submit/").status_code == 302
    assert "没有经人确认" in quality.get(address).content.decode()
    assert Edition.objects.count() == 1
    assert quality.post("/procedures/drafts/", {}).status_code == 422
    bad = SimpleUploadedFile("a.docx", b"x")
    assert quality.post("/procedures/drafts/", {"document": bad}).status_code == 422
    assert quality.post(f"{address}drop/").status_code == 302
    assert not Draft.objects.exists()


def test_a_ready_made_one_keeps_its_comments(quality: Client) -> None:
    quality.post("/procedures/drafts/", {"source": "PM1"})
    assert "# 物业顾客沟通" in Draft.objects.get().text
