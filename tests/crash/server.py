"""A server that is killed and started again, and clients that go on as if nothing were."""

from __future__ import annotations

import http.client
import json
import random
import resource
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SECONDS_LEFT = 3  # of the answer's two hours, when a case is registered


@dataclass
class Server:
    """`huiyin serve`: pages, ticking and sending in one process."""

    environ: dict[str, str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, *, largest_file: int | None = None, web_only: bool = False) -> None:
        """`largest_file`: bytes; the disk is full for every file that has grown so far."""
        command = [sys.executable, "-m", "huiyin.cli.main", "serve", "--port", str(self.port)]
        command += ["--web-only"] if web_only else []
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(command, env=self.environ, stdout=stream, stderr=stream)
        if largest_file is not None:
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (largest_file, largest_file))
        for _ in range(1200):
            if self.answers():
                return
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def terminate(self) -> None:
        """As an update stops it: what it is answering is finished."""
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(30) == 0, self.log.read_text()

    def kill(self) -> None:
        """As the power goes: no signal that could be answered."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Balancer:
    """What stands before several servers: asks each in turn, and none that it was told to leave out."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._busy = dict.fromkeys(ports, 0)
        self._turn = 0
        self._changed = threading.Condition()

    @contextmanager
    def port(self) -> Iterator[int]:
        with self._changed:
            self._turn += 1
            port = self._ports[self._turn % len(self._ports)]
            self._busy[port] += 1
        try:
            yield port
        finally:
            with self._changed:
                self._busy[port] -= 1
                self._changed.notify_all()

    def leave_out(self, port: int) -> None:
        """Returns once nothing that was sent there waits for its answer."""
        with self._changed:
            self._ports = [one for one in self._ports if one != port]
            self._changed.wait_for(lambda: not self._busy[port], timeout=30)

    def take_in(self, port: int) -> None:
        with self._changed:
            self._ports = [*self._ports, port]


@dataclass
class Client:
    """Registers and answers, with a key for each request; asks again with the same key until answered."""

    balancer: Balancer
    token: str
    seed: int
    stop: threading.Event
    promised: list[dict[str, Any]] = field(default_factory=list)
    repeated: int = 0
    refused: int = 0
    strange: list[str] = field(default_factory=list)

    def run(self) -> None:
        chance = random.Random(self.seed)
        while not self.stop.is_set():
            registered = self._ask("/api/v1/cases", _complaint(chance))
            if registered is not None and chance.random() < 0.5:
                number = registered["number"]
                self._ask(f"/api/v1/cases/{number}/events", {"event": "answered", "text": "已答复", **_new()})

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        key = str(uuid.uuid4())
        while not self.stop.is_set():
            try:
                status, answer = self._post(path, body, key)
            except (OSError, http.client.HTTPException):
                self.repeated += 1
                time.sleep(0.1)
                continue
            if status == 503:
                assert answer["code"] == "out_of_service"
                self.refused += 1
                time.sleep(0.1)
                continue
            if status == 201:
                self.promised.append({"number": answer["number"], "event": body["id"]})
                return answer
            self.strange.append(f"{status} {answer}")
            return None
        return None

    def _post(self, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        with self.balancer.port() as port:
            return self._post_to(port, path, body, key)

    def _post_to(self, port: int, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            }
            connection.request("POST", path, json.dumps(body).encode(), headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()


@contextmanager
def under_load(
    server: Server, token: str, *, clients: int = 4, balancer: Balancer | None = None
) -> Iterator[list[Client]]:
    """Clients at work; afterwards they have finished what they were at, and the server is gone."""
    stop = threading.Event()
    before = balancer or Balancer([server.port])
    found = [Client(before, token, seed, stop) for seed in range(clients)]
    threads = [threading.Thread(target=client.run, daemon=True) for client in found]
    try:
        for thread in threads:
            thread.start()
        yield found
        stop.set()
        for thread in threads:
            thread.join(60)
    finally:
        stop.set()
        server.kill()


def until_more(clients: list[Client], seconds: float = 60) -> None:
    """Wait until every client has been promised something more."""
    before = [len(client.promised) for client in clients]
    end = time.monotonic() + seconds
    while any(len(client.promised) <= old for client, old in zip(clients, before, strict=True)):
        assert time.monotonic() < end, "the clients get nothing done"
        time.sleep(0.05)


def _new() -> dict[str, Any]:
    return {"id": str(uuid.uuid4())}


def _complaint(chance: random.Random) -> dict[str, Any]:
    told = datetime.now(UTC) - timedelta(hours=2) + timedelta(seconds=SECONDS_LEFT)
    return {
        "kind": "complaint",
        "channel": "phone",
        "unit": "A",
        "urgency": "urgent",
        "at": told.isoformat(timespec="seconds"),
        "text": "".join(chance.choices("电梯漏水停水噪音垃圾车位", k=chance.randint(4, 40))),
        **_new(),
    }
