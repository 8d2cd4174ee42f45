"""Making an archive while the server runs."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from huiyin.cli.archives import postgres, sqlite
from huiyin.cli.archives.manifest import MANIFEST, Manifest, sha256
from huiyin.config.environment import environment
from huiyin.core import clock

Progress = Callable[[int, int], None]


def make_archive(path: Path, *, keys: bool, progress: Progress) -> Manifest:
    """Database first, files after it: a file is on disk before its row, so none can be missing."""
    partial = path.with_name(path.name + ".partial")
    with tempfile.TemporaryDirectory(prefix="huiyin-backup-", dir=path.parent) as name:
        folder = Path(name)
        manifest = Manifest(
            version=version("huiyin"),
            made_at=clock.now().isoformat(),
            vendor=connection.vendor,
            migrations=sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        )
        members = (postgres if connection.vendor == "postgresql" else sqlite).dump(folder)
        sources = {member: folder / member for member in members} | (dict(_keys()) if keys else {})
        manifest.members = {member: sha256(source) for member, source in sources.items()}
        files = dict(_files())
        manifest.files = len(files)
        try:
            _write(partial, manifest, sources | files, progress)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    return manifest


def _keys() -> Iterator[tuple[str, Path]]:
    for name in ("secret", "seal"):
        path = environment().file("keys", name)
        if path.exists():
            yield f"keys/{name}", path


def _files() -> Iterator[tuple[str, Path]]:
    content = Path(settings.MEDIA_ROOT) / "content"
    for path in sorted(content.rglob("*")):
        if path.is_file():
            yield f"files/{path.relative_to(content).as_posix()}", path


def _write(path: Path, manifest: Manifest, sources: dict[str, Path], progress: Progress) -> None:
    # readable by the owner alone: it holds everything about everybody
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=4) as tar:
            content = manifest.to_bytes()
            info = tarfile.TarInfo(MANIFEST)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
            for number, (member, source) in enumerate(sources.items(), 1):
                tar.add(source, member, recursive=False)
                progress(number, len(sources))
        stream.flush()
        os.fsync(stream.fileno())
