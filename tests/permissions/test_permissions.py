"""(post, route, status) for every route of the project. A route without a row fails the suite."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from tests.permissions.model import POSTS, Row, Status, World
from tests.permissions.table import ROOMS, ROWS

METHODS = ("get", "post", "put", "patch", "delete")


def _routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route


def _address(row: Row, world: World) -> str:
    return reverse(row.name, kwargs=row.kwargs(world)) + row.query


def _request(client: Client, method: str, row: Row, world: World) -> HttpResponse:
    """Ask once, and take back whatever it did."""
    options: dict[str, Any] = {}
    if method != "get":
        options["data"] = row.data(world)
    if row.json or method in {"put", "patch", "delete"}:
        options["content_type"] = "application/json"
    with transaction.atomic():
        response: HttpResponse = getattr(client, method)(_address(row, world), **options)
        transaction.set_rollback(True)
    return response


def _fits(status: int, expected: Status) -> bool:
    return status in (expected if isinstance(expected, tuple) else (expected,))


_by_room = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__.rsplit(".", 1)[1])


@pytest.mark.slow
@_by_room
def test_each_post_gets_what_the_table_says(world: World, room: ModuleType) -> None:
    wrong: dict[str, list[str]] = {}
    for row in room.ROWS:
        cache.clear()
        for method, table in row.methods.items():
            for who, expected in table.items():
                status = _request(world.client(who, row.peer), method, row, world).status_code
                if not _fits(status, expected):
                    name = f"{method.upper()} {row.name}{row.query}: {status}, the table says {expected}, as"
                    wrong.setdefault(name, []).append(who)
    assert not wrong, "\n".join(f"{name} {', '.join(who)}" for name, who in wrong.items())


@_by_room
def test_a_method_without_a_table_is_not_there(world: World, room: ModuleType) -> None:
    """Otherwise a view could change something on a request nobody thought of."""
    declared: dict[str, set[str]] = {}
    for row in ROWS:
        declared.setdefault(_address(row, world).split("?")[0], set()).update(row.methods)
    wrong: list[str] = []
    for row in room.ROWS:
        # a page treats what is neither GET nor POST as GET; a program's route must refuse it
        methods = {"get", "post"} if row.csrf else set(METHODS)
        for method in methods - declared[_address(row, world).split("?")[0]]:
            status = _request(world.client(row.caller, row.peer), method, row, world).status_code
            if status not in {405, 404, 403}:
                wrong.append(f"{method.upper()} {row.name}: {status}")
    assert not wrong, "\n".join(wrong)


@_by_room
def test_no_form_is_taken_from_elsewhere_on_the_web(world: World, room: ModuleType) -> None:
    """Without the token of our own page a form is refused, whoever's browser sends it."""
    wrong: list[str] = []
    for row in room.ROWS:
        if row.csrf and row.post:
            client = world.client(row.caller, row.peer, enforce_csrf_checks=True)
            status = _request(client, "post", row, world).status_code
            if status not in {403, 404}:
                wrong.append(f"{row.name}: {status}")
    assert not wrong, "\n".join(wrong)


def test_every_route_has_a_row(world: World) -> None:
    covered = {resolve(_address(row, world).split("?")[0]).route for row in ROWS}
    # Django drops the mark of a regular expression's beginning where it joins routes
    routes = {route.replace("^", "") for route in _routes(get_resolver().url_patterns)}
    missing = sorted(routes - {route.replace("^", "") for route in covered})
    assert not missing, "routes without a row in the permission table:\n" + "\n".join(missing)


def test_rows_are_complete(world: World) -> None:
    """Each table names every post and strangers; a row with an object also another site and company."""
    gaps: list[str] = []
    for row in ROWS:
        wanted = {"anonymous"}
        if row.csrf:
            wanted |= set(POSTS)
        if row.kwargs(world) and not row.shared:
            wanted |= {"other_site", "other_company"} if row.csrf else set()
        for method, table in row.methods.items():
            if missing := wanted - set(table):
                gaps.append(f"{method.upper()} {row.name}: {', '.join(sorted(missing))}")
    assert not gaps, "\n".join(gaps)


def test_an_address_that_does_not_exist_is_a_plain_404(world: World) -> None:
    for who in ("anonymous", "duty", "administrator"):
        response = world.client(who, "duty").get("/nirgends/")
        assert response.status_code == 404
        body = response.content.decode()
        assert "urlpatterns" not in body
        assert "Traceback" not in body
