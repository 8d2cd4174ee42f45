"""The lines of a document: Word, PDF or plain text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput

MOST = 20 * 1024 * 1024
SUFFIXES = (".docx", ".pdf", ".txt", ".md")


def lines_of(path: Path) -> list[str]:
    """Raises InvalidInput for a file that cannot be read as one of these."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}", code="document") from None
    return lines_from(path.name, data)


def lines_from(name: str, data: bytes) -> list[str]:
    """The same from the content. Numbers that Word sets by itself are written out."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES or len(data) > MOST:
        raise InvalidInput(_("只能读 Word（.docx）、PDF 和文本，最大 20 MB。"), code="document")
    try:
        if suffix == ".docx":
            found = list(_word(data))
        elif suffix == ".pdf":
            found = _pdf(data)
        else:
            found = data.decode("utf-8-sig").splitlines()
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValueError) as error:
        raise InvalidInput(_("文件打不开：%(name)s") % {"name": name}, code="document") from error
    return [line.strip() for line in found if line.strip()]


def _word(data: bytes) -> Iterator[str]:
    from docx import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    document = Document(io.BytesIO(data))
    numbers: dict[int, list[int]] = {}
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            yield f"{_number(part, numbers)}{part.text}"
        elif isinstance(part, Table):
            for row in part.rows:
                cells = dict.fromkeys(cell.text.strip().replace("\n", " ") for cell in row.cells)
                yield " ".join(cells)


def _number(paragraph: Any, numbers: dict[int, list[int]]) -> str:
    """1.2.3 for a paragraph that Word numbers by itself; its own wording of the number is not read."""
    properties = paragraph._p.pPr
    listed = properties.numPr if properties is not None else None
    if listed is None or listed.numId is None or listed.numId.val == 0:
        return ""
    level = listed.ilvl.val if listed.ilvl is not None else 0
    counts = numbers.setdefault(listed.numId.val, [])
    counts += [0] * (level + 1 - len(counts))
    counts[level] += 1
    del counts[level + 1 :]
    return ".".join(str(max(1, one)) for one in counts) + " "


def _pdf(data: bytes) -> list[str]:
    from pdfminer.high_level import extract_text
    from pdfminer.pdfexceptions import PDFException

    try:
        return list(extract_text(io.BytesIO(data)).splitlines())
    except PDFException as error:
        raise ValueError(str(error)) from error
