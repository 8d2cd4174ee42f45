"""What a row of the permission table is, and the world it is tried in.

A room's rows stand in `tests/permissions/rooms/<room>.py`:

    ROWS = [
        Row("cases:list", get=everybody(200)),
        Row(
            "cases:detail",
            kwargs=lambda world: {"number": world.made["case_a"].number},
            get=only("duty", "handler", status=200, others=403, other_site=404, other_company=404),
        ),
    ]

    def build(world: World) -> None:        # optional: the objects that the room's rows name
        world.made["case_a"] = register_case(actor=world.actor("duty"), …)

Keys of a status table are posts (the person at site A, or of the whole company), `anonymous`, and for a row
with `kwargs`: `other_site` and `other_company`, who are the row's `peer` at site B and in another company.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.test.client import ClientHandler
from tests.factories.organization import SmallCompany

from huiyin.organization.actors import Actor
from huiyin.organization.models import Person

# post -> username of the person who is asked, in the factory's company
POSTS = {
    "duty": "duty_a",
    "handler": "handler_a",
    "service_supervisor": "supervisor_a",
    "department_head": "head_a",
    "site_administrator": "site_admin_a",
    "deputy_general_manager": "deputy",
    "general_manager": "manager",
    "quality": "quality",
    "auditor": "auditor",
    "administrator": "admin",
}
# the same post at site B
PEERS = {
    "duty": "duty_b",
    "handler": "handler_b",
    "service_supervisor": "supervisor_b",
    "department_head": "head_b",
    "site_administrator": "site_admin_b",
}

Status = int | tuple[int, ...]
Table = Mapping[str, Status]


def everybody(status: Status, *, anonymous: Status = 302, **others: Status) -> Table:
    """The same for all posts; strangers are sent to the sign-in page."""
    return dict.fromkeys(POSTS, status) | {"anonymous": anonymous} | others


def only(
    *posts: str, status: Status, others: Status = 403, anonymous: Status = 302, **named: Status
) -> Table:
    """`status` for these posts, `others` for the rest."""
    unknown = set(posts) - set(POSTS)
    assert not unknown, unknown
    return {post: status if post in posts else others for post in POSTS} | {"anonymous": anonymous} | named


@dataclass
class World:
    """Two companies and what the rooms built into them. Each request is taken back before the next."""

    small: SmallCompany
    other: SmallCompany
    made: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    sessions: dict[int, str] = field(default_factory=dict)
    # one for all clients: making one loads all middleware anew
    handlers: dict[bool, ClientHandler] = field(default_factory=dict)

    def actor(self, post: str) -> Actor:
        return self.small.actor(POSTS[post])

    def person(self, who: str, peer: str) -> Person | None:
        if who == "other_site":
            # a post of the whole company has none of its kind at a site: its head is asked instead
            return self.small.people[PEERS.get(peer, PEERS["department_head"])]
        if who == "other_company":
            return self.other.people[POSTS[peer]]
        return self.small.people[POSTS[who]] if who in POSTS else None

    def client(self, who: str, peer: str, *, enforce_csrf_checks: bool = False) -> Client:
        """A browser where this person is signed in; for a name in `headers`, a program with these headers."""
        client = Client(headers=self.headers.get(who))
        client.handler = self.handlers.setdefault(enforce_csrf_checks, ClientHandler(enforce_csrf_checks))
        person = self.person(who, peer)
        if person is not None:
            self._sign_in(client, person)
        return client

    def _sign_in(self, client: Client, person: Person) -> None:
        if person.pk not in self.sessions:
            first = Client()
            first.force_login(Person.objects.get(pk=person.pk))
            self.sessions[person.pk] = first.cookies["sessionid"].value
        client.cookies["sessionid"] = self.sessions[person.pk]


Given = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One route. A method without a table is answered 405 by the route.

    `peer` is the post that `other_site` and `other_company` hold. `shared` says why an object in the address
    is for everybody, so that a row with `kwargs` needs no other site. `csrf=False` where the route is
    for programs with a token. `caller` tries what no table speaks of: undeclared methods, forged forms.
    """

    name: str
    get: Table | None = None
    post: Table | None = None
    put: Table | None = None
    patch: Table | None = None
    delete: Table | None = None
    kwargs: Given = lambda world: {}
    data: Given = lambda world: {}
    query: str = ""
    json: bool = False
    peer: str = "department_head"
    shared: str = ""
    csrf: bool = True
    caller: str = "administrator"

    @property
    def methods(self) -> dict[str, Table]:
        given = {one: getattr(self, one) for one in ("get", "post", "put", "patch", "delete")}
        return {method: table for method, table in given.items() if table is not None}
