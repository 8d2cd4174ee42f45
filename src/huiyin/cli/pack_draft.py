"""`huiyin pack draft PROCEDURE.docx|.pdf|.txt`: a draft pack from a written procedure."""

from __future__ import annotations

import argparse
from pathlib import Path

from huiyin.cli.common import print_json, start_django
from huiyin.core.errors import Conflict
from huiyin.procedures.packfiles import FILE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("document", metavar="PROCEDURE", type=Path)
    parser.add_argument("--into", metavar="FOLDER", type=Path, help="default: DOCUMENT-draft")
    parser.add_argument("--code", default="DRAFT1", help="the procedure's code; default: DRAFT1")


def run(args: argparse.Namespace) -> int:
    """Writes FOLDER/procedure.toml, which is never overwritten: somebody may have worked on it."""
    start_django()
    from huiyin.procedures.reading.documents import lines_of
    from huiyin.procedures.reading.proposing import propose

    folder: Path = args.into or Path(f"{args.document.stem}-draft")
    file = folder / FILE
    if file.exists():
        raise Conflict(f"{file} exists: name another folder with --into")
    found = propose(lines_of(args.document), args.code)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(found.text, encoding="utf-8")
    names = ("clause", "kind", "value", "quote")
    lines = [
        {name: getattr(one, name) for name in names} | {"rule": one not in found.loose}
        for one in found.findings
    ]
    if args.json:
        print_json({"file": str(file), "clauses": len(found.clauses), "findings": lines})
        return 0
    for one in lines:
        print("\t".join(str(one[name]) for name in names))
    print(f"{file}: {len(found.clauses)} clauses, {len(lines)} findings; confirm each rule before it can run")
    return 0
