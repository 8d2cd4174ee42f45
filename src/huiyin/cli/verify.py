"""`huiyin verify`: recompute the journal and say what is not as it was written."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from huiyin.cli.common import Progress, print_json, require_migrated, start_django

if TYPE_CHECKING:
    from huiyin.journal.verification import Finding, VerifyReport

SUMMARY = "check that nothing in the journal was altered, removed, reordered or cut off"

SENTENCES = {
    "altered": "was altered",
    "forged": "was rewritten or added without the key of this installation",
    "removed": "was removed",
    "inserted": "was inserted after the seal",
    "reordered": "is out of order",
    "broken_link": "does not follow on the entry before it",
    "cut_off": "entries at the end were cut off",
    "head_altered": "the head of the chain does not fit its entries",
    "text_altered": "a text was altered",
    "text_removed": "a text was removed",
    "text_inserted": "a text was added",
    "text_erased_without_record": "a text was erased and nobody recorded it",
    "seal_altered": "was altered",
    "seal_missing": "is missing",
    "sealed_content_altered": "the entries under it are not those that were sealed",
    "sealed_count_differs": "the number of entries under it differs",
    "guard_missing": "the database no longer refuses changes: a trigger is missing",
    "key_differs": "no signature fits: the key of the seals is not the one they were made with",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--seals", type=Path, metavar="FILE", help="seals deposited outside, to compare with")
    parser.add_argument("--company", type=int, metavar="ID", help="only the chains of one company")
    parser.add_argument("--deposit", action="store_true", help="print the seals, to keep them elsewhere")


def run(args: argparse.Namespace) -> int:
    start_django()
    require_migrated()
    if args.deposit:
        return _deposit()
    from huiyin.journal.verification import verify

    report = verify(company=args.company, seals=args.seals, progress=Progress("entries"))
    if args.json:
        print_json(report.to_dict())
    else:
        _print(report)
    return 0 if report.ok else 1


def _deposit() -> int:
    from huiyin.journal.models import Seal
    from huiyin.journal.seals import deposit_text

    print(deposit_text(Seal.objects.order_by("number").iterator()), end="")
    return 0


def _print(report: VerifyReport) -> None:
    print(
        f"{report.entries} entries of {report.subjects} subjects, {report.texts} texts"
        f" ({report.erased_texts} erased), {report.seals} seals over {report.sealed_entries} entries"
    )
    if not report.signatures_checked:
        print("The key of the seals is not here: the chains were checked, the signatures were not.")
    for finding in report.findings:
        print(_sentence(finding))
    if report.findings_left_out:
        print(f"and {report.findings_left_out} more")
    print("Nothing was altered." if report.ok else f"{len(report.findings)} findings.")


def _sentence(finding: Finding) -> str:
    where = [f"entry {finding.entry}"] if finding.entry is not None else []
    if finding.subject:
        where.append(f"{finding.subject} no. {finding.sequence}")
    if finding.seal is not None:
        where.append(f"seal {finding.seal}")
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"{', '.join(where) or 'journal'}: {SENTENCES[finding.code]}{detail}"
