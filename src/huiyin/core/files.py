"""Files by their content: one copy of each, on disk below MEDIA_ROOT, named by its SHA-256.

Who may see a file is decided by what it belongs to; nothing here serves a file by its digest alone.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import quote

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.http import FileResponse
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.core.file_images import make_thumbnail
from huiyin.core.file_types import ALL, EXTENSIONS, HEIC, IMAGES, PDF, media_type_of
from huiyin.core.models import StoredFile
from huiyin.core.phrases import labelled

BLOCK = 1 << 20
ORPHAN_AFTER = timedelta(days=2)
INLINE = (IMAGES - {HEIC}) | {PDF}


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def store_file(
    content: Readable | bytes, *, name: str, limit: int | None = None, allowed: Collection[str] = ALL
) -> StoredFile:
    """Keep a file, in the caller's transaction; the same content twice is kept once.

    `limit` is in bytes, by default what the operator set for uploads. Raises InvalidInput where the file is
    too large, damaged, or of a type that is not allowed. `name` is for the error alone.
    """
    most = limit if limit is not None else settings.ENV.upload_limit_mb * 1024 * 1024
    with _arriving() as temporary:
        try:
            size, digest = _receive(content, temporary, most)
            media_type = media_type_of(temporary)
            if media_type not in allowed:
                raise InvalidInput(_("这里不能上传这种文件。"), code="file_type")
            thumbnail = temporary.with_suffix(".webp")
            if media_type in IMAGES - {HEIC}:
                make_thumbnail(temporary, thumbnail)
        except InvalidInput as error:
            raise InvalidInput(labelled(name, error.message), code=error.code) from error
        with transaction.atomic():
            # the row first: it keeps the cleaner from the file until the transaction ends
            stored = _row(digest, size, media_type)
            _place(temporary, file_path(digest))
            if thumbnail.exists():
                _place(thumbnail, thumbnail_path(digest))
        return stored


@contextmanager
def _arriving() -> Iterator[Path]:
    folder = Path(settings.MEDIA_ROOT) / "arriving"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder)
    os.close(descriptor)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        path.with_suffix(".webp").unlink(missing_ok=True)


def _receive(content: Readable | bytes, path: Path, most: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as stream:
        for block in _blocks(content):
            size += len(block)
            if size > most:
                megabytes = f"{most / 1024 / 1024:g}"
                message = _("文件超过 %(limit)s MB。") % {"limit": megabytes}
                raise InvalidInput(message, code="too_large", limit=most)
            digest.update(block)
            stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
    return size, digest.hexdigest()


def _blocks(content: Readable | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while block := content.read(BLOCK):
        yield block


def _row(digest: str, size: int, media_type: str) -> StoredFile:
    present = clock.now()
    StoredFile.objects.bulk_create(
        [StoredFile(digest=digest, size=size, media_type=media_type, created_at=present)],
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["created_at"],
    )
    return StoredFile.objects.get(digest=digest)


def _place(source: Path, target: Path) -> None:
    """Move into place so that after a power cut the file is whole or not there."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    if os.name == "posix":
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def file_path(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "content" / digest[:2] / digest[2:4] / digest


def thumbnail_path(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "thumbnails" / digest[:2] / digest[2:4] / f"{digest}.webp"


def open_file(stored: StoredFile) -> BinaryIO:
    """Raises NotFound where the file is not on disk."""
    try:
        return file_path(stored.digest).open("rb")
    except FileNotFoundError as error:
        raise NotFound(_("文件不在存储里，请联系管理员。"), code="file_missing") from error


def serve_file(stored: StoredFile, name: str) -> FileResponse:
    """The file as an answer. Only pictures and PDF open in the browser, and nothing in them may run."""
    inline = stored.media_type in INLINE
    kind = "inline" if inline else "attachment"
    shown = _shown_name(name, stored.media_type)
    response = FileResponse(open_file(stored), content_type=_content_type(stored.media_type))
    response["Content-Disposition"] = f"{kind}; filename=\"file\"; filename*=UTF-8''{quote(shown)}"
    response["Content-Length"] = str(stored.size)
    return _guarded(response, sandbox=stored.media_type != PDF)


def has_thumbnail(stored: StoredFile) -> bool:
    return stored.media_type in IMAGES - {HEIC}


def serve_thumbnail(stored: StoredFile) -> FileResponse:
    """The small WebP of a picture; raises NotFound where there is none."""
    path = thumbnail_path(stored.digest)
    if not has_thumbnail(stored):
        raise NotFound(_("没有缩略图。"))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        make_thumbnail(file_path(stored.digest), path)
    return _guarded(FileResponse(path.open("rb"), content_type="image/webp"), sandbox=True)


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _shown_name(name: str, media_type: str) -> str:
    """The name without a path, control characters, or an ending that lies about the content."""
    clean = "".join(char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable()).strip()
    ending = EXTENSIONS.get(media_type, "")
    stem = clean or "file"
    same = {".jpg": (".jpg", ".jpeg"), ".txt": (".txt", ".csv", ".log", ".md")}.get(ending, (ending,))
    return stem if stem.lower().endswith(same) else stem + ending


def _guarded(response: FileResponse, *, sandbox: bool) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    # Chromium's own PDF reader does not open in a sandbox
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; " + (
        "sandbox" if sandbox else "object-src 'self'"
    )
    response["Cache-Control"] = "private, max-age=600"
    return response


def remove_orphans(now: datetime) -> int:
    """Remove files that nothing refers to, some time after they came; returns how many."""
    removed = 0
    unused = StoredFile.objects.filter(created_at__lt=now - ORPHAN_AFTER)
    for field in _references():
        used = field.model._base_manager.filter(**{field.name: OuterRef("pk")})
        unused = unused.filter(~Exists(used))
    for pk in list(unused.values_list("pk", flat=True)[:1000]):
        with transaction.atomic():
            stored = unused.select_for_update(of=("self",)).filter(pk=pk).first()
            if stored is None:
                continue
            stored.delete()
            thumbnail_path(stored.digest).unlink(missing_ok=True)
            file_path(stored.digest).unlink(missing_ok=True)
            removed += 1
    _remove_half_arrived(now)
    return removed


def _references() -> list[models.ForeignKey[Any, Any]]:
    """Every column of every room that points to a file, also those without a way back."""
    return [
        relation.field
        for relation in StoredFile._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    ]


def _remove_half_arrived(now: datetime) -> None:
    """What a crash left in the entrance."""
    for path in (Path(settings.MEDIA_ROOT) / "arriving").glob("*"):
        if path.stat().st_mtime < (now - ORPHAN_AFTER).timestamp():
            path.unlink(missing_ok=True)
