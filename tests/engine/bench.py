"""A bench on which short stories are played through a procedure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.engine import Calendar, Event, Pack, Procedure, Standing, build_calendar, compile_pack, step
from huiyin.engine.simulate import output, read_lines, simulate

SHANGHAI = ZoneInfo("Asia/Shanghai")
Line = dict[str, Any]

PLAIN_PACK = """
[procedure]
code = "T1"
title = "测试"
edition = "A/0"
[service_hours]
working_days = ["09:00-12:00", "13:30-18:00"]
[cites]
reopened = "6"
promise = "5"
[[clause]]
id = "1"
title = "时限"
demands = "x"
[[clause]]
id = "5"
title = "承诺"
demands = "x"
[[clause]]
id = "6"
title = "重开"
demands = "x"
[[clause]]
id = "7"
title = "结案"
demands = "x"
[[clause]]
id = "9"
title = "权限"
demands = "x"
[[post]]
code = "chief"
title = "总"
may = ["register", "view", "handle", "judge", "assign", "approve", "follow_up"]
[[post]]
code = "head"
title = "长"
reports_to = "chief"
may = ["register", "view", "handle", "judge", "assign", "approve", "follow_up"]
[[post]]
code = "clerk"
title = "员"
reports_to = "head"
may = ["register", "view", "handle", "judge", "follow_up"]
[[post]]
code = "guard"
title = "卫"
clause = "7"
reports_to = "head"
may = ["view"]
[[kind]]
code = "complaint"
title = "投诉"
clause = "1"
owner = "clerk"
judged = true
[[kind]]
code = "repair"
title = "报修"
clause = "1"
[[number]]
name = "n"
clause = "1"
of = ["complaint"]
pattern = "N-{year}-{serial:03}"
"""


def moment(text: str) -> datetime:
    """`2026-09-30 16:30`, seconds optional, in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Bench:
    """One procedure; `play` gives the output lines, `case` the standing of one case."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.procedure: Procedure = compile_pack(pack)
        self.calendar: Calendar = build_calendar(self.procedure)

    def texts(self, *story: tuple[Any, ...]) -> list[str]:
        """(time, event, {fields}); the case is c1 unless a field `case` says otherwise."""
        lines = []
        for at, event, *rest in story:
            fields = {"case": "c1", **(rest[0] if rest else {})}
            if event == "registered":
                fields.setdefault("kind", "complaint")
            lines.append(json.dumps({"at": moment(at).isoformat(), "event": event, **fields}))
        return lines

    def play(self, *story: tuple[Any, ...], until: str | None = None) -> list[Line]:
        events = read_lines(self.texts(*story), self.procedure, self.calendar)
        effects = simulate(events, self.procedure, self.calendar, moment(until) if until else None)
        return [json.loads(line) for line in output(effects)]

    def events(self, *story: tuple[Any, ...]) -> list[Event]:
        return read_lines(self.texts(*story), self.procedure, self.calendar)

    def case(self, *story: tuple[Any, ...], facts: dict[str, Any] | None = None) -> Standing:
        standing: Standing | None = None
        for event in self.events(*story):
            standing, _ = step(standing, event, facts or {}, self.procedure, self.calendar)
        assert standing is not None
        return standing


def only(lines: list[Line], effect: str, **wanted: Any) -> list[Line]:
    """The lines of one effect with these values."""
    return [
        line
        for line in lines
        if line["effect"] == effect and all(line.get(key) == value for key, value in wanted.items())
    ]
