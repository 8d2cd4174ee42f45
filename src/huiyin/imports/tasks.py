"""Taking in after commit; removing old files."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.core import clock
from huiyin.core.errors import HuiyinError
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import LEASE, handles
from huiyin.core.ticking import ticks
from huiyin.imports.files import path_of, remove_old
from huiyin.imports.models import ImportRun, RefusedRow, RunState
from huiyin.imports.running import work

REASONS_KEPT = timedelta(days=90)


@handles("imports.run", sends=False)
def take_in(row: OutboxRow) -> None:
    """Run an import; a worker that dies is followed by another, which goes on where it was."""
    run = ImportRun.objects.select_related("started_by", "unit").filter(pk=row.payload["run"]).first()
    if run is None or run.state == RunState.DONE:
        return

    def still_at_it() -> None:
        """A long file outlasts the lease: nobody is to take it over from a worker that lives."""
        OutboxRow.objects.filter(pk=row.pk).update(leased_until=clock.now() + LEASE)

    try:
        work(run, still_at_it)
    except HuiyinError as error:
        ImportRun.objects.filter(pk=run.pk).update(state=RunState.STOPPED, error=str(error)[:500])
    else:
        path_of(run.uuid).unlink(missing_ok=True)


@ticks("imports.files", every=timedelta(hours=12))
def clean_files(now: datetime) -> int:
    """Files that nobody took in; and reasons of refused rows, which may quote what stood there."""
    gone, _each = RefusedRow.objects.filter(run__finished_at__lt=now - REASONS_KEPT).delete()
    return remove_old(now) + gone
