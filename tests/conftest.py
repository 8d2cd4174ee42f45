"""Shared set-up: which database the suite runs on, and the record of clauses proved."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

RESULTS = Path(__file__).resolve().parent.parent / "build"


def pytest_configure(config: pytest.Config) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if worker == "main":
        RESULTS.mkdir(exist_ok=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    report = yield
    report.clauses = [name for mark in item.iter_markers("clause") for name in mark.args]
    report.user_properties.append(("clauses", report.clauses))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write one line a test to `build/<HUIYIN_RESULTS or clauses>.jsonl`."""
    outcomes: dict[str, tuple[str, list[str]]] = {}
    for outcome in ("passed", "skipped", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            clauses = next((value for name, value in report.user_properties if name == "clauses"), [])
            outcomes[report.nodeid] = (outcome, clauses)
    name = os.environ.get("HUIYIN_RESULTS", "clauses")
    with (RESULTS / f"{name}.jsonl").open("w", encoding="utf-8") as stream:
        for test, (outcome, clauses) in sorted(outcomes.items()):
            stream.write(json.dumps({"test": test, "outcome": outcome, "clauses": clauses}) + "\n")
