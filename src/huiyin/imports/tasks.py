"""Taking in after commit; removing old files."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.core import clock
from huiyin.core.errors import HuiyinError
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import LEASE, handles
from huiyin.core.ticking import ticks
from huiyin.imports.files import remove_old
from huiyin.imports.models import ImportRun, RunState
from huiyin.imports.running import work


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


@ticks("imports.files", every=timedelta(hours=12))
def clean_files(now: datetime) -> int:
    return remove_old(now)
