"""What an archive says of itself, and the check that it holds what it says."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from huiyin.core.errors import InvalidInput

FORMAT = 1
MANIFEST = "manifest.json"
_MEMBER = re.compile(
    r"database/[A-Za-z0-9_.]{1,100}|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}|keys/(secret|seal)"
)


@dataclass(slots=True)
class Manifest:
    version: str
    made_at: str
    vendor: str
    migrations: list[str]
    members: dict[str, str] = field(default_factory=dict)
    """Path in the archive and SHA-256 of everything but the files, whose name is their SHA-256."""
    files: int = 0
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @property
    def has_keys(self) -> bool:
        return "keys/seal" in self.members


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unpack(archive: Path, folder: Path) -> Manifest:
    """Unpack an archive into a folder; everything in it is checked before anything is returned."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST:
                raise InvalidInput(f"{archive}: not a backup of huiyin", code="not_a_backup")
            manifest = _read_manifest(archive, tar, first)
            while (member := tar.next()) is not None:
                if not member.isfile() or not _MEMBER.fullmatch(member.name):
                    raise InvalidInput(
                        f"{archive}: {member.name} does not belong in a backup", code="foreign_member"
                    )
                tar.extract(member, folder, filter="data")
    except FileNotFoundError as error:
        raise InvalidInput(f"{archive}: there is no such file", code="unreadable") from error
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise InvalidInput(f"{archive}: damaged or not a backup: {error}", code="damaged_backup") from error
    _check(archive, folder, manifest)
    return manifest


def _read_manifest(archive: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    stream = tar.extractfile(member)
    try:
        content: dict[str, Any] = json.loads(stream.read() if stream else b"")
        manifest = Manifest(**content)
    except (ValueError, TypeError) as error:
        raise InvalidInput(f"{archive}: its manifest cannot be read", code="damaged_backup") from error
    if manifest.format != FORMAT:
        raise InvalidInput(
            f"{archive}: made by another version of huiyin ({manifest.version})", code="format"
        )
    return manifest


def _check(archive: Path, folder: Path, manifest: Manifest) -> None:
    wrong = [
        name
        for name, digest in manifest.members.items()
        if not (folder / name).is_file() or sha256(folder / name) != digest
    ]
    found = [path for path in (folder / "files").rglob("*") if path.is_file()]
    wrong += [path.name for path in found if sha256(path) != path.name]
    if wrong:
        raise InvalidInput(f"{archive}: damaged: {wrong[0]} is not as it was saved", code="damaged_backup")
    if len(found) != manifest.files:
        raise InvalidInput(
            f"{archive}: {manifest.files - len(found)} files are missing", code="damaged_backup"
        )
