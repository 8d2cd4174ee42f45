"""Clients that ask one after the other for some seconds, in a process of their own.

`load.py` reads one JSON job a line on standard input and answers with one JSON line each:
    {"port", "clients", "seconds", "requests": [{"method", "path", "headers", "body"}, …], "expect": 200}
A header or body may contain {n}, which no two requests of a job share.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import threading
import time
import uuid
from itertools import count
from typing import Any

Job = dict[str, Any]


class Client(threading.Thread):
    def __init__(self, job: Job, numbers: count[int], until: float) -> None:
        super().__init__()
        self.job, self.numbers, self.until = job, numbers, until
        self.times: list[float] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.job["port"], timeout=60)
        mark, requests = uuid.uuid4().hex, self.job["requests"]
        while time.perf_counter() < self.until:
            number = next(self.numbers)
            one = requests[number % len(requests)]
            headers = {
                name: value.replace("{n}", f"{mark}{number}") for name, value in one["headers"].items()
            }
            body = one.get("body", "").replace("{n}", f"{mark}{number}").encode()
            began = time.perf_counter()
            connection.request(one["method"], one["path"], body=body or None, headers=headers)
            response = connection.getresponse()
            content = response.read()
            self.times.append(time.perf_counter() - began)
            if response.status != self.job["expect"]:
                self.wrong.append(f"{response.status} {content[:200]!r}")
        connection.close()


def run(job: Job) -> dict[str, Any]:
    """Requests a second, median and 95th percentile in milliseconds, and what was answered otherwise."""
    began = time.perf_counter()
    numbers = count()
    clients = [Client(job, numbers, began + job["seconds"]) for _ in range(job["clients"])]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    seconds = time.perf_counter() - began
    times = sorted(value for client in clients for value in client.times)
    wrong = [text for client in clients for text in client.wrong]
    return {
        "requests": len(times),
        "rate": len(times) / seconds,
        "median": statistics.median(times) * 1000,
        "p95": times[int(len(times) * 0.95)] * 1000,
        "wrong": len(wrong),
        "example": wrong[0] if wrong else "",
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
