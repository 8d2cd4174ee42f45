"""What several commands need."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from typing import Any

COLLECT_AFTER = 20_000


def start_django() -> None:
    """Settings and models; the commands that work without a database do not call it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()
    # what is loaded by now stays, and a page makes ten thousand objects that hold no circles
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


class Progress:
    """A line that counts up, on a terminal only, at most ten times a second."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.shown = sys.stderr.isatty()
        self.last = 0.0

    def __call__(self, done: int, total: int) -> None:
        if not self.shown or (time.monotonic() - self.last < 0.1 and done < total):
            return
        self.last = time.monotonic()
        share = 100 * done // total if total else 100
        end = "\n" if done >= total else ""
        print(f"\r{self.label} {done}/{total} ({share}%)", end=end, file=sys.stderr, flush=True)


def pending_migrations() -> list[str]:
    """Names of migrations that the database lacks; the program lacks none of its own."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def require_migrated() -> None:
    """Raises a plain error where the database is not there or older than the program."""
    from django.db import OperationalError

    from huiyin.core.errors import HuiyinError

    try:
        pending = pending_migrations()
    except OperationalError as error:
        raise HuiyinError(f"the database cannot be reached: {str(error).splitlines()[0]}") from error
    if pending:
        raise HuiyinError(
            f"the database lacks {len(pending)} migrations: run `huiyin init` or `huiyin serve --migrate`"
        )
