"""Everything that can be tested here: the whole suite on SQLite, then on PostgreSQL, browser tests once.

A part whose service is not found is named as skipped; with HUIYIN_REQUIRE_ALL=1 that is a failure, and so is
any skipped test. The results of the runs are merged into build/clauses.jsonl: a test passed where it passed
in every run that ran it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
POSTGRES = os.environ.get("HUIYIN_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REQUIRE_ALL = os.environ.get("HUIYIN_REQUIRE_ALL") == "1"
WORST = ("error", "failed", "skipped", "passed")


def postgres_found() -> bool:
    import psycopg

    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def pytest(name: str, selection: str, extra: list[str], *, database_url: str = "") -> int:
    """One run of the suite in its own data folder; its results in build/<name>.jsonl."""
    print(f"== {name}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="huiyin-test-") as folder:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("HUIYIN_")},
            "HUIYIN_DATA_DIR": folder,
            "HUIYIN_RESULTS": name,
            "HUIYIN_DATABASE_URL": database_url,
            "HUIYIN_REQUIRE_ALL": "1" if REQUIRE_ALL else "",
        }
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", selection, *extra]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    print(f"== {name}: status {status} after {time.monotonic() - began:.0f} s", flush=True)
    return status


def merge(names: list[str]) -> None:
    merged: dict[str, dict[str, object]] = {}
    for name in names:
        path = BUILD / f"{name}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            row = json.loads(line)
            known = merged.setdefault(row["test"], row)
            if WORST.index(row["outcome"]) < WORST.index(str(known["outcome"])):
                merged[row["test"]] = row
    with (BUILD / "clauses.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for _, row in sorted(merged.items()))


def database(name: str) -> str:
    """A database name of its own for this run, so that two runs on one machine do not meet."""
    return f"{POSTGRES.rsplit('/', 1)[0]}/{name}"


def main() -> int:
    BUILD.mkdir(exist_ok=True)
    for stale in BUILD.glob("*.jsonl"):
        stale.unlink()
    extra = sys.argv[1:]
    lacking: list[str] = []
    runs: dict[str, int] = {}
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        lacking.append("browser tests (Chromium not found)")
    runs["sqlite"] = pytest("sqlite", "" if chromium else "not browser", extra)
    if postgres_found():
        url = database(f"huiyin_{os.getpid()}")
        runs["postgresql"] = pytest("postgresql", "not browser", extra, database_url=url)
    else:
        lacking.append(f"the suite on PostgreSQL (nothing answers at {POSTGRES}; set HUIYIN_TEST_POSTGRES)")
    merge(list(runs))
    for part in lacking:
        print(f"SKIPPED: {part}")
    failed = [name for name, status in runs.items() if status]
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return 1 if failed or (lacking and REQUIRE_ALL) else 0


if __name__ == "__main__":
    sys.exit(main())
