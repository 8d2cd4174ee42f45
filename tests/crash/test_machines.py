"""Several machines: two that answer pages, three that work and tick, PostgreSQL and Redis between them."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.crash.aftermath import catch_up, nothing_is_lost
from tests.crash.conftest import Robot
from tests.crash.server import Balancer, Server, under_load, until_more

pytestmark = pytest.mark.postgresql


@dataclass
class Broker:
    """A Redis of our own, so that it may be taken away."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("Redis does not start")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    if shutil.which("redis-server") is None:
        pytest.skip("Redis (redis-server) was not found")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    found = Broker(port, tmp_path)
    found.start()
    yield found
    found.kill()


@contextmanager
def _worker(environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "huiyin.cli.main", "work", "--tick"]
    with log.open("ab") as stream:
        process = subprocess.Popen(command, env=environ, stdout=stream, stderr=stream)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _restart(balancer: Balancer, server: Server) -> None:
    """As the manual says: out of the balancer, let it finish, start the new one, back into the balancer."""
    balancer.leave_out(server.port)
    server.terminate()
    server.start(web_only=True)
    balancer.take_in(server.port)


def test_rolling_restart_and_redis_gone(
    server: Server, token: str, robot: Robot, broker: Broker, tmp_path: Path
) -> None:
    environ = server.environ
    environ["HUIYIN_BROKER_URL"] = f"redis://127.0.0.1:{broker.port}/0"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        second = Server(environ, int(probe.getsockname()[1]), tmp_path / "second.log")
    with ExitStack() as stack:
        stack.callback(second.kill)
        for one in (server, second):
            one.start(web_only=True)
        logs = [tmp_path / f"worker{number}.log" for number in range(3)]
        workers = [stack.enter_context(_worker(environ, log)) for log in logs]
        balancer = Balancer([server.port, second.port])
        with under_load(server, token, balancer=balancer) as clients:
            until_more(clients)
            for one in (server, second):
                _restart(balancer, one)
                until_more(clients)
            assert [client.repeated + client.refused for client in clients] == [0] * len(clients)
            broker.kill()
            until_more(clients)
            assert robot.more_said(20), "without the broker, workers look by themselves"
            broker.start()
            until_more(clients)
        assert [worker.poll() for worker in workers] == [None] * 3, [log.read_text() for log in logs]
    catch_up(environ)
    assert nothing_is_lost(environ, clients, robot.said)
    assert len(robot.said) == len(set(robot.said))  # three tickers and workers: each thing was said once
