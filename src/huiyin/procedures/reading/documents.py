"""The lines of a document: Word, PDF or plain text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput
from huiyin.core.wordfiles import check_word_file
from huiyin.procedures.reading.pdftext import pdf_lines

MOST = 20 * 1024 * 1024
# what Word itself can write; a file that claims more would fill the memory
DEEPEST, WIDEST, MOST_CELLS = 8, 63, 50_000
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
            found = pdf_lines(data)
        else:
            found = data.decode("utf-8-sig").splitlines()
    except Exception as error:  # libraries fail at strangers' files in as many ways as there are broken ones
        raise InvalidInput(_("文件打不开：%(name)s") % {"name": name}, code="document") from error
    return [line.strip() for line in found if line.strip()]


def _word(data: bytes) -> Iterator[str]:
    from docx import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    check_word_file(data)
    document = Document(io.BytesIO(data))
    _check_claims(document.element)
    numbers: dict[int, list[int]] = {}
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            yield f"{_number(part, numbers)}{part.text}"
        elif isinstance(part, Table):
            for row in part.rows:
                cells = dict.fromkeys(cell.text.strip().replace("\n", " ") for cell in row.cells)
                yield " ".join(cells)


def _check_claims(root: Any) -> None:
    """Raises ValueError for tables and lists of a size that no document has."""
    from docx.oxml.ns import qn

    cells = sum(1 for _cell in root.iter(qn("w:tc")))
    spans = [int(one.get(qn("w:val"), "1")) for one in root.iter(qn("w:gridSpan"))]
    levels = [int(one.get(qn("w:val"), "0")) for one in root.iter(qn("w:ilvl"))]
    if max(spans, default=1) > WIDEST or cells + sum(spans) > MOST_CELLS or max(levels, default=0) > DEEPEST:
        raise ValueError("too large")


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
