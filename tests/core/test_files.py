"""Files by their content: what is taken, what is refused, how it is served."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import docx
import openpyxl
import pytest
from django.test import override_settings
from PIL import Image

from huiyin.core import clock, file_images, files
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.core.file_types import AMR, DOCX, HEIC, IMAGES, JPEG, M4A, MP3, MP4, PDF, PNG, TEXT, XLSX
from huiyin.core.files import (
    file_path,
    open_file,
    remove_orphans,
    serve_file,
    serve_thumbnail,
    store_file,
    thumbnail_path,
)
from huiyin.core.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path


def picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 900), **given: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **given)
    return stream.getvalue()


def word() -> bytes:
    stream = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("漏水")
    document.save(stream)
    return stream.getvalue()


def sheet() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("JPEG"), JPEG),
        (picture("PNG"), PNG),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/gif"),
        (b"\0\0\0\x18ftypheic" + bytes(40), HEIC),
        (b"\0\0\0\x18ftypM4A " + bytes(40), M4A),
        (b"\0\0\0\x18ftypisom" + bytes(40), MP4),
        (b"ID3\x04" + bytes(40), MP3),
        (b"#!AMR\n" + bytes(40), AMR),
        (b"%PDF-1.7\n", PDF),
        (word(), DOCX),
        (sheet(), XLSX),
        ("电梯停了".encode(), TEXT),
        ("电梯停了".encode("gb18030"), TEXT),
    ],
)
def test_the_content_says_what_it_is(content: bytes, media_type: str) -> None:
    stored = store_file(io.BytesIO(content), name="whatever.exe")
    assert (stored.media_type, stored.size) == (media_type, len(content))
    with open_file(stored) as stream:
        assert stream.read() == content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"MZ\x90\x00" + bytes(200), "file_type"),
        (b"\x7fELF" + bytes(200), "file_type"),
        (picture()[:2000], "damaged_image"),
        (picture("PNG")[:200], "damaged_image"),
        (b"PK\x03\x04" + bytes(100), "damaged_file"),
        (archive(a_dot_txt=b"x"), "archive"),
        (archive(word__document_dot_xml=b"x"), "archive"),
        (archive(word__vbaProject_dot_bin=b"x", word__document_dot_xml=b"x"), "macros"),
        (archive(word__document_dot_xml=bytes(20_000_000)), "zip_bomb"),
    ],
)
def test_what_is_refused(media: Path, content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        store_file(content, name="合同.docx")
    assert refused.value.code == code
    assert refused.value.message.startswith("合同.docx：")
    assert not StoredFile.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="超过"):
        store_file(b"a" * 2000, name="a.txt", limit=1999)
    with pytest.raises(InvalidInput) as refused:
        store_file(b"plain text", name="a.jpg", allowed=IMAGES)
    assert refused.value.code == "file_type"
    monkeypatch.setattr(file_images, "MOST_PIXELS", 1000)
    with pytest.raises(InvalidInput) as refused:
        store_file(picture("PNG"), name="a.png")
    assert refused.value.code == "too_many_pixels"


def test_the_same_content_is_kept_once(media: Path) -> None:
    one, other = store_file(b"same", name="a.txt"), store_file(b"same", name="b.txt")
    assert one.pk == other.pk
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_a_thumbnail_is_small_upright_and_says_nothing_of_the_place() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "Maker"
    stored = store_file(picture("JPEG", exif=exif), name="a.jpg")
    with Image.open(thumbnail_path(stored.digest)) as small:
        assert (small.format, small.size) == ("WEBP", (360, 480))
        assert not small.getexif()
    assert serve_thumbnail(stored)["Content-Type"] == "image/webp"
    thumbnail_path(stored.digest).unlink()
    assert b"".join(serve_thumbnail(stored).streaming_content)[8:12] == b"WEBP"
    with pytest.raises(NotFound):
        serve_thumbnail(store_file(b"text", name="a.txt"))


def test_only_pictures_and_pdf_open_in_the_browser() -> None:
    shown = serve_file(store_file(picture(), name="a.jpg"), "厨房 漏水.jpg")
    assert shown["Content-Disposition"].startswith("inline;")
    assert "%E5%8E%A8%E6%88%BF%20%E6%BC%8F%E6%B0%B4.jpg" in shown["Content-Disposition"]
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    page = serve_file(store_file(b"<script>alert(1)</script>", name="a.txt"), '../x"\r\n.html')
    assert page["Content-Disposition"] == "attachment; filename=\"file\"; filename*=UTF-8''x%22.html.txt"
    assert page["Content-Type"] == "text/plain; charset=utf-8"


def test_a_missing_file_is_not_found() -> None:
    stored = store_file(b"text", name="a.txt")
    file_path(stored.digest).unlink()
    with pytest.raises(NotFound):
        serve_file(stored, "a.txt")


def test_what_belongs_to_nothing_goes_after_two_days(media: Path) -> None:
    stored = store_file(picture(), name="a.jpg")
    assert remove_orphans(clock.now()) == 0
    assert remove_orphans(clock.now() + files.ORPHAN_AFTER + timedelta(minutes=1)) == 1
    assert not file_path(stored.digest).exists()
    assert not thumbnail_path(stored.digest).exists()
    again = store_file(picture(), name="a.jpg")
    assert file_path(again.digest).exists()


def test_a_file_that_came_again_is_young_again() -> None:
    stored = store_file(b"text", name="a.txt")
    StoredFile.objects.filter(pk=stored.pk).update(created_at=clock.now() - timedelta(days=30))
    store_file(b"text", name="a.txt")
    assert remove_orphans(clock.now()) == 0
