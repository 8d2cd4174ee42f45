"""The process that makes documents: what goes wrong there is one clear sentence here."""

from __future__ import annotations

import io

import pytest
from docx import Document

from huiyin.records import offprocess
from huiyin.records.offprocess import RenderingFailed, make_chart, make_pdf, make_word


def template(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_template_that_is_wrong_is_named() -> None:
    with pytest.raises(RenderingFailed) as caught:
        make_word(template=template("{% if %}"), context={})
    assert caught.value.code == "template"


def test_a_template_cannot_reach_out_of_its_page() -> None:
    with pytest.raises(RenderingFailed):
        make_word(template=template("{{ ''.__class__.__mro__[1].__subclasses__() }}"), context={})


def test_a_page_fetches_nothing(tmp_path: pytest.TempPathFactory) -> None:
    with pytest.raises(RenderingFailed):
        make_pdf(html='<img src="file:///etc/passwd">')


def test_a_chart_is_drawn_with_chinese_words() -> None:
    svg = make_chart(
        spec={"kind": "bars", "title": "未结工单", "labels": ["1 天", "3 天"], "counts": [1, 2], "y": "件"}
    )
    assert b"<svg" in svg


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RenderingFailed) as caught:
        offprocess._run({"job": "pdf", "html": "<p>x</p>", "charts": {}}, timeout=0.05)
    assert caught.value.code == "timeout"
    assert offprocess._slots.acquire(blocking=False)
    offprocess._slots.release()


def test_without_a_chinese_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.records import worker

    class NoFonts:
        stdout = ""

    monkeypatch.setattr(worker.subprocess, "run", lambda *args, **kwargs: NoFonts())
    monkeypatch.setattr(worker.shutil, "which", lambda name: "/usr/bin/fc-list")
    with pytest.raises(worker.JobError) as caught:
        worker.require_fonts()
    assert "fonts-noto-cjk" in offprocess._sentence(caught.value.code, "")


def test_the_memory_of_the_process_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offprocess, "MEMORY_MB", 60)
    with pytest.raises(RenderingFailed):
        make_chart(spec={"kind": "bars", "labels": ["a"], "counts": [1], "y": "件"})
