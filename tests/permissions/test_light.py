"""Every page that the table knows: how often it asks the database, and how much it sends on first load."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache as kept
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.permissions.model import POSTS, Row, World
from tests.permissions.table import ROWS

QUERIES = 15
# Pages that ask more often, and how often today: a number here only ever becomes smaller.
MORE = {
    "cases:register-who": 25,
    "customers:lookup": 23,
    "customers:place": 20,
    "journal:index": 49,
    "organization:hand-over": 18,
    "organization:person": 19,
    "organization:roster": 35,
    "procedures:clause": 16,
    "procedures:edition": 16,
    "records:retention": 16,
    "reports:file": 20,
    "reports:page": 24,
    "reports:week": 16,
}
KILOBYTES = 150
_LINKED = re.compile(r'(?:href|src|data-icons)="/static/([^"?]+\.(?:css|js|svg))[^"]*"')
_PICTURES = {"icons.svg"}


def _pages() -> Iterator[Row]:
    for row in ROWS:
        if row.get and row.csrf and any(row.get.get(post) == 200 for post in POSTS):
            yield row


@cache
def _sent(name: str) -> int:
    """A file of ours as it is sent: compressed."""
    found = finders.find(name)
    assert isinstance(found, str), name
    return len(gzip.compress(Path(found).read_bytes(), 9))


def _post(row: Row) -> str:
    assert row.get is not None
    allowed = [post for post in POSTS if row.get.get(post) == 200]
    # who sees the most pays the most
    return next((post for post in ("general_manager", "department_head") if post in allowed), allowed[0])


def _ask(world: World, row: Row) -> tuple[HttpResponse, int]:
    """The page at its second opening: at the first one the process learns the procedure."""
    client = world.client(_post(row), row.peer)
    address = reverse(row.name, kwargs=row.kwargs(world)) + row.query
    with transaction.atomic():
        client.get(address)
        kept.clear()
        with CaptureQueriesContext(connection) as asked:
            response: HttpResponse = client.get(address)
        transaction.set_rollback(True)
    statements = [one for one in asked if "SAVEPOINT" not in one["sql"]]
    return response, len(statements)


@pytest.mark.parametrize("row", list(_pages()), ids=lambda row: row.name + row.query)
def test_a_page_asks_little_and_sends_little(world: World, row: Row) -> None:
    response, queries = _ask(world, row)
    assert queries <= MORE.get(row.name, QUERIES), f"{row.name}: {queries} queries"
    if response.streaming or not response["Content-Type"].startswith("text/html"):
        return
    page = response.content.decode()
    linked = {name for name in _LINKED.findall(page) if Path(name).name not in _PICTURES}
    weight = len(gzip.compress(page.encode(), 6)) + sum(_sent(name) for name in linked)
    assert weight <= KILOBYTES * 1024, f"{row.name}: {weight // 1024} KB, {sorted(linked)}"
