"""A process that replays some of the cases: one job as a line of JSON in, a tally after each batch out."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.whatif.tally import Tally, count, empty

Batch = list[tuple[int, int | None]]


def tallies(pack: dict[str, Any], batches: Iterable[Batch], now: datetime) -> Iterator[Tally]:
    """A tally of each batch of (case, repetition). Needs Django."""
    from huiyin.engine import EngineError, Pack, build_calendar, compile_pack
    from huiyin.procedures.selectors import Rules
    from huiyin.whatif.outcome import replayed
    from huiyin.whatif.reading import read

    model = Pack.model_validate(pack)
    procedure = compile_pack(model)
    rules = Rules(pack=model, procedure=procedure, calendar=build_calendar(procedure))
    zone = ZoneInfo(model.procedure.timezone)
    for batch in batches:
        tally, ranks = empty(), dict(batch)
        for past in read(list(ranks)):
            try:
                after = replayed(past.events, ranks[past.pk], rules, now)
            except EngineError:
                tally["unreadable"] += 1
                continue
            count(tally, past.pk, past.outcome, after, zone)
        yield tally


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()
    job = json.loads(sys.stdin.readline())
    batches = [[(pk, rank) for pk, rank in batch] for batch in job["batches"]]
    gc.disable()  # much is made and nothing goes round in circles
    for tally in tallies(job["pack"], batches, datetime.fromisoformat(job["now"])):
        print(json.dumps(tally), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
