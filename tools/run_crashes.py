"""The crash tests at length, on SQLite and where found on PostgreSQL: `make crash`. CI runs a short form.

Arguments go to pytest. CRASH_KILLS says how often the server is killed on each database (50).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from run_tests import ROOT, database, postgres_found


def crash(name: str, database_url: str = "") -> int:
    """One run of tests/crash, in its own data folder."""
    print(f"== {name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="huiyin-crash-") as folder:
        environment = {
            "CRASH_KILLS": "50",
            **os.environ,
            "HUIYIN_DATA_DIR": folder,
            "HUIYIN_DATABASE_URL": database_url,
        }
        command = [sys.executable, "-m", "pytest", "-v", "tests/crash", *sys.argv[1:]]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main() -> int:
    status = crash("sqlite")
    if not postgres_found():
        print("SKIPPED: the crashes on PostgreSQL (it was not found)")
        return status
    return crash("postgresql", database(f"huiyin_crash_{os.getpid()}")) or status


if __name__ == "__main__":
    sys.exit(main())
