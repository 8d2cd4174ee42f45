"""The server is killed again and again while people register and answer: nothing that was promised is lost.

`make crash` kills it 50 times on each database; the suite itself five times.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run
from tests.crash.conftest import Robot
from tests.crash.server import SECONDS_LEFT, Client, Server

from huiyin.core.outbox import LEASE

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("CRASH_KILLS", "5"))
CLIENTS = 4


def python(environ: dict[str, str], *arguments: str, given: str = "") -> str:
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


def test_what_was_promised_survives_being_killed(
    huiyin: Run, environ: dict[str, str], free_port: int, robot: Robot, tmp_path: Path
) -> None:
    environ["HUIYIN_ROBOT_HOSTS"] = robot.host
    assert huiyin("init", "--database-only").returncode == 0
    token = python(environ, "tests.crash.prepare", robot.address).strip()
    server = Server(environ, free_port, tmp_path / "server.log")
    clients = _under_fire(server, token)

    # the last breaches, and what was being done when the server died, once its leases are over
    later = datetime.now(UTC) + LEASE + timedelta(seconds=SECONDS_LEFT)
    assert huiyin("tick", "--at", later.isoformat(timespec="seconds")).returncode == 0

    promised = [line for client in clients for line in client.promised]
    assert [line for client in clients for line in client.strange] == []
    assert len(promised) > 10 * KILLS
    assert sum(client.repeated for client in clients) >= KILLS / 2, (
        "no request was cut off: nothing was tried"
    )
    found = _findings(environ, promised)
    assert found["differences"] == []
    assert found["breached"]
    told = "\n".join(robot.said)
    assert [number for number in found["breached"] if number not in told] == []
    verified = huiyin("verify")
    assert verified.returncode == 0, verified.stdout


def _under_fire(server: Server, token: str) -> list[Client]:
    stop, chance = threading.Event(), random.Random(KILLS)
    clients = [Client(server.port, token, seed, stop) for seed in range(CLIENTS)]
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    try:
        server.start()
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.5, 2.5))
            server.kill()
            server.start()
        time.sleep(1)
        stop.set()
        for thread in threads:
            thread.join(60)
    finally:
        server.kill()
    return clients


def _findings(environ: dict[str, str], promised: list[dict[str, Any]]) -> dict[str, Any]:
    lines = "\n".join(json.dumps(line) for line in promised)
    found: dict[str, Any] = json.loads(python(environ, "tests.crash.findings", given=lines))
    return found
