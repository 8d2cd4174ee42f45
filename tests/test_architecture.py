"""House rules that run: layers, sizes, the one clock, migrations in step and reversible."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "huiyin"
FILE_CEILING = 600
FUNCTION_CEILING = 80
DATA = {"engine/state_council.py"}
"""Tables of data, not code."""


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.relative_to(SOURCE).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of each function, its decorators and docstring left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
            first = body[0].lineno if body else node.lineno
            yield node.name, (node.end_lineno or first) - first + 1


def test_layers_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_files_and_functions_stay_short() -> None:
    lines = {name: path.read_text(encoding="utf-8").count("\n") for path, name in modules()}
    lengths = {f"{name}:{function}": size for path, name in modules() for function, size in functions(path)}
    code = {name: count for name, count in lines.items() if count and name not in DATA}
    print(f"files: median {median(code.values())}, 90% {quantiles(code.values(), n=10)[-1]:.0f}")
    print(f"functions: median {median(lengths.values())}, 90% {quantiles(lengths.values(), n=10)[-1]:.0f}")
    assert {name: count for name, count in code.items() if count > FILE_CEILING} == {}
    assert {name: size for name, size in lengths.items() if size > FUNCTION_CEILING} == {}
    assert median(code.values()) <= 100
    assert quantiles(code.values(), n=10)[-1] <= 270
    assert median(lengths.values()) <= 9
    assert quantiles(lengths.values(), n=10)[-1] <= 30


def test_only_the_clock_reads_the_clock() -> None:
    """Everything else asks `core.clock`, or takes the time as an argument."""
    readers: list[str] = []
    for path, name in modules():
        if name == "core/clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                asked = f"{node.value.id}.{node.attr}"
                if asked in {
                    "datetime.now",
                    "datetime.today",
                    "datetime.utcnow",
                    "date.today",
                    "timezone.now",
                    "timezone.localdate",
                }:
                    readers.append(f"{name}:{node.lineno} {asked}")
    assert readers == []


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models() -> None:
    out = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
    except SystemExit:
        pytest.fail(out.getvalue())


def test_migrations_are_reversible() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("huiyin.")}
    fixed = [
        f"{app}.{name}: {operation.describe()}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in ours
        for operation in walk(migration.operations)
        if not operation.reversible
    ]
    assert fixed == []


def walk(operations: list[Operation]) -> Iterator[Operation]:
    for operation in operations:
        yield operation
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from walk(operation.database_operations)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_our_migrations_go_back_to_nothing_and_forward_again() -> None:
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("huiyin.")]
    leaves = MigrationLoader(None).graph
    for app in reversed(ours):
        if any(key[0] == app for key in leaves.nodes):
            call_command("migrate", app, "zero", verbosity=0)
    call_command("migrate", verbosity=0)
