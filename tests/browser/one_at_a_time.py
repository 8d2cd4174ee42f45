"""The threads of the test server share one database in memory, where a reader fails while another one writes.

A database on disk, as it is used, has no such limit.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


@contextmanager
def one_request_at_a_time() -> Iterator[None]:
    lock, original = threading.Lock(), BaseHandler.get_response

    def get_response(self: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        with lock:
            return original(self, request)

    BaseHandler.get_response = get_response  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseHandler.get_response = original  # type: ignore[method-assign]
