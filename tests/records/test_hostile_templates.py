"""Templates of packs come from elsewhere: whatever stands in them fills in text or is refused."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from docx import Document
from jinja2 import TemplateError

from huiyin.core.wordfiles import UnsafeWordFile, check_word_file
from huiyin.records import offprocess
from huiyin.records.offprocess import RenderingFailed, make_word
from huiyin.records.sandbox import FillingIn

CHART = {"kind": "bars", "labels": ["a"], "counts": [1], "y": "件"}


def template(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_member(name: str, body: bytes) -> bytes:
    """The plain template with a member put in or replaced."""
    source = zipfile.ZipFile(io.BytesIO(template("x")))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for one in source.infolist():
            if one.filename != name:
                target.writestr(one, source.read(one))
        target.writestr(name, body)
    return stream.getvalue()


def words(document: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(document)).paragraphs)


def test_a_picture_leads_neither_to_the_document_nor_to_the_disk(tmp_path: Path) -> None:
    target = tmp_path / "written.docx"
    for text in (
        "{{ charts.one.tpl.save('%s') }}",
        "{{ charts['one']['tpl'].save('%s') }}",
        "{{ (charts.one|attr('tpl')).save('%s') }}",
        "{%% for one in charts.values() %%}{{ one.tpl.save('%s') }}{%% endfor %%}",
    ):
        with pytest.raises(RenderingFailed) as caught:
            make_word(template=template(text % target), context={}, charts={"one": CHART})
        assert caught.value.code == "template"
        assert not target.exists()


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''|attr('__class__')|attr('__base__')|attr('__subclasses__')() }}",
        "{{ self.__init__.__globals__ }}{{ self._TemplateReference__context.environment.x() }}",
        "{{ cycler.__init__.__globals__.os.system('id') }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ '{0.__class__.__init__.__globals__}'.format(name).x() }}",
        "{{ words.__getattribute__('clear')() }}",
        "{{ words.append('x') }}",
        "{% include '/etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% extends '/etc/passwd' %}",
    ],
)
def test_what_reaches_out_of_the_page_is_refused(text: str) -> None:
    context = {"name": "王女士", "words": ["x"]}
    with pytest.raises((TemplateError, TypeError)):
        FillingIn().from_string(text).render(context)


def test_in_the_worker_too() -> None:
    with pytest.raises(RenderingFailed) as caught:
        make_word(template=template("{{ ''.__class__.__base__.__subclasses__() }}"), context={})
    assert caught.value.code == "template"


def test_what_a_person_wrote_is_not_run_and_not_markup() -> None:
    made = make_word(template=template("{{ name }}"), context={"name": "{{ 7 * 7 }} <w:p/> & 王"})
    assert words(made) == "{{ 7 * 7 }} <w:p/> & 王"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ 'x' * 3000000000 }}", "memory"),
        ("{{ '%2000000000d'|format(1) }}", "memory"),
        ("{% for a in range(10000000000) %}x{% endfor %}", "template"),
    ],
)
def test_memory_ends(text: str, code: str) -> None:
    with pytest.raises(RenderingFailed) as caught:
        make_word(template=template(text), context={})
    assert caught.value.code == code


@pytest.mark.slow
def test_time_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    loops = "{% for a in range(9999) %}" * 3 + "{% if a == 10000 %}x{% endif %}" + "{% endfor %}" * 3
    call = offprocess._call
    monkeypatch.setattr(offprocess, "_call", lambda line, timeout: call(line, 4.0))
    with pytest.raises(RenderingFailed) as caught:
        make_word(template=template(loops), context={})
    assert caught.value.code == "timeout"


def test_behind_the_closed_doors_nothing_is_written_started_or_called(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = (
        "import os, socket, subprocess, sys\n"
        "from huiyin.records.sandbox import close_the_doors\n"
        "close_the_doors()\n"
        "def tried(work):\n"
        "    try:\n"
        "        work()\n"
        "    except PermissionError:\n"
        "        return\n"
        "    sys.exit('went through')\n"
        f"tried(lambda: open({str(tmp_path / 'x')!r}, 'w'))\n"
        f"tried(lambda: os.open({str(tmp_path / 'x')!r}, os.O_CREAT | os.O_WRONLY))\n"
        "tried(lambda: socket.socket().connect(('127.0.0.1', 1)))\n"
        "tried(lambda: subprocess.run(['true']))\n"
        "tried(lambda: os.system('true'))\n"
        "open(os.__file__).close()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert os.listdir(tmp_path) == []


RELATION = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"'
    b' Target="http://192.0.2.1/x" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("word/media/big.bin", b"\0" * (60 << 20), "zip_bomb"),
        ("word/big.xml", b"<a>" + b" " * (8 << 20) + b"</a>", "zip_bomb"),
        ("word/vbaProject.bin", b"x", "macros"),
        ("word/x.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "entities"),
        ("word/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"), "entities"),
        ("word/_rels/settings.xml.rels", RELATION % b"attachedTemplate", "external"),
        ("word/_rels/document.xml.rels", RELATION % b"image", "external"),
    ],
)
def test_a_word_file_that_is_more_than_words_is_refused(name: str, body: bytes, code: str) -> None:
    made = with_member(name, body)
    with pytest.raises(UnsafeWordFile) as caught:
        check_word_file(made)
    assert caught.value.code == code
    with pytest.raises(RenderingFailed) as failed:
        make_word(template=made, context={})
    assert failed.value.code == "unsafe_template"


def test_a_link_to_read_stays_and_nonsense_is_damaged() -> None:
    check_word_file(with_member("word/_rels/x.xml.rels", RELATION % b"hyperlink"))
    for nonsense in (b"", b"PK\x03\x04", b"words"):
        with pytest.raises(UnsafeWordFile) as caught:
            check_word_file(nonsense)
        assert caught.value.code == "damaged"


def test_our_own_forms_are_such_files() -> None:
    root = Path(__file__).resolve().parents[2]
    found = [*root.glob("packs/*/forms/*.docx"), *root.glob("src/huiyin/*/forms/*.docx")]
    assert found
    for one in found:
        check_word_file(one)
