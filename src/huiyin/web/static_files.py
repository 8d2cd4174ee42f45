"""Static files straight from the package: versioned by content, compressed once, cached for good.

No collecting step: `pip install` and start. Each address carries `?v=` with a digest of the content, so that
browsers may keep the file for ever; compressed copies lie in the data folder, named by the same digest.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".webmanifest", ".txt"})
SMALLEST = 600


@lru_cache(maxsize=1024)
def _digest(path: str, modified: int, size: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def digest_of(path: str) -> str:
    found = os.stat(path)
    return _digest(path, found.st_mtime_ns, found.st_size)


class VersionedStorage(StaticFilesStorage):
    """`{% static %}` with the version in the address."""

    def url(self, name: str | None) -> str:
        """A running server's files stay as they are; while developing they are looked at each time."""
        return self._address(name) if settings.DEBUG else self._kept(name)

    @cached_property
    def _kept(self) -> Callable[[str | None], str]:
        return lru_cache(maxsize=1024)(self._address)

    def _address(self, name: str | None) -> str:
        address = super().url(name)
        path = finders.find(urlsplit(name or "").path)
        return f"{address}?v={digest_of(path)}" if isinstance(path, str) and os.path.isfile(path) else address


def _write(path: Path, content: bytes) -> None:
    """As a whole or not at all: several processes start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)


def _brotli(content: bytes) -> bytes | None:
    try:
        import brotli  # type: ignore[import-untyped]  # comes with what makes the PDFs
    except ImportError:
        return None
    packed: bytes = brotli.compress(content, quality=9)
    return packed


def compressed_copies(path: str, folder: Path) -> dict[str, str]:
    """Encodings of a file and where they are, made where they are not there yet."""
    if Path(path).suffix not in COMPRESSED or os.path.getsize(path) < SMALLEST:
        return {}
    stem = folder / digest_of(path)
    found: dict[str, str] = {}
    for encoding, suffix in (("gzip", ".gz"), ("br", ".br")):
        copy = stem.with_name(stem.name + suffix)
        if not copy.exists():
            content = Path(path).read_bytes()
            packed = gzip.compress(content, 9, mtime=0) if encoding == "gzip" else _brotli(content)
            if packed is None:
                continue
            _write(copy, packed)
        found[encoding] = str(copy)
    return found


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves what the finders know, compressed and kept for good: addresses change with their content."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        if self.autorefresh:
            return super().get_static_file(path, url, stat_cache=stat_cache)
        headers: dict[str, str] = {}
        media_type = str(self.media_types.get_type(path))
        headers["Content-Type"] = (
            f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        )
        headers["Cache-Control"] = f"max-age={self.FOREVER}, public, immutable"
        headers["X-Content-Type-Options"] = "nosniff"
        copies = compressed_copies(path, settings.STATIC_CACHE)
        return StaticFile(path, list(headers.items()), encodings=copies)
