"""Putting an archive back, so that nothing is lost and nothing is sent a second time."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from huiyin.cli.archives import postgres, sqlite
from huiyin.cli.archives.manifest import Manifest, sha256, unpack
from huiyin.config.environment import environment
from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput
from huiyin.core.files import file_path
from huiyin.core.models import OutboxRow, Ticking
from huiyin.core.outbox import held, hold_sending
from huiyin.journal.digests import forget_key
from huiyin.journal.services import record_action
from huiyin.organization.actors import system_actor
from huiyin.organization.models import Unit


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    held: int
    aside: Path | None
    keys_restored: bool


def restore_archive(archive: Path, *, force: bool) -> Restored:
    """Restore into an empty installation, or over a full one with `force`. The archive is checked first."""
    data = environment().data_dir
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restoring-", dir=data) as name:
        folder = Path(name)
        manifest = unpack(archive, folder)
        _check_fits(archive, manifest)
        if not force and _has_content():
            raise Conflict(
                "there is a company in the database already; --force overwrites it", code="not_empty"
            )
        backend = postgres if connection.vendor == "postgresql" else sqlite
        aside = backend.keep_aside(clock.now().strftime("%Y%m%d-%H%M%S")) if force else None
        backend.load(folder, manifest.migrations)
        call_command("migrate", interactive=False, verbosity=0)
        _place_files(folder / "files")
        keys = _place_keys(folder / "keys")
        waiting = _after(manifest, sha256(archive))
    return Restored(manifest, waiting, aside, keys)


def _check_fits(archive: Path, manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise InvalidInput(
            f"{archive}: saved from {manifest.vendor}, and this installation runs on {connection.vendor}",
            code="other_database",
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations or {}}
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise InvalidInput(
            f"{archive}: made by huiyin {manifest.version}, which is newer ({newer[0]}): install that first",
            code="newer",
        )


def _has_content() -> bool:
    try:
        with transaction.atomic():
            return bool(Unit.objects.exists())
    except DatabaseError:  # no tables yet
        return False


def _place_files(folder: Path) -> None:
    for source in folder.rglob("*"):
        if source.is_file():
            target = file_path(source.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "thumbnails", ignore_errors=True)


def _place_keys(folder: Path) -> bool:
    """The keys of the archive; another key that is here is kept beside them."""
    placed = False
    for source in folder.glob("*"):
        target = environment().file("keys", source.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and target.read_bytes() != source.read_bytes():
            target.replace(target.with_name(f"{target.name}.before-restore"))
        shutil.copyfile(source, target)
        os.chmod(target, 0o600)
        placed = True
    forget_key()
    return placed


def _after(manifest: Manifest, digest: str) -> int:
    """Sending waits for the operator; leases of the machine that was saved are void; the journal says so."""
    with transaction.atomic():
        hold_sending(reason=f"restored from a backup of {manifest.made_at}")
        OutboxRow.objects.filter(leased_until__isnull=False).update(leased_until=None)
        Ticking.objects.update(leased_until=None)
        for company in Unit.objects.filter(parent__isnull=True):
            record_action(
                actor=system_actor(company.pk),
                subject_kind="journal",
                subject_id=company.pk,
                name="restored",
                data={"made_at": manifest.made_at, "version": manifest.version, "archive": digest},
            )
        return held().count()
