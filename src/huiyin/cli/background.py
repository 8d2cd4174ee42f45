"""The loops beside the web server: time, and work after commit."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

TICK_SECONDS = 15.0
IDLE_SECONDS = 1.0


def tick_once() -> float:
    """Everything due by time; returns the seconds to wait until the next look."""
    from huiyin.core.ticking import run_tick

    run_tick()
    return TICK_SECONDS


def work_once() -> float:
    """What waits in the outbox; looks again at once where there was plenty."""
    from huiyin.core.outbox import deliver_due

    return 0.0 if deliver_due(limit=50) == 50 else IDLE_SECONDS


def loop(step: Callable[[], float], stopping: threading.Event) -> None:
    """Repeat a step until asked to stop. A failure is logged, waited out and tried again."""
    from django.db import close_old_connections, connection

    while not stopping.is_set():
        try:
            pause = step()
        except Exception:
            log.exception("%s failed, trying again", step.__name__)
            pause = 5.0
        close_old_connections()
        stopping.wait(pause)
    connection.close()


def start(step: Callable[[], float], stopping: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=loop, args=(step, stopping), name=step.__name__, daemon=True)
    thread.start()
    return thread
