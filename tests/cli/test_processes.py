"""`serve --processes`: several share one socket, one that dies is started anew, all stop together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run


def _children(pid: int) -> set[int]:
    return {
        int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()
    }


def _until(what: Callable[[], bool]) -> None:
    for _ in range(200):
        if what():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in ten seconds")


def _answers(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=20) as answer:
        return bool(answer.status == 200)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the processes are counted in /proc")
def test_one_that_dies_is_started_anew_and_all_stop_together(
    initialised: Run, environ: dict[str, str], free_port: int
) -> None:
    command = [sys.executable, "-m", "huiyin.cli.main", "serve", "--processes", "2", "--port", str(free_port)]
    server = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert f"http://localhost:{free_port}/" in server.stdout.readline()
        first = _children(server.pid)
        assert len(first) == 2
        assert _answers(free_port)
        victim = max(first)
        os.kill(victim, signal.SIGKILL)
        _until(lambda: len(_children(server.pid) - {victim}) == 2)
        assert _answers(free_port)
        last = _children(server.pid)
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in last)
    finally:
        server.kill()
