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

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases.recording import record, register
from huiyin.core import clock
from huiyin.core.errors import HuiyinError
from huiyin.imports.mapping import CaseMapping, check_columns
from huiyin.imports.models import ImportedRow, ImportRun, RefusedRow, RunState, SavedMapping
from huiyin.imports.reading import Row, Table
from huiyin.imports.rows import History, history_of
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit

BATCH = 200
Progress = Callable[["ImportRun"], None]


@dataclass(slots=True)
class Preview:
    """What an import would do, from the whole file, without doing it."""

    total: int = 0
    good: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    samples: list[History] = field(default_factory=list)


def preview_cases(*, actor: Actor, table: Table, mapping: CaseMapping) -> Preview:
    """Read every row and say which would be left out, and why. Raises InvalidInput for missing columns."""
    actor.require(Capability.IMPORT)
    check_columns(mapping, table.columns)
    found = Preview()
    for batch in _batches(table.rows()):
        good: list[History] = []
        for row in batch:
            found.total += 1
            try:
                good.append(history_of(row, mapping))
            except HuiyinError as error:
                found.refused.append((row.number, str(error)))
        known = _known(actor, mapping, good)
        found.known += len(known)
        fresh = [one for one in good if one.key not in known]
        found.good += len(fresh)
        found.samples += fresh[: max(0, 5 - len(found.samples))]
    return found


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
    run.save()
    try:
        for batch in _batches(table.rows()):
            _take_in(actor, run, mapping, batch)
            if progress is not None:
                progress(run)
    except BaseException:
        run.state = RunState.STOPPED
        run.save()
        raise
    run.state, run.finished_at, run.total = RunState.DONE, clock.now(), run.seen
    with transaction.atomic():
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
    """One batch in one transaction: its cases, its keys, its refusals and the counts of the run."""
    histories: list[History] = []
    refused: list[tuple[int, str]] = []
    for row in batch:
        try:
            histories.append(history_of(row, mapping))
        except HuiyinError as error:
            refused.append((row.number, str(error)))
    with transaction.atomic():
        known = _known(actor, mapping, histories)
        for one in histories:
            if one.key in known:
                run.known += 1
                continue
            known.add(one.key)
            try:
                _take_in_one(actor, run, mapping, one)
                run.imported += 1
            except HuiyinError as error:
                refused.append((one.row, _why(error)))
        for number, reason in refused:
            RefusedRow.objects.update_or_create(run=run, row=number, defaults={"reason": reason[:500]})
        run.refused += len(refused)
        run.seen += len(batch)
        run.save()


def _why(error: HuiyinError) -> str:
    """The error with its fields, in one line."""
    fields: dict[str, str] = getattr(error, "fields", {})
    return "；".join([str(error), *(f"{name}：{text}" for name, text in fields.items())])


def _take_in_one(actor: Actor, run: ImportRun, mapping: CaseMapping, one: History) -> None:
    """One case with its history, or nothing of it."""
    facts: dict[str, Any] = dict(one.facts)
    if run.unit is not None and "unit" not in facts:
        facts["unit"] = run.unit.code
    with transaction.atomic():
        case = register(actor=actor, data=facts, at=one.at, historic=True).case
        for told in one.events:
            record(actor=actor, case=case, name=told.name, data=told.data, at=told.at, historic=True)
        ImportedRow.objects.create(
            company_id=actor.company_id, source=mapping.source, key=one.key, number=case.number
        )


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
