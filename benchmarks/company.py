"""The company that is measured: 100 sites under a group, 50 households each, somebody in each post."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.db import transaction

from huiyin.core import clock
from huiyin.customers.bulk import PersonSpec, RoomSpec, SiteSpec, bulk_create_site
from huiyin.customers.models import Household
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.models import ApiToken, Capability, Holding, Person, Post, Unit, UnitKind
from huiyin.organization.selectors import actor_for
from huiyin.organization.services import create_token, found_company
from huiyin.procedures.services import install_pack

CODE = "BENCH"
SITES = 100
HOUSEHOLDS = 50
# the API lets a token ask so often in a minute; a program with more to say has more tokens
TOKENS = 48
SINCE = date(2015, 1, 1)


@dataclass(frozen=True, slots=True)
class Company:
    root: Unit
    sites: list[Unit]
    households: dict[str, list[str]]
    """code of the site -> uuids"""

    def person(self, username: str) -> Person:
        return Person.objects.select_related("company").get(username=f"bench-{username}")

    def actor(self, username: str) -> Actor:
        return actor_for(self.person(username))


def find_company() -> Company | None:
    root = Unit.objects.filter(code=CODE, parent__isnull=True).first()
    if root is None:
        return None
    sites = list(Unit.objects.filter(company=root, kind=UnitKind.SITE).order_by("id"))
    homes: dict[str, list[str]] = {site.code: [] for site in sites}
    for code, uuid in Household.objects.filter(company=root).order_by("id").values_list("unit__code", "uuid"):
        homes[code].append(str(uuid))
    return Company(root, sites, homes)


@transaction.atomic
def make_company() -> Company:
    root = found_company(name="测量集团", code=CODE)
    install_pack(company=root, source="PM1")
    posts = {post.code: post for post in Post.objects.filter(company=root)}
    for number in range(1, SITES + 1):
        site = _unit(root, root, f"S{number:03}", f"第{number}管理处", UnitKind.SITE)
        _unit(root, site, f"S{number:03}-ENG", f"第{number}工程部", UnitKind.DEPARTMENT)
        for post in ("duty", "service_supervisor", "department_head", "handler"):
            _join(f"{post}-{number}", posts[post], site)
        _settle(root, site, number)
    for name, post in (("manager", "general_manager"), ("quality", "quality"), ("admin", "administrator")):
        _join(name, posts[post], root)
    found = find_company()
    assert found is not None
    return found


def _unit(root: Unit, parent: Unit, code: str, name: str, kind: str) -> Unit:
    made: Unit = Unit.objects.create(company=root, parent=parent, code=code, name=name, kind=kind)
    return made


def _join(name: str, post: Post, unit: Unit) -> None:
    person = Person.objects.create(
        username=f"bench-{name}", name=f"{post.name}{name[-3:]}", company=unit.company, unit=unit
    )
    Holding.objects.create(company=unit.company, person=person, post=post, unit=unit, since=SINCE)


def _codes() -> Iterator[str]:
    for building in range(1, 18):
        for floor in range(1, 31):
            for door in (1, 2):
                yield f"{building}-1-{floor}0{door}"


def _settle(root: Unit, site: Unit, number: int) -> None:
    chance = random.Random(number)
    rooms = [
        RoomSpec(code, (PersonSpec(f"住户{number}{code}", phones=(f"138{chance.randrange(10**8):08d}",)),))
        for code in islice(_codes(), HOUSEHOLDS)
    ]
    spec = SiteSpec(f"{number}号花园", rooms, (), "恒信置业有限公司")
    bulk_create_site(actor=system_actor(root.pk), unit=site, spec=spec)


def fresh_tokens(company: Company) -> list[str]:
    """Keys for the programs that register, one site each; those of an earlier run are removed."""
    ApiToken.objects.filter(company=company.root).delete()
    post = Post.objects.get(company=company.root, code="service_supervisor")
    actor = system_actor(company.root.pk)
    wanted = {Capability.REGISTER, Capability.VIEW, Capability.HANDLE} & set(post.may)
    return [
        create_token(
            actor=actor,
            unit=site,
            post=post,
            name=f"measure {site.code}",
            may=wanted,
            expires_at=clock.now() + timedelta(days=2),
        )[1]
        for site in company.sites[:TOKENS]
    ]
