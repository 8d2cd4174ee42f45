"""A Word file that somebody else made, looked at before any library opens it. Without Django."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

MOST_MEMBERS = 500
MOST_UNPACKED = 40 * 1024 * 1024
MOST_XML = 10 * 1024 * 1024
MOST_RATIO = 200
# Below this a high ratio is the usual one of XML.
_SMALL = 5 * 1024 * 1024
_EXTERNAL = re.compile(rb"<[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_HYPERLINK = re.compile(rb"\bType\s*=\s*[\"'][^\"']*/hyperlink[\"']")


class UnsafeWordFile(ValueError):
    """`code`: damaged | zip_bomb | encrypted | macros | entities | external."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_word_file(source: bytes | Path) -> None:
    """Raises UnsafeWordFile for what would fill the memory, run, or fetch something from elsewhere.

    A member never gives more bytes than the archive's directory declares, so the declared sizes are true.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            _check_members(archive.infolist())
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(archive.read(member), member.filename)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise UnsafeWordFile("damaged") from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise UnsafeWordFile("zip_bomb")
    if unpacked > _SMALL and unpacked / packed > MOST_RATIO:
        raise UnsafeWordFile("zip_bomb")
    if any(member.flag_bits & 0x1 for member in members):
        raise UnsafeWordFile("encrypted")
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise UnsafeWordFile("macros")
    if "word/document.xml" not in {member.filename for member in members}:
        raise UnsafeWordFile("damaged")
    if any(member.file_size > MOST_XML for member in members if member.filename.endswith(".xml")):
        raise UnsafeWordFile("zip_bomb")


def _check_xml(body: bytes, name: str) -> None:
    """Entities multiply and read files; a relation to elsewhere is fetched by whoever opens the paper."""
    plain = body.replace(b"\x00", b"")  # UTF-16 hides nothing
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnsafeWordFile("entities")
    if name.endswith(".rels") and any(not _HYPERLINK.search(one) for one in _EXTERNAL.findall(plain)):
        raise UnsafeWordFile("external")
