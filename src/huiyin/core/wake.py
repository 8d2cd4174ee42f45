"""Telling workers on other machines that something waits, over Celery.

Only a nudge: the outbox is the truth and every worker looks into it by itself from time to time, so that a
broker that is gone costs seconds and loses nothing. Without HUIYIN_BROKER_URL there is no broker at all.
"""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import TYPE_CHECKING

from huiyin.config.environment import environment
from huiyin.core.errors import InvalidInput

if TYPE_CHECKING:
    from celery import Celery

log = logging.getLogger(__name__)

TASK = "huiyin.deliver"
LEFT_ALONE = 15.0  # seconds without a try after the broker did not answer: people are waiting for a page
EXPIRES = 60  # seconds: an old nudge says nothing that the worker has not seen by itself

_not_before = 0.0


@cache
def celery_app() -> Celery | None:
    """Our Celery, where the operator named a broker. Raises InvalidInput without `huiyin[celery]`."""
    url = environment().broker_url
    if not url:
        return None
    try:
        from celery import Celery
    except ImportError as error:
        raise InvalidInput("HUIYIN_BROKER_URL needs Celery: pip install 'huiyin[celery]'") from error

    app = Celery("huiyin", broker=url, set_as_current=False)
    app.conf.update(
        task_default_queue="huiyin",
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 5, "max_retries": 0},
    )
    return app


def nudge() -> None:
    """Say that the outbox has something due. Never raises for a broker that is away."""
    global _not_before
    app = celery_app()
    if app is None or time.monotonic() < _not_before:
        return
    from kombu.exceptions import OperationalError

    try:
        app.send_task(TASK, expires=EXPIRES, retry=False)
    except OperationalError as error:
        _not_before = time.monotonic() + LEFT_ALONE
        log.warning("the broker does not answer, workers look by themselves: %s", error)
