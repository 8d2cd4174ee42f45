"""How many events a second simulate's logic takes in one process: reading, running, ordering, writing.

python benchmarks/engine.py [CASES]
"""

from __future__ import annotations

import gc
import json
import sys
import time
from datetime import datetime, timedelta, timezone

from huiyin.engine import build_calendar, compile_pack
from huiyin.engine.simulate import output, read_lines, simulate
from huiyin.procedures.packfiles import load_pack

ZONE = timezone(timedelta(hours=8))
BEGIN = datetime(2024, 1, 2, 9, 0, tzinfo=ZONE)


def lines(cases: int) -> list[str]:
    """Complaints as they go: registered, judged, assigned, answered, completed, visited, closed."""
    made: list[str] = []
    for index in range(cases):
        at = BEGIN + timedelta(minutes=7 * index)
        valid = index % 3 != 0
        story: list[tuple[int, str, dict[str, object]]] = [
            (0, "registered", {
                "kind": "complaint", "channel": "phone", "unit": f"s{index % 3}",
                "household": f"h{index % 900}",
                "category": "leak", "urgency": "urgent" if index % 5 == 0 else "ordinary", "text": "厨房漏水",
            }),
            (1, "assigned", {"to_post": "handler"}),
            (2, "judged", {"validity": "valid" if valid else "invalid", "reason": "x"}),
            (30 if index % 7 else 90, "answered", {"text": "已安排"}),
            (100, "completed", {"result": "已修好"}),
            (120, "followed_up", {"outcome": "satisfied"}),
            (121, "closed", {}),
        ]  # fmt: skip
        for hours, event, data in story:
            moment = (at + timedelta(hours=hours)).isoformat()
            line = {"at": moment, "case": f"c{index}", "event": event, **data}
            made.append(json.dumps(line, ensure_ascii=False))
    return made


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    procedure = compile_pack(load_pack("PM1"))
    calendar = build_calendar(procedure)
    text = lines(cases)
    gc.disable()
    begin = time.process_time()
    events = read_lines(text, procedure, calendar)
    read = time.process_time()
    effects = simulate(events, procedure, calendar)
    ran = time.process_time()
    written = sum(len(line) for line in output(effects))
    end = time.process_time()
    print(f"{len(events)} events, {len(effects)} effects, {written} characters")
    print(f"read {read - begin:.2f} s, run {ran - read:.2f} s, write {end - ran:.2f} s")
    print(f"run alone: {len(events) / (ran - read):,.0f} events/s")
    print(f"all: {len(events) / (end - begin):,.0f} events/s")


if __name__ == "__main__":
    main()
