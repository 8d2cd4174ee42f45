"""`huiyin backup FILE`: one state of everything, while the server runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from huiyin.cli.common import Progress, print_json, require_migrated, start_django
from huiyin.core.errors import Conflict, InvalidInput

SUMMARY = "save database, files and (where asked) keys into one file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="such as huiyin-2026-11-22.tar.gz")
    parser.add_argument(
        "--with-keys", action="store_true", help="the keys too: keep such a file as safe as they are"
    )
    parser.add_argument("--force", action="store_true", help="overwrite the file")
    parser.add_argument("--json", action="store_true", help="print what was saved as JSON")


def run(args: argparse.Namespace) -> int:
    if args.file.exists() and not args.force:
        raise Conflict(f"{args.file} is there already; --force overwrites it", code="exists")
    if not args.file.absolute().parent.is_dir():
        raise InvalidInput(f"{args.file.parent}: there is no such folder", code="no_folder")
    start_django()
    require_migrated()
    from huiyin.cli.archives.making import make_archive

    manifest = make_archive(args.file.absolute(), keys=args.with_keys, progress=Progress("saved"))
    size = args.file.stat().st_size
    if args.json:
        print_json({"file": str(args.file), "size": size, "files": manifest.files, "keys": manifest.has_keys})
        return 0
    print(f"{args.file}: {size / 1e6:.1f} MB, {manifest.files} files, as of {manifest.made_at}")
    if not manifest.has_keys:
        print(
            "Without the keys: save the folder `keys` elsewhere, or the seals cannot be checked after a loss."
        )
    return 0
