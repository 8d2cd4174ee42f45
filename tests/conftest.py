"""Shared set-up: which database the suite runs on, and the record of clauses proved."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from tests import hypothesis_profile

RESULTS = Path(__file__).resolve().parent.parent / "build"
REQUIRE_ALL = os.environ.get("HUIYIN_REQUIRE_ALL") == "1"


hypothesis_profile.load()


def pytest_configure(config: pytest.Config) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if worker == "main":
        RESULTS.mkdir(exist_ok=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that only mean something on the other database are no part of this run, not skipped in it.

    What starts the command in processes of its own takes seconds each time: no part of the quick checks.
    """
    for item in items:
        if "environ" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    report = yield
    report.clauses = [name for mark in item.iter_markers("clause") for name in mark.args]
    report.user_properties.append(("clauses", report.clauses))
    if report.skipped and not hasattr(report, "wasxfail") and REQUIRE_ALL:
        report.outcome = "failed"
        report.longrepr = f"skipped where HUIYIN_REQUIRE_ALL=1 forbids it: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterator[None]:
    """Emptying the tables after a transactional test is what the journal's triggers refuse."""
    from huiyin.journal import guards
    from huiyin.reports import guards as report_guards

    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        guards.remove(connection)
        report_guards.remove(connection)
        try:
            original(self)
        finally:
            guards.install(connection)
            report_guards.install(connection)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What pages keep for a while outlives a test, and the rows it was about do not."""
    cache.clear()


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    """A request in English leaves its language behind for the next test of this process."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A whole module skipped while it was collected is a skip too."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter is not None and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write one line a test to `build/<HUIYIN_RESULTS or clauses>.jsonl`."""
    outcomes: dict[str, tuple[str, list[str]]] = {}
    for outcome in ("passed", "skipped", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            clauses = next(
                (value for name, value in getattr(report, "user_properties", []) if name == "clauses"), []
            )
            outcomes[report.nodeid] = (outcome, clauses)
    name = os.environ.get("HUIYIN_RESULTS", "clauses")
    with (RESULTS / f"{name}.jsonl").open("w", encoding="utf-8") as stream:
        for test, (outcome, clauses) in sorted(outcomes.items()):
            stream.write(json.dumps({"test": test, "outcome": outcome, "clauses": clauses}) + "\n")
