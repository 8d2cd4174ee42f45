"""What must hold after every fault."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.crash.server import SECONDS_LEFT, Client

from huiyin.core.outbox import LEASE

ROOT = Path(__file__).resolve().parents[2]


def python(environ: dict[str, str], *arguments: str, given: str = "") -> str:
    """A module of ours run beside the server, on the same database."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=environ,
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def catch_up(environ: dict[str, str], after: timedelta = LEASE) -> None:
    """The last breaches, and what was being done when the server died, once its leases are over."""
    later = datetime.now(UTC) + after + timedelta(seconds=SECONDS_LEFT)
    python(environ, "huiyin.cli.main", "tick", "--at", later.isoformat(timespec="seconds"))


def nothing_is_lost(environ: dict[str, str], clients: list[Client], told: list[str]) -> int:
    """Everything promised is there, whole, numbered without gap, its breaches told; returns the cases."""
    assert [line for client in clients for line in client.strange] == []
    promised = [line for client in clients for line in client.promised]
    lines = "\n".join(json.dumps(line) for line in promised)
    found: dict[str, Any] = json.loads(python(environ, "tests.crash.findings", given=lines))
    assert found["differences"] == []
    words = "\n".join(told)
    assert [number for number in found["breached"] if number not in words] == []
    python(environ, "huiyin.cli.main", "verify")
    return int(found["cases"])
