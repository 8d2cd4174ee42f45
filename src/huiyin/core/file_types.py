"""What a file is, by its content. The name it came with and what the browser said of it count for nothing."""

from __future__ import annotations

import codecs
import zipfile
from pathlib import Path

import puremagic
from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput

JPEG, PNG, WEBP, GIF, HEIC = "image/jpeg", "image/png", "image/webp", "image/gif", "image/heic"
PDF, TEXT = "application/pdf", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MP3, M4A, AMR, MP4 = "audio/mpeg", "audio/mp4", "audio/amr", "video/mp4"

IMAGES = frozenset({JPEG, PNG, WEBP, GIF, HEIC})
DOCUMENTS = frozenset({PDF, DOCX, XLSX, TEXT})
SOUND = frozenset({MP3, M4A, AMR})
ALL = IMAGES | DOCUMENTS | SOUND | {MP4}

EXTENSIONS = {
    JPEG: ".jpg",
    PNG: ".png",
    WEBP: ".webp",
    GIF: ".gif",
    HEIC: ".heic",
    PDF: ".pdf",
    TEXT: ".txt",
    DOCX: ".docx",
    XLSX: ".xlsx",
    MP3: ".mp3",
    M4A: ".m4a",
    AMR: ".amr",
    MP4: ".mp4",
}
ACCEPT = ",".join(sorted(EXTENSIONS.values()))
"""For the `accept` attribute of a file input."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
    (b"#!AMR", AMR),
)
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"M4A ", b"M4B "), M4A),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "), MP4),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"MSNV", b"dash"), MP4),
}
_OFFICE = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))
MOST_MEMBERS = 5000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200


def media_type_of(path: Path) -> str:
    """The media type, one of `ALL`; raises InvalidInput with what to do where it is none of them."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise InvalidInput(_("文件是空的。"), code="empty_file")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return _BRANDS[head[8:12]]
    for beginning, media_type in _BEGINNINGS:
        if head.startswith(beginning):
            return media_type
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if _is_text(path):
        return TEXT
    raise InvalidInput(_refusal(head), code="file_type")


def _refusal(head: bytes) -> str:
    try:
        found = puremagic.from_string(head)
    except (puremagic.PureError, ValueError):
        found = ""
    text = _("这种文件%(kind)s不能上传。可以上传照片、PDF、Word、Excel、文本、录音和 MP4 视频。")
    return text % {"kind": _("（%(name)s）") % {"name": found.lstrip(".")} if found else ""}


def _office(path: Path) -> str:
    """An office file by its members. A macro, a locked file or a zip bomb is refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InvalidInput(_("文件已损坏，打不开。"), code="damaged_file") from error
    check_members(members)
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise InvalidInput(_("带宏的 Office 文件不能上传，请另存为不带宏的文件。"), code="macros")
    for member, media_type in _OFFICE:
        if "[Content_Types].xml" in names and member in names:
            return media_type
    raise InvalidInput(_("压缩包不能上传，请上传里面的文件。"), code="archive")


def check_members(members: list[zipfile.ZipInfo]) -> None:
    """Refuses what would fill memory or disk when unpacked."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    bomb = unpacked > 10 * 1024 * 1024 and unpacked / packed > MOST_RATIO
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or bomb:
        raise InvalidInput(_("文件解开后太大，不能上传。"), code="zip_bomb")
    if any(member.flag_bits & 0x1 for member in members):
        raise InvalidInput(_("文件加了密码，请去掉密码再上传。"), code="encrypted")


def _is_text(path: Path) -> bool:
    """Readable as UTF-8 or GB18030 and without control characters, to the last byte."""
    return any(_reads_as(path, encoding) for encoding in ("utf-8", "gb18030"))


def _reads_as(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                if any(char < " " and char not in "\t\n\r\f" for char in decoder.decode(block)):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
