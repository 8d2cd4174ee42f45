"""Verification: recompute everything from the entries and say, by number, what is not as it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Max

from huiyin.core import clock
from huiyin.journal import guards
from huiyin.journal.digests import entry_digest, key_present, sign_entry, sign_seal, text_digest
from huiyin.journal.models import Chain, Entry, EntryText, Seal
from huiyin.journal.seals import Running, read_deposit

CHUNK = 2000
MOST_FINDINGS = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `entry` is its number, `sequence` its place in the subject."""

    code: str
    entry: int | None = None
    subject: str = ""
    sequence: int | None = None
    seal: int | None = None
    detail: str = ""


@dataclass(slots=True)
class VerifyReport:
    started: datetime
    finished: datetime | None = None
    entries: int = 0
    subjects: int = 0
    texts: int = 0
    erased_texts: int = 0
    seals: int = 0
    sealed_entries: int = 0
    signatures_checked: bool = True
    findings: list[Finding] = field(default_factory=list)
    findings_left_out: int = 0

    @property
    def ok(self) -> bool:
        return not self.findings

    def add(self, finding: Finding) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)
        else:
            self.findings_left_out += 1

    def to_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            **{
                key: value.isoformat() if isinstance(value, datetime) else value
                for key, value in asdict(self).items()
            },
        }


@dataclass(slots=True)
class _Tail:
    """Where a chain stands as far as it was read."""

    sequence: int = 0
    digest: str = ""
    sound: bool = True


def verify(
    *, company: int | None = None, seals: Path | None = None, progress: Progress | None = None
) -> VerifyReport:
    """Check the whole journal, or the chains of one company and all seals.

    Reads in short steps while others write; what was written after the start is left for the next time.
    """
    report = VerifyReport(started=clock.now(), signatures_checked=key_present())
    deposited = read_deposit(seals) if seals else []
    for name in guards.missing(connection):
        report.add(Finding("guard_missing", detail=name))
    end = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    kept = list(Seal.objects.order_by("number"))
    _check_seal_rows(report, kept, deposited)
    reading = _Reading(report, company, _Sealed(report, _all_seals(kept, deposited)))
    for entries in _chunks(end):
        reading.take(entries)
        if progress:
            progress(entries[-1].pk, end)
    reading.finish(end)
    _tell_a_foreign_key_apart(report)
    report.finished = clock.now()
    return report


def _chunks(end: int) -> Iterator[list[Entry]]:
    position = 0
    while rows := list(
        Entry.objects.filter(pk__gt=position, pk__lte=end).order_by("pk").select_related("chain")[:CHUNK]
    ):
        yield rows
        position = rows[-1].pk


def _all_seals(kept: Sequence[Seal], deposited: Sequence[Seal]) -> list[Seal]:
    """Where a seal is in the database and deposited, the deposited one counts."""
    found = {one.number: one for one in [*kept, *deposited]}
    return [found[number] for number in sorted(found)]


def _check_seal_rows(report: VerifyReport, kept: Sequence[Seal], deposited: Sequence[Seal]) -> None:
    """The seals among themselves: numbers without a hole, each signed, each naming the one before."""
    before: Seal | None = None
    for one in kept:
        expected = before.number + 1 if before else 1
        if one.number != expected:
            report.add(Finding("seal_missing", seal=expected, detail=f"{expected}–{one.number - 1}"))
        elif one.previous != (before.signature if before else ""):
            report.add(Finding("seal_altered", seal=one.number, detail="previous"))
        if report.signatures_checked and sign_seal(one) != one.signature:
            report.add(Finding("seal_altered", seal=one.number, detail="signature"))
        before = one
    own = {one.number: one for one in kept}
    for one in deposited:
        if one.number not in own:
            report.add(Finding("seal_missing", seal=one.number, detail="deposited"))
        elif own[one.number].signature != one.signature:
            report.add(Finding("seal_altered", seal=one.number, detail="deposited"))
    report.seals = len(kept)


def _tell_a_foreign_key_apart(report: VerifyReport) -> None:
    """Where not one signature fits, the key is another one: say that once, not for each entry."""
    forged = [finding for finding in report.findings if finding.code == "forged"]
    if len(forged) < 2 or len(forged) < min(report.entries, MOST_FINDINGS):
        return
    others = [finding for finding in report.findings if finding.code not in ("forged", "seal_altered")]
    report.findings, report.findings_left_out = [Finding("key_differs"), *others], 0


class _Sealed:
    """Compares what passes with what each seal says of its entries."""

    def __init__(self, report: VerifyReport, seals: Sequence[Seal]) -> None:
        self.report = report
        self.waiting = list(reversed(seals))
        self.before: Seal | None = None
        self.running = Running.after(0, 0)

    def take(self, number: int, digest: str) -> None:
        while self.waiting and number > self.waiting[-1].last_entry:
            self.close()
        if self.waiting:
            self.running.take(number, digest)

    def close(self) -> None:
        """All entries of the seal have passed."""
        one = self.waiting.pop()
        if self.running.position < one.last_entry:
            self.running.gaps.append([self.running.position + 1, one.last_entry])
        first = self.before.last_entry + 1 if self.before else 1
        if one.number == (self.before.number + 1 if self.before else 1):
            self._compare(one, first)
        elif self.running.entries != one.entries:  # seals between are gone: only the count is left to compare
            missing = one.entries - self.running.entries
            self.report.add(Finding("sealed_count_differs", seal=one.number, detail=f"{-missing:+d}"))
        self.report.sealed_entries = one.entries
        self.before = one
        self.running = Running.after(one.last_entry, one.entries)

    def _compare(self, one: Seal, first: int) -> None:
        if self.running.hash.hexdigest() == one.content:
            return
        removed = _beyond(self.running.gaps, one.gaps)
        inserted = _beyond(one.gaps, self.running.gaps)
        for number in removed:
            self.report.add(Finding("removed", entry=number, seal=one.number))
        for number in inserted:
            self.report.add(Finding("inserted", entry=number, seal=one.number))
        if not removed and not inserted:
            span = f"{first}–{one.last_entry}"
            self.report.add(Finding("sealed_content_altered", seal=one.number, detail=span))


