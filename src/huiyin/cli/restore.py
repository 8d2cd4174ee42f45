"""`huiyin restore FILE`: what `backup` saved. Stop the server first."""

from __future__ import annotations

import argparse
from pathlib import Path

from huiyin.cli.common import Progress, start_django

SUMMARY = "put a backup back; sending waits until you release it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="over an installation that has content")
    parser.add_argument("--no-verify", action="store_true", help="do not check the journal afterwards")


def run(args: argparse.Namespace) -> int:
    start_django()
    from huiyin.cli.archives.restoring import restore_archive

    restored = restore_archive(args.file, force=args.force)
    print(f"Restored the state of {restored.manifest.made_at}, {restored.manifest.files} files.")
    if restored.aside:
        print(f"What was there before is in {restored.aside}")
    if not restored.manifest.has_keys:
        print("The backup holds no keys: put the folder `keys` back before you start the server.")
    print(
        f"Sending is on hold ({restored.held} waiting), because it may have been sent already."
        " `huiyin doctor --release-held` sends it, `--discard-held` does not."
    )
    if args.no_verify:
        return 0
    from huiyin.journal.verification import verify

    report = verify(progress=Progress("entries"))
    print(
        "The journal is whole."
        if report.ok
        else f"The journal has {len(report.findings)} findings: huiyin verify"
    )
    return 0 if report.ok else 1
