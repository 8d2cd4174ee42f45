"""Measures everything and writes it down: `python benchmarks/bench.py [--quick] [--cases N] [--seconds S]`.

On SQLite, and on PostgreSQL where HUIYIN_BENCH_POSTGRES (a server's address without database name) or the
usual local one answers; databases made for measuring stay, under build/bench and as `huiyin_bench_<cases>`,
and are used again. The tables go to benchmarks/results/<date>-<cases>.md, the raw figures beside it as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from outcome import page

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
POSTGRES = os.environ.get("HUIYIN_BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")


def postgres_database(name: str) -> str:
    """The address of a database of that name, made where it is missing; empty where no server answers."""
    import psycopg

    try:
        with psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=3, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        return ""
    return f"{POSTGRES}/{name}"


def measured(script: str, name: str, database_url: str, *arguments: str) -> dict[str, Any]:
    """What a measuring script says of one database."""
    folder = Path(os.environ.get("HUIYIN_BENCH_DIR", HERE.parent / "build" / "bench")) / name
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("HUIYIN_")},
        "HUIYIN_DATA_DIR": str(folder),
        "HUIYIN_DATABASE_URL": database_url,
        "HUIYIN_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, str(HERE / script), *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def around() -> dict[str, Any]:
    """What the figures depend on: versions, cores, and how much else the machine has to do."""
    load = os.getloadavg()[0]
    cores = os.cpu_count() or 1
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": cores,
        "load_before": round(load, 1),
        "busy": load > cores / 2,
        "python": platform.python_version(),
        **{name: version(name) for name in ("huiyin", "django", "waitress", "psycopg")},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 cases and short rounds")
    parser.add_argument("--cases", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    cases = options.cases or (10_000 if options.quick else 100_000)
    seconds = options.seconds or (3 if options.quick else 6)
    databases = {"sqlite": ""}
    if url := postgres_database(f"huiyin_bench_{cases}"):
        databases["postgresql"] = url
    elif options.only != "sqlite":
        print("PostgreSQL was not found: SQLite alone is measured", file=sys.stderr)
    found: dict[str, Any] = {"around": around(), "databases": {}}
    for name, url in databases.items():
        if options.only in (None, name):
            print(f"== {name}, {cases} cases", file=sys.stderr)
            given = ("--cases", str(cases), "--seconds", str(seconds))
            found["databases"][name] = measured("measure.py", f"{name}-{cases}", url, *given)
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{found['around']['date'][:10]}-{cases}"
    target.with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    text = page(found)
    target.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
