"""A form in an uploaded pack fills in words; one that would do more never gets in."""

from __future__ import annotations

import io
import zipfile

import pytest
from tests.procedures.conftest import MakePack, zipped
from tests.records.test_hostile_templates import RELATION, with_member

from huiyin.core.errors import InvalidInput
from huiyin.procedures.uploads import unpacked


def _with_form(pack: bytes, form: bytes) -> io.BytesIO:
    stream = io.BytesIO(pack)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("forms/extra.docx", form)
    return stream


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (with_member("word/media/big.bin", b"\0" * (18 << 20)), "解开后太大"),
        (with_member("word/vbaProject.bin", b"x"), "宏"),
        (with_member("word/_rels/document.xml.rels", RELATION % b"image"), "外部"),
        (b"words", "损坏"),
    ],
)
def test_a_form_that_does_more_than_fill_in_is_refused(make_pack: MakePack, form: bytes, why: str) -> None:
    upload = _with_form(zipped(make_pack("A/1")), form)
    with pytest.raises(InvalidInput, match=r"extra\.docx") as refused, unpacked(upload, 1000):
        pass
    assert why in refused.value.message


def test_a_form_of_words_is_taken(make_pack: MakePack) -> None:
    form = with_member("word/_rels/x.xml.rels", RELATION % b"hyperlink")
    with unpacked(_with_form(zipped(make_pack("A/1")), form), 1000) as folder:
        assert (folder / "forms" / "extra.docx").is_file()
