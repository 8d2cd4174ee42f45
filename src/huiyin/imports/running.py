"""A file from upload to taken in: the steps of the page. The work itself runs after commit, by the outbox."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.core.ids import new_uuid
from huiyin.core.outbox import enqueue
from huiyin.customers.importing import guess_mapping, import_customers
from huiyin.imports.files import keep, path_of
from huiyin.imports.mapping import CaseMapping, built_in, load_mapping
from huiyin.imports.models import ImportRun, RefusedRow, RunState
from huiyin.imports.parsed import open_parsed, parse_once
from huiyin.imports.reading import Table, open_table
from huiyin.imports.services import Preview, digest_of, preview_cases, remember, remembered, run_cases
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.selectors import actor_for

KINDS = ("cases", "customers")


def receive(*, actor: Actor, kind: str, upload: UploadedFile[Any], unit: Unit | None) -> ImportRun:
    """Keep an uploaded file and look at it. Raises InvalidInput for what is no table; nothing stays then."""
    actor.require(Capability.IMPORT, unit.pk if unit else None)
    if kind not in KINDS:
        raise InvalidInput(_("请选择导入什么。"), fields={"kind": _("请选择")})
    uuid = new_uuid()
    path = keep(uuid, upload)
    try:
        digest = digest_of(path)
        table, total = parse_once(open_table(path), path)
    except InvalidInput:
        path.unlink(missing_ok=True)
        raise
    mapping = remembered(actor, kind, table.header)
    if mapping is None and kind == "customers":
        mapping = guess_mapping(table.columns)
    run = ImportRun(
        uuid=uuid,
        company_id=actor.company_id,
        unit=unit,
        kind=kind,
        name=(upload.name or "")[:200],
        digest=digest,
        header=table.header,
        mapping=mapping or {},
        state=RunState.MAPPING,
        total=total,
        started_by=actor.person,
        started_at=clock.now(),
    )
    with transaction.atomic():
        run.save()
        record_action(
            actor=actor,
            subject_kind="import",
            subject_id=run.pk,
            name="import_received",
            data={"kind": kind, "digest": run.digest, "rows": run.total},
        )
    return run


def table_of(run: ImportRun) -> Table:
    """The rows of a run's file. Raises NotFound where it was removed meanwhile."""
    path = path_of(run.uuid)
    if not path.is_file():
        raise NotFound(_("文件已经清理，请重新上传。"))
    return open_parsed(path)


def choose_mapping(*, actor: Actor, run: ImportRun, mapping: dict[str, Any]) -> ImportRun:
    """Set how the columns are read; remembered for files with the same titles."""
    actor.require(Capability.IMPORT, run.unit_id)
    with transaction.atomic():
        locked = _locked(run)
        if locked.state not in (RunState.MAPPING, RunState.READY):
            raise Conflict(_("这个文件已经开始导入，不能再改列的对应。"))
        locked.mapping, locked.state = mapping, RunState.READY
        locked.save(update_fields=["mapping", "state"])
        remember(actor, locked.kind, locked.header, mapping)
        record_action(
            actor=actor, subject_kind="import", subject_id=locked.pk, name="import_mapped", data=mapping
        )
    return locked


def ready_mappings(run: ImportRun, columns: Collection[str]) -> list[tuple[str, CaseMapping]]:
    """The mappings that ship and whose columns this file has: name and mapping."""
    if run.kind != "cases":
        return []
    known = [(name, load_mapping(name)) for name in built_in()]
    return [(name, mapping) for name, mapping in known if mapping.needed() <= set(columns)]


def use_ready(*, actor: Actor, run: ImportRun, name: str) -> ImportRun:
    """Read the columns by a mapping that ships. Raises InvalidInput where the file lacks one of them."""
    table = table_of(run)
    mapping = dict(ready_mappings(run, table.columns)).get(name)
    if mapping is None:
        raise InvalidInput(_("这个现成的对应用不到这份文件上。"))
    return choose_mapping(actor=actor, run=run, mapping=mapping.model_dump(mode="json"))


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def preview(*, actor: Actor, run: ImportRun) -> Preview:
    """What taking it in would do."""
    table = table_of(run)
    if run.kind == "cases":
        mapping = CaseMapping.model_validate(run.mapping)
        return preview_cases(actor=actor, table=table, mapping=mapping, unit=run.unit)
    rows = (row.cells for row in table.rows())
    found = import_customers(actor, rows, run.mapping, dry_run=True)
    return Preview(
        total=found.rows,
        good=found.created + found.changed,
        known=found.unchanged,
        refused=[(one.row, one.reason) for one in found.refused],
    )


@transaction.atomic
def begin(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Ask for the file to be taken in after commit; pressing twice is once. Also after a stop."""
    actor.require(Capability.IMPORT, run.unit_id)
    locked = _locked(run)
    if locked.state in (RunState.RUNNING, RunState.DONE):
        return locked
    if locked.state == RunState.MAPPING:
        raise Conflict(_("还没有对应列。"))
    locked.state, locked.error = RunState.RUNNING, ""
    locked.save(update_fields=["state", "error"])
    moment = clock.now()
    enqueue(
        key=f"import:{locked.pk}:{moment.isoformat()}",
        topic="imports.run",
        payload={"run": locked.pk, "person": actor.person_id},
        company_id=locked.company_id,
    )
    record_action(actor=actor, subject_kind="import", subject_id=locked.pk, name="import_begun")
    return locked


def work(run: ImportRun, still_at_it: Callable[[], None]) -> None:
    """Take the file in as whoever uploaded it, saying now and then that it goes on."""
    if run.started_by is None:
        raise NotFound(_("没有这次导入。"))
    actor = actor_for(run.started_by)
    actor.require(Capability.IMPORT, run.unit_id)
    table = table_of(run)
    if run.kind == "cases":
        run_cases(actor=actor, run=run, table=table, progress=lambda _run: still_at_it())
    else:
        _work_customers(actor, run, table, still_at_it)


def _work_customers(actor: Actor, run: ImportRun, table: Table, still_at_it: Callable[[], None]) -> None:
    def progress(done: int) -> None:
        still_at_it()
        ImportRun.objects.filter(pk=run.pk).update(seen=done)

    rows = (row.cells for row in table.rows())
    found = import_customers(actor, rows, run.mapping, progress=progress)
    with transaction.atomic():
        run.refusals.all().delete()
        for one in found.refused:
            RefusedRow.objects.update_or_create(run=run, row=one.row, defaults={"reason": one.reason[:500]})
        run.seen, run.imported, run.known = found.rows, found.created + found.changed, found.unchanged
        run.refused, run.state, run.finished_at = len(found.refused), RunState.DONE, clock.now()
        run.save()
        record_action(
            actor=actor,
            subject_kind="import",
            subject_id=run.pk,
            name="import_done",
            data={"rows": run.seen, "imported": run.imported, "known": run.known, "refused": run.refused},
        )


def forget_waiting(company_id: int) -> None:
    """Somebody's words were erased: no file that may hold them waits any longer, once this is committed.

    An import that runs goes on; its rows are removed when it is done.
    """
    waiting = ImportRun.objects.filter(company_id=company_id).exclude(state=RunState.RUNNING)
    for uuid in waiting.values_list("uuid", flat=True):
        path = path_of(uuid)
        transaction.on_commit(partial(path.unlink, missing_ok=True))
