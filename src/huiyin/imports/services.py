"""Taking a file in, in batches: a run that is stopped loses nothing and doubles nothing.

A row's key is written in the transaction that makes its case, so a row is either taken in with its key or not
at all, and the same row from any later file is known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.cases.history import Histories
from huiyin.core import clock
from huiyin.core.errors import Conflict, HuiyinError
from huiyin.core.phrases import labelled, side_by_side
from huiyin.imports.choices import title_of
from huiyin.imports.mapping import CaseMapping, check_columns
from huiyin.imports.models import ImportedRow, ImportRun, RefusedRow, RunState, SavedMapping
from huiyin.imports.reading import Row, Table
from huiyin.imports.rows import History, history_of
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit

BATCH = 200
ATTEMPTS = 3
SAMPLES = 5
Progress = Callable[["ImportRun"], None]


@dataclass(slots=True)
class Preview:
    """What an import would do, from the whole file, without doing it."""

    total: int = 0
    good: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    samples: list[History] = field(default_factory=list)


def preview_cases(*, actor: Actor, table: Table, mapping: CaseMapping, unit: Unit | None = None) -> Preview:
    """Read every row and say which would be left out, and why. Raises InvalidInput for missing columns."""
    actor.require(Capability.IMPORT)
    check_columns(mapping, table.columns)
    found = Preview()
    seen: set[str] = set()
    checker = Histories(actor)
    for batch in _batches(table.rows()):
        _preview(found, seen, checker, mapping, unit, batch)
    found.refused.sort()
    return found


def _preview(
    found: Preview,
    seen: set[str],
    checker: Histories,
    mapping: CaseMapping,
    unit: Unit | None,
    batch: list[Row],
) -> None:
    histories, refused = _read(batch, mapping)
    seen |= _known(checker.actor, mapping, histories)
    for one in histories:
        if one.key in seen:
            found.known += 1
            continue
        try:
            checker.check(facts=_facts(unit, one), at=one.at, events=one.events)
        except HuiyinError as error:
            refused[one.row] = _why(error)
            continue
        seen.add(one.key)
        found.good += 1
        if len(found.samples) < SAMPLES:
            found.samples.append(one)
    found.total += len(batch)
    found.refused += refused.items()


def start_run(*, actor: Actor, table: Table, mapping: CaseMapping, unit: Unit | None, name: str) -> ImportRun:
    """Open an import: its mapping is remembered for files with the same titles."""
    actor.require(Capability.IMPORT, unit.pk if unit is not None else None)
    check_columns(mapping, table.columns)
    with transaction.atomic():
        run = ImportRun.objects.create(
            company_id=actor.company_id,
            unit=unit,
            kind="cases",
            name=name[:200],
            digest=digest_of(table.path),
            header=table.header,
            mapping=mapping.model_dump(mode="json"),
            state=RunState.READY,
            started_by=actor.person,
            started_at=clock.now(),
        )
        remember(actor, "cases", table.header, run.mapping)
        record_action(
            actor=actor,
            subject_kind="import",
            subject_id=run.pk,
            name="import_started",
            data={"kind": "cases", "digest": run.digest, "source": mapping.source},
        )
    return run


def digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def run_cases(*, actor: Actor, run: ImportRun, table: Table, progress: Progress | None = None) -> ImportRun:
    """Take the rows in. Called again after a stop, it goes on: what was taken in is known."""
    mapping = CaseMapping.model_validate(run.mapping)
    run.state, run.seen, run.imported, run.known, run.refused = RunState.RUNNING, 0, 0, 0, 0
    run.error, run.finished_at = "", None
    with transaction.atomic():
        run.refusals.all().delete()
        run.save()
    try:
        for batch in _batches(table.rows()):
            _take_in(actor, run, mapping, batch)
            if progress is not None:
                progress(run)
    except BaseException:
        # the counts are those of the last batch that was committed
        ImportRun.objects.filter(pk=run.pk).update(state=RunState.STOPPED)
        run.state = RunState.STOPPED
        raise
    with transaction.atomic():
        run.state, run.finished_at, run.total = RunState.DONE, clock.now(), run.seen
        run.save()
        record_action(
            actor=actor,
            subject_kind="import",
            subject_id=run.pk,
            name="import_done",
            data={"rows": run.seen, "imported": run.imported, "known": run.known, "refused": run.refused},
        )
    return run


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _known(actor: Actor, mapping: CaseMapping, histories: Sequence[History]) -> set[str]:
    return set(
        ImportedRow.objects.filter(
            company_id=actor.company_id, source=mapping.source, key__in=[one.key for one in histories]
        ).values_list("key", flat=True)
    )


def _take_in(actor: Actor, run: ImportRun, mapping: CaseMapping, batch: list[Row]) -> None:
    """One batch in one transaction: its cases, its keys, its refusals and the counts of the run.

    Where the same rows are taken in at the same moment by another run, one of both waits at the keys and
    then finds them known.
    """
    histories, refused = _read(batch, mapping)
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                counts = _write(actor, run, mapping, histories, refused, len(batch))
        except IntegrityError:
            continue
        run.imported, run.known, run.refused, run.seen = counts
        return
    raise Conflict(_("同一个文件正在别处导入，请等它完成。"))


def _read(batch: list[Row], mapping: CaseMapping) -> tuple[list[History], dict[int, str]]:
    histories: list[History] = []
    refused: dict[int, str] = {}
    for row in batch:
        try:
            histories.append(history_of(row, mapping))
        except HuiyinError as error:
            refused[row.number] = str(error)
    return histories, refused


def _write(
    actor: Actor,
    run: ImportRun,
    mapping: CaseMapping,
    histories: list[History],
    unreadable: dict[int, str],
    seen: int,
) -> tuple[int, int, int, int]:
    """The new counts of the run: imported, known, refused, seen."""
    known = _known(actor, mapping, histories)
    refused = dict(unreadable)
    writer = Histories(actor)
    keys: list[ImportedRow] = []
    doubles = 0
    for one in histories:
        if one.key in known:
            doubles += 1
            continue
        try:
            case = writer.add(facts=_facts(run.unit, one), at=one.at, events=one.events)
        except HuiyinError as error:
            refused[one.row] = _why(error)
            continue
        known.add(one.key)
        keys.append(
            ImportedRow(company_id=actor.company_id, source=mapping.source, key=one.key, number=case.number)
        )
    ImportedRow.objects.bulk_create(keys)
    writer.save()
    RefusedRow.objects.bulk_create(
        RefusedRow(run=run, row=number, reason=reason[:500]) for number, reason in refused.items()
    )
    counts = (
        run.imported + len(keys),
        run.known + doubles,
        run.refused + len(refused),
        run.seen + seen,
    )
    names = ("imported", "known", "refused", "seen")
    ImportRun.objects.filter(pk=run.pk).update(**dict(zip(names, counts, strict=True)))
    return counts


def _facts(unit: Unit | None, one: History) -> dict[str, Any]:
    facts = dict(one.facts)
    if unit is not None:
        facts.setdefault("unit", unit.code)
    return facts


def _why(error: HuiyinError) -> str:
    """The error with what it is about, in one line and without identifiers."""
    fields: dict[str, str] = getattr(error, "fields", {})
    about = [labelled(title_of(name), text) for name, text in fields.items()]
    return side_by_side([str(error).rstrip("。"), *about])


def remember(actor: Actor, kind: str, header: str, mapping: dict[str, Any]) -> None:
    """Keep the mapping for files with these titles."""
    SavedMapping.objects.update_or_create(
        company_id=actor.company_id, kind=kind, header=header, defaults={"mapping": mapping}
    )


def remembered(actor: Actor, kind: str, header: str) -> dict[str, Any] | None:
    """The mapping that was used for files with these titles."""
    found = SavedMapping.objects.filter(company_id=actor.company_id, kind=kind, header=header).first()
    return dict(found.mapping) if found else None


def summary(run: ImportRun) -> str:
    """What came of it, in one line."""
    return _("共 %(seen)d 行：导入 %(imported)d，已有 %(known)d，未导入 %(refused)d。") % {
        "seen": run.seen,
        "imported": run.imported,
        "known": run.known,
        "refused": run.refused,
    }
