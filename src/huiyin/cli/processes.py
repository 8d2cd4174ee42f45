"""Several server processes on one socket: one Python process uses one core, a company may have more.

The parent only watches: it has no threads and no connections, so that it may start a process anew where one
died. The program is loaded before, so that all share its memory.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

log = logging.getLogger(__name__)

# A process that dies at once would otherwise be started without end.
AGAIN_AFTER = 1.0


def serve_in(count: int, serve: Callable[[int], int]) -> int:
    """Run `serve(0)` … `serve(count - 1)` each in a process of its own until SIGTERM or SIGINT."""
    from django.db import connections

    connections.close_all()
    gc.freeze()
    running = {_start(place, serve): place for place in range(count)}
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for pid in list(running):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while running:
        pid, status = os.wait()
        place = running.pop(pid)
        if stopping:
            continue
        log.error("server process %d ended with status %d and is started anew", pid, status)
        time.sleep(AGAIN_AFTER)
        if not stopping:
            running[_start(place, serve)] = place
    return 0


def _start(place: int, serve: Callable[[int], int]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        status = serve(place)
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:
        log.exception("server process failed")
        status = 1
    os._exit(status)
