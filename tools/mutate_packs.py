"""How many disturbed rules the packs' tests notice: `make pack-mutants`, or `tools/mutate_packs.py [CODE …]`.

For each pack, one rule at a time is taken out, or one thing in it is changed (a limit, a condition, a post,
an amount), in memory, and the pack's own tests run on that pack, in this one process and without a database.
A mutant that the pack's own checks refuse could never run; it is left out of the count. Prints the share of
mutants noticed for each pack and all together, and every one that nobody noticed.

Status 1 where the share of all packs is below the --least (95 by default).
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import io
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from huiyin.core.errors import HuiyinError
from huiyin.engine import EngineError, Pack, compile_pack
from huiyin.procedures import packfiles

ROOT = Path(__file__).resolve().parent.parent
WORDS = frozenset({"channel", "category", "fact", "promise", "emergency"})
FRAME = WORDS | {"procedure", "service_hours", "cites", "clause", "post", "kind"}
"""Tables that are no rules: who and what there is, words read aloud, the clauses the engine cites."""
ELSEWHERE = frozenset({"notice", "information_class"})
"""Tables that run outside of cases, by tests of their own."""
PARTS: dict[str, tuple[str, ...]] = {
    "clock": ("pause", "on_breach", "on_warn"),
    "gate": ("needs", "facts", "fields", "posts", "other_than", "slips", "exception", "forbid"),
    "escalation": ("to", "notify", "action"),
    "followup": ("by", "other_than", "on_breach", "within"),
    "slip": ("from_posts", "receive", "reply", "finish", "on_breach"),
    "trigger": ("notify", "when"),
    "assessment": ("measures", "times_when"),
    "duty": ("approval", "given_to", "publish_to", "feeds"),
    "level": ("owner",),
    "survey": ("owner", "plan", "due", "approval", "given_to", "publish_to", "feeds"),
    "meeting": ("chair", "due", "notice_approval", "postponed_by", "publish_to", "prepared", "followed_up"),
}
"""Parts of a rule that are taken out one at a time."""
CHANGES: dict[str, tuple[str, ...]] = {
    "clock": ("limit",),
    "authority": ("up_to",),
    "assessment": ("base", "times"),
    "trigger": ("runs", "at_least", "window"),
    "followup": ("share",),
    "repetition": ("window",),
    "duty": ("due", "every"),
    "retention": ("keep",),
    "number": ("pattern",),
    "setting": ("value",),
    "slip": ("reply", "finish", "receive"),
    "survey": ("every", "due", "share", "response_rate", "response_above"),
    "meeting": ("every", "due"),
}
"""Figures that are changed to others."""

Data = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    """`place` is where, `what` is what was done there; `whole`: the rule was taken out altogether."""

    place: str
    what: str
    data: Data
    whole: bool = False


@dataclass
class Found:
    """What came of mutants: of rules taken out, and of rules in which something was changed."""

    noticed: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    survivors: list[Mutant] = field(default_factory=list)

    def add(self, one: Mutant, *, noticed: bool) -> None:
        if noticed:
            self.noticed[one.whole] += 1
        else:
            self.survivors.append(one)

    def join(self, other: Found) -> None:
        for whole in self.noticed:
            self.noticed[whole] += other.noticed[whole]
        self.survivors += other.survivors

    def share(self) -> float:
        total = sum(self.noticed.values()) + len(self.survivors)
        return 100 * sum(self.noticed.values()) / total if total else 0.0

    def __str__(self) -> str:
        parts = []
        for whole, words in ((True, "rules taken out"), (False, "rules changed")):
            total = self.noticed[whole] + sum(one.whole is whole for one in self.survivors)
            parts.append(f"{self.noticed[whole]} of {total} {words}")
        return f"{self.share():.1f} % noticed: {', '.join(parts)}"


def mutants(data: Data) -> Iterator[Mutant]:
    """Every mutant of a pack that its own checks would let run."""
    for one in _all(data):
        try:
            compile_pack(Pack.model_validate(one.data))
        except (ValueError, EngineError):
            continue
        yield one


def _all(data: Data) -> Iterator[Mutant]:
    for table, rows in data.items():
        if table in FRAME | ELSEWHERE:
            continue
        for index, row in enumerate(rows) if isinstance(rows, list) else [(None, rows)]:
            path = [table] if index is None else [table, index]
            label = row.get("code") or row.get("name") or (index or 0) + 1
            place = f"[{table}] {label} ({row.get('clause')})"
            yield _without(data, path, place)
            yield from _parts(data, table, path, row, place)


def _parts(data: Data, table: str, path: list[Any], row: Data, place: str) -> Iterator[Mutant]:
    for key in PARTS.get(table, ()):
        if key in row and len(row.keys() & set(PARTS[table])) > (table in ("gate", "escalation")):
            yield _without(data, [*path, key], f"{place}.{key}")
    for name in row.get("when", {}).keys() - {"kind"}:
        yield _without(data, [*path, "when", name], f"{place}.when.{name}")
    for key in CHANGES.get(table, ()):
        if key in row:
            changed = _copy(data)
            _at(changed, path)[key] = other(row[key])
            yield Mutant(f"{place}.{key}", f"{row[key]} → {other(row[key])}", changed)
    for key, last in (("limit", 1), ("any_of", 0)):
        if isinstance(row.get(key), list):
            for index in range(len(row[key]) - last):
                yield _without(data, [*path, key, index], f"{place}.{key} {row[key][index]}")


def _without(data: Data, path: list[Any], place: str) -> Mutant:
    changed = _copy(data)
    gone = _at(changed, path[:-1]).pop(path[-1])
    if path[0] in ("slip", "record") and len(path) == 2:
        _forget(changed, gone["code"])
    return Mutant(place, "taken out", changed, whole=len(path) < 3)


def _forget(data: Data, code: str) -> None:
    """A form that is gone is not numbered any more."""
    for rule in data.get("number", []):
        rule["of"] = [name for name in rule["of"] if name != code]
    data["number"] = [rule for rule in data.get("number", []) if rule["of"]]


def _copy(data: Data) -> Data:
    return copy.deepcopy(data)


def _at(data: Any, path: list[Any]) -> Any:
    for step in path:
        data = data[step]
    return data


def other(value: Any) -> Any:
    """Another value of the same kind: the last figure in it one higher; a share halved; the other period."""
    if isinstance(value, dict):
        if "day" in value and isinstance(value["day"], int):
            return {**value, "day": value["day"] - 1 or 2}
        return {**value, "in": "this" if value.get("in") == "next" else "next"}
    if isinstance(value, list):
        return [*value[:-1], other(value[-1])]
    if isinstance(value, float) and value <= 1:
        return value / 2
    if isinstance(value, int | float):
        return value + 1
    if "{serial" in value:
        return f"X{value}"
    if value in ("day", "week", "month", "quarter", "half_year", "year"):
        return "quarter" if value == "month" else "month"
    figure = re.search(r"\d+", value)
    return value.replace(figure[0], str(int(figure[0]) + 1), 1) if figure else "3d"


class Runs:
    """A pytest plugin: the collected tests run once as they are, then once for each mutant till one fails."""

    def __init__(self, code: str, every: list[Mutant], say: Callable[[str], None]) -> None:
        self.code = code
        self.every = every
        self.say = say
        self.failed = ""
        self.found = Found()
        self.broken = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not session.items or self._fails(session):
            self.broken = self.failed or "no tests"
            return True
        for index, one in enumerate(self.every):
            if index % 20 == 0:
                self.say(f"\r{self.code}  {index}/{len(self.every)}")
            with mutated(self.code, one.data):
                noticed = self._fails(session)
            self.found.add(one, noticed=noticed)
        return True

    def _fails(self, session: pytest.Session) -> bool:
        self.failed = ""
        items = session.items
        for index, item in enumerate(items):
            after = items[index + 1] if index + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                session._setupstate.teardown_exact(None)
                if index > 0:
                    items.insert(0, items.pop(index))
                return True
        return False


@contextlib.contextmanager
def mutated(code: str, data: Data) -> Iterator[None]:
    """While it lasts, the pack of this code reads as these data."""
    original = packfiles.read_pack

    def read(path: str | Path, *, lang: str = "zh") -> Pack:
        return Pack.model_validate(data) if str(path) == code else original(path, lang=lang)

    packfiles.read_pack = read
    try:
        yield
    finally:
        packfiles.read_pack = original


def examine(code: str, say: Callable[[str], None]) -> Runs:
    """All mutants of one pack, by the tests in tests/packs/test_<code>.py and test_<code>_*.py."""
    text = (packfiles.find_pack(code) / packfiles.FILE).read_text(encoding="utf-8")
    runs = Runs(code, list(mutants(tomllib.loads(text))), say)
    folder = ROOT / "tests" / "packs"
    tests = sorted([*folder.glob(f"test_{code.lower()}.py"), *folder.glob(f"test_{code.lower()}_*.py")])
    options = ["-q", "-p", "no:django", "-p", "no:cacheprovider", "--confcutdir=tests/packs", "--tb=no"]
    if tests:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            pytest.main([*options, *map(str, tests)], plugins=[runs])
    else:
        runs.broken = "no tests"
    return runs


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("codes", nargs="*", metavar="CODE", help="only these packs")
    parser.add_argument("--least", type=float, default=95.0, help="status 1 below this share, in per cent")
    options = parser.parse_args(arguments)
    every = Found()
    broken = False
    for code in options.codes or packfiles.builtin_packs():
        try:
            runs = examine(code, _progress)
        except HuiyinError as error:
            sys.exit(error.message)
        every.join(runs.found)
        broken = broken or bool(runs.broken)
        report(runs)
    print(f"all packs: {every}")
    return int(broken or every.share() < options.least)


def _progress(text: str) -> None:
    if sys.__stderr__ is not None and sys.__stderr__.isatty():
        sys.__stderr__.write(text)
        sys.__stderr__.flush()


def report(runs: Runs) -> None:
    found = runs.found
    if runs.broken:
        print(f"\r{runs.code}: tests fail as it is: {runs.broken}")
        return
    print(f"\r{runs.code}: {found}", flush=True)
    for one in found.survivors:
        print(f"    not noticed: {one.place} {one.what}")


if __name__ == "__main__":
    sys.exit(main())
