"""`huiyin serve`: everything one machine needs in one process: pages, time, and work after commit."""

from __future__ import annotations

import argparse
import signal
import socket
import threading
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from huiyin.cli.background import start, tick_once, work_once
from huiyin.cli.common import migrate, pending_migrations, require_migrated, start_django
from huiyin.cli.processes import serve_in
from huiyin.core.errors import HuiyinError

if TYPE_CHECKING:
    from collections.abc import Sequence

SUMMARY = "run the server: pages, clocks and sending in one command"
STOP_SECONDS = 10
# The first pages come first.
WARM_AFTER = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 lets other machines in (default 127.0.0.1)"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=8, help="requests answered at once (default 8)")
    parser.add_argument(
        "--processes", type=int, default=1, help="server processes, one for each core (default 1)"
    )
    parser.add_argument("--migrate", action="store_true", help="bring the database up to date first")
    parser.add_argument("--web-only", action="store_true", help="pages only; `tick` and `work` run elsewhere")


def run(args: argparse.Namespace) -> int:
    start_django()
    prepare(migrating=args.migrate)
    listening = listen(args.host, args.port)
    if args.processes < 2:
        return serve(listening, host=args.host, threads=args.threads, web_only=args.web_only)

    def one(place: int) -> int:
        web_only = args.web_only or place > 0
        return serve(listening, host=args.host, threads=args.threads, web_only=web_only, quiet=place > 0)

    load()
    return serve_in(args.processes, one)


def load() -> None:
    """Import what the first request would: all addresses and their views."""
    from django.urls import get_resolver

    import_module("huiyin.config.wsgi")
    get_resolver().url_patterns  # noqa: B018 reading it is what loads it


def prepare(*, migrating: bool) -> None:
    if migrating and (pending := pending_migrations()):
        print(f"Bringing the database up to date ({len(pending)} steps) …", flush=True)
        migrate()
    require_migrated()
    from huiyin.core.wake import celery_app

    celery_app()  # what is missing is said now, not to the first customer


def listen(host: str, port: int) -> socket.socket:
    """The socket is opened before anything else, so that a taken port is one clear line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise HuiyinError(f"port {port} on {host} cannot be used: {error.strerror}; try --port") from error
    listening.listen(128)
    return listening


def serve(
    listening: socket.socket,
    *,
    host: str,
    threads: int,
    web_only: bool = False,
    quiet: bool = False,
    lines: Sequence[str] = (),
) -> int:
    """Serve until SIGINT or SIGTERM; requests that are being answered are finished."""
    import waitress

    from huiyin.config.environment import environment
    from huiyin.config.wsgi import application

    given = environment()
    proxied: dict[str, Any] = {}
    if given.trusted_proxies:
        proxied = {
            "trusted_proxy": "*",
            "trusted_proxy_count": given.trusted_proxies,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
        }
    server = waitress.create_server(
        application,
        sockets=[listening],
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=True,
        **proxied,
    )
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    stopping = threading.Event()
    beside = [] if web_only else [start(step, stopping) for step in (tick_once, work_once)]
    warming = threading.Timer(WARM_AFTER, _warm)
    warming.daemon = True
    warming.start()
    if not quiet:
        _say(listening, host, lines)
    server.run()  # returns when a signal raised SystemExit in it
    stopping.set()
    warming.cancel()
    for thread in beside:
        thread.join(STOP_SECONDS)
    server.close()
    if not quiet:
        print("stopped", flush=True)
    return 0


def _warm() -> None:
    """What is imported at its first use, and would then be waited for."""
    import_module("pypinyin")


def _say(listening: socket.socket, host: str, lines: Sequence[str]) -> None:
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104 — only compared
    print(f"huiyin is at http://{shown}:{listening.getsockname()[1]}/ (Ctrl-C stops it)", flush=True)
    for line in lines:
        print(line, flush=True)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
