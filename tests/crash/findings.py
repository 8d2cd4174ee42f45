"""What the database holds after the crashes: `python -m tests.crash.findings < promised.jsonl`.

Reads what clients were promised, a JSON object a line; prints the differences and what was breached as JSON.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from huiyin.cli.common import start_django


def differences(promised: list[dict[str, Any]]) -> Iterator[str]:
    from huiyin.cases.models import Case, CaseClock, CaseEvent
    from huiyin.core.models import OutboxRow

    cases = {case.number: case for case in Case.objects.all()}
    for line in promised:
        case = cases.get(line["number"])
        if case is None:
            yield f"{line['number']} was promised and is gone"
            continue
        if not CaseEvent.objects.filter(case=case, entry__uuid=line["event"]).exists():
            yield f"{line['number']}: event {line['event']} was promised and is gone"
    for number, case in cases.items():
        yield from _whole(case, number, CaseClock)
    yield from _gaps(list(cases))
    yield from _breaches(list(cases.values()))
    waiting = OutboxRow.objects.filter(topic="notify.robot", done_at__isnull=True)
    yield from (f"{row.key} was not sent: {row.last_error}" for row in waiting)


def _whole(case: Any, number: str, clocks: Any) -> Iterator[str]:
    live = {clock["name"] for clock in case.standing["clocks"] if clock["state"] in ("running", "paused")}
    rows = set(
        clocks.objects.filter(case=case, state__in=("running", "paused")).values_list("name", flat=True)
    )
    if live != rows:
        yield f"{number}: its clocks are {sorted(rows)}, its standing says {sorted(live)}"
    if not case.clocks.exists():
        yield f"{number} has no clock"
    if case.events.count() != case.version:
        yield f"{number} counts {case.version} events and has {case.events.count()}"


def _gaps(numbers: list[str]) -> Iterator[str]:
    serials = sorted(int(re.search(r"(\d+)$", number)[1]) for number in numbers)  # type: ignore[index]
    if serials != list(range(1, len(serials) + 1)):
        yield f"numbers have gaps: {len(serials)} cases up to {serials[-1] if serials else 0}"


def _breaches(cases: list[Any]) -> Iterator[str]:
    """The answer's time was over seconds after registration: one breach, unless it was answered before."""
    for case in cases:
        answer = case.clocks.get(name="answer")
        expected = 0 if answer.state in ("met", "void") else 1
        found = breaches_of(case).count()
        if found != expected:
            yield f"{case.number}: {found} breaches of the answer in the journal, not {expected}"


def breaches_of(case: Any) -> Any:
    """The journal's entries of breaches of the clock `answer`."""
    chain = case.events.earliest("id").entry.chain
    return chain.entries.filter(name="breached", data__clock="answer")


def main() -> None:
    start_django()
    from huiyin.cases.models import Case

    found = list(differences([json.loads(line) for line in sys.stdin]))
    breached = [case.number for case in Case.objects.all() if breaches_of(case).exists()]
    print(json.dumps({"differences": found, "cases": Case.objects.count(), "breached": breached}))


if __name__ == "__main__":
    main()
