"""The command's environments of tests/cli, and a group robot that counts what it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.cli.conftest import Run, environ, free_port, huiyin, own_name
from tests.crash.aftermath import python
from tests.crash.server import Server

__all__ = ["Robot", "environ", "free_port", "huiyin", "own_name", "robot", "server", "token"]


@dataclass
class Robot:
    """What the group was told; `down` answers as a server in trouble does."""

    address: str
    host: str
    said: list[str] = field(default_factory=list)
    down: bool = False

    def more_said(self, seconds: float) -> bool:
        """Whether something more is said within this time."""
        before, end = len(self.said), time.monotonic() + seconds
        while time.monotonic() < end:
            if len(self.said) > before:
                return True
            time.sleep(0.1)
        return False


@pytest.fixture
def robot() -> Iterator[Robot]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            words = self.rfile.read(int(self.headers["Content-Length"])).decode()
            good = json.dumps({"errcode": 0, "errmsg": "ok"}).encode()
            body = b"<html>Bad Gateway</html>" if found.down else good
            if not found.down:
                found.said.append(json.loads(words)["text"]["content"])
            self.send_response(502 if found.down else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = f"127.0.0.1:{server.server_port}"
    found = Robot(address=f"http://{host}/cgi-bin/webhook/send?key=1", host=host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def server(environ: dict[str, str], free_port: int, robot: Robot, tmp_path: Path) -> Iterator[Server]:
    """Not yet started; the group robot may be reached."""
    environ["HUIYIN_ROBOT_HOSTS"] = robot.host
    found = Server(environ, free_port, tmp_path / "server.log")
    yield found
    found.kill()


@pytest.fixture
def token(huiyin: Run, server: Server, robot: Robot) -> str:
    assert huiyin("init", "--database-only").returncode == 0
    return python(server.environ, "tests.crash.prepare", robot.address).strip()
