"""Where an uploaded table waits until it is taken in. Removed when it is, or after a week."""

from __future__ import annotations

import uuid as uuids
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from huiyin.config.environment import environment
from huiyin.core.errors import InvalidInput

KEPT = timedelta(days=7)


def path_of(uuid: uuids.UUID) -> Path:
    return environment().file("imports", str(uuid)).absolute()


def keep(uuid: uuids.UUID, upload: UploadedFile[Any]) -> Path:
    """Write the upload to its place. Raises InvalidInput where it is larger than allowed."""
    limit = environment().import_limit_mb
    if (upload.size or 0) > limit * 1024 * 1024:
        message = _("文件超过了 %(limit)d MB 的上限。请分成几个文件再导入。")
        raise InvalidInput(message % {"limit": limit}, code="too_large")
    path = path_of(uuid)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        for chunk in upload.chunks():
            stream.write(chunk)
    return path


def remove_old(now: datetime) -> int:
    """Remove what has waited longer than a week; returns how many files."""
    folder = environment().file("imports")
    removed = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed
