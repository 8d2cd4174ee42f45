"""Running a replay: at once for few cases, in processes beside this one for many."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from queue import Queue
from threading import Thread
from typing import Any

from huiyin.core import clock
from huiyin.core.errors import HuiyinError
from huiyin.engine import Pack
from huiyin.organization.models import Unit
from huiyin.whatif.reading import choose
from huiyin.whatif.tally import Tally, empty, merge
from huiyin.whatif.worker import Batch, tallies

ALONE = 5000
MOST_PROCESSES = 4
Progress = Callable[[int, int], None]


class ReplayFailed(HuiyinError):
    """A process of the replay ended before its work did."""

    code = "replay_failed"


def replay(
    *,
    company: Unit,
    pack: Pack,
    since: date,
    until: date,
    unit: Unit | None = None,
    progress: Progress | None = None,
    alone: int = ALONE,
) -> Tally:
    """Replay the cases registered on these days through a pack; see `whatif.tally` for what comes out."""
    chosen = choose(company, pack, since, until, unit)
    total, seen = len(chosen.cases), 0
    result = empty()
    result["left_out"] = chosen.left_out
    data = pack.model_dump(mode="json", by_alias=True)
    batches, now = list(chosen.batches()), clock.now()
    found = tallies(data, batches, now) if total <= alone else _beside(data, batches, now)
    for tally in found:
        merge(result, tally)
        seen += tally["cases"] + tally["unreadable"]
        if progress is not None:
            progress(seen, total)
    return result


def _beside(pack: dict[str, Any], batches: list[Batch], now: datetime) -> Iterator[Tally]:
    """Every process gets every n-th batch, so that all end at about the same time."""
    count = max(1, min(MOST_PROCESSES, os.cpu_count() or 1, len(batches)))
    jobs = [
        {"pack": pack, "now": now.isoformat(), "batches": batches[index::count]} for index in range(count)
    ]
    lines: Queue[str | ReplayFailed | None] = Queue()
    threads = [Thread(target=_run, args=(json.dumps(job), lines), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    ended = 0
    while ended < count:
        line = lines.get()
        if isinstance(line, ReplayFailed):
            raise line
        if line is None:
            ended += 1
        else:
            yield json.loads(line)


def _run(job: str, lines: Queue[str | ReplayFailed | None]) -> None:
    """One process from beginning to end; its last word is None, or why it failed."""
    command = [sys.executable, "-m", "huiyin.whatif.worker"]
    code: int | None = None
    try:
        with subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(job + "\n")
            process.stdin.close()
            for line in process.stdout:
                lines.put(line)
        code = process.returncode
    finally:
        # whatever happens here, whoever waits is told
        failed = ReplayFailed(f"a process of the replay ended with {code}")
        lines.put(failed if code != 0 else None)