def _beyond(gaps: Sequence[Sequence[int]], others: Sequence[Sequence[int]]) -> list[int]:
    """Numbers in `gaps` and in none of `others`; of a very long gap only the beginning."""
    found: list[int] = []
    for first, last in gaps:
        for number in range(first, min(last, first + MOST_FINDINGS) + 1):
            if not any(low <= number <= high for low, high in others):
                found.append(number)
    return found


class _Reading:
    """One pass over the entries in the order of their numbers."""

    def __init__(self, report: VerifyReport, company: int | None, sealed: _Sealed) -> None:
        self.report = report
        self.company = company
        self.sealed = sealed
        self.tails: dict[int, _Tail] = defaultdict(_Tail)
        self.erased: set[int] = set()
        self.recorded_erasures: set[int] = set()

    def take(self, entries: Sequence[Entry]) -> None:
        texts: dict[int, list[EntryText]] = defaultdict(list)
        span = EntryText.objects.filter(entry_id__gte=entries[0].pk, entry_id__lte=entries[-1].pk)
        for text in span.order_by("entry_id", "pk"):
            texts[text.entry_id].append(text)
        for entry in entries:
            self.sealed.take(entry.pk, entry.digest)
            if self.company is None or entry.company_id == self.company:
                self._entry(entry, texts[entry.pk])

    def _entry(self, entry: Entry, texts: Sequence[EntryText]) -> None:
        self.report.entries += 1
        tail = self.tails[entry.chain_id]
        self._place(entry, tail)
        sound = self._content(entry)
        self._texts(entry, texts)
        if sound and entry.name == "texts_erased":
            self.recorded_erasures.update(entry.data.get("texts", ()))
        tail.sequence, tail.digest, tail.sound = entry.sequence, entry.digest, sound

    def _place(self, entry: Entry, tail: _Tail) -> None:
        """Follows the entry on the one before it?"""
        expected = tail.sequence + 1
        if entry.sequence > expected:
            self._add(
                "removed", entry, sequence=expected, detail=f"{expected}–{entry.sequence - 1}", own=False
            )
        elif entry.sequence < expected:
            self._add("reordered", entry)
        elif entry.previous != tail.digest and tail.sound:
            self._add("broken_link", entry)

    def _content(self, entry: Entry) -> bool:
        if entry_digest(entry, entry.chain.subject) != entry.digest:
            self._add("altered", entry)
            return False
        if self.report.signatures_checked and sign_entry(entry.digest) != entry.signature:
            self._add("forged", entry)
            return False
        return True

    def _texts(self, entry: Entry, texts: Sequence[EntryText]) -> None:
        for text in texts:
            self.report.texts += 1
            wanted = entry.text_digests.get(text.field)
            if wanted is None:
                self._add("text_inserted", entry, detail=text.field)
            elif text.erased_at is not None and not text.text and not text.salt:
                self.report.erased_texts += 1
                self.erased.add(text.pk)
            elif text_digest(text.salt, text.text) != wanted:
                self._add("text_altered", entry, detail=text.field)
        for name in sorted(set(entry.text_digests) - {text.field for text in texts}):
            self._add("text_removed", entry, detail=name)

    def finish(self, end: int) -> None:
        while self.sealed.waiting:
            self.sealed.close()
        self.report.subjects = len(self.tails)
        self._heads(end)
        for pk in sorted(self.erased - self.recorded_erasures):
            text = EntryText.objects.select_related("entry__chain").get(pk=pk)
            # an erasure that was recorded after the start of this reading is sound
            if not Entry.objects.filter(pk__gt=end, name="texts_erased").exists():
                self._add("text_erased_without_record", text.entry, detail=text.field)

    def _heads(self, end: int) -> None:
        """The head of each chain says how long it was: what is cut off at its end is missed here."""
        chains = Chain.objects.filter(length__gt=0).order_by("pk")
        if self.company is not None:
            chains = chains.filter(company_id=self.company)
        for chain in chains.iterator(chunk_size=CHUNK):
            tail = self.tails.get(chain.pk, _Tail())
            if (chain.length, chain.head) == (tail.sequence, tail.digest):
                continue
            if Entry.objects.filter(chain=chain, pk__gt=end).exists():
                continue  # it grew while this was reading
            cut = chain.length > tail.sequence
            self.report.add(
                Finding(
                    "cut_off" if cut else "head_altered",
                    subject=chain.subject,
                    sequence=tail.sequence + 1 if cut else chain.length,
                    detail=f"{tail.sequence + 1}–{chain.length}" if cut else "",
                )
            )

    def _add(
        self, code: str, entry: Entry, *, sequence: int | None = None, detail: str = "", own: bool = True
    ) -> None:
        self.report.add(
            Finding(
                code,
                entry=entry.pk if own else None,
                subject=entry.chain.subject,
                sequence=entry.sequence if sequence is None else sequence,
                detail=detail,
            )
        )
