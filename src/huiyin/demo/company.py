"""The demonstration's organisation: a group, a company, three sites, people in posts, a roster."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from huiyin.core import clock
from huiyin.demo.people import (
    COMPANY,
    COMPANY_STAFF,
    DEPARTMENTS,
    GROUP,
    PASSWORD,
    SITE_STAFF,
    SITES,
    TEAMS,
    Staff,
)
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.models import Holding, Person, Post, Shift, Unit, UnitKind
from huiyin.organization.selectors import actor_for
from huiyin.organization.services import found_company
from huiyin.procedures.services import install_pack


@dataclass
class Company:
    """What the rest of the demonstration needs: units by code, people by username, actors once made."""

    root: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        if username not in self.actors:
            self.actors[username] = actor_for(self.people[username])
        return self.actors[username]

    @property
    def system(self) -> Actor:
        return system_actor(self.root.pk)


@transaction.atomic
def found(since: date) -> Company:
    """Make the organisation, install PM1 and put people into their posts."""
    root = found_company(name=GROUP[1], code=GROUP[0])
    company = Company(root, {GROUP[0]: root})
    install_pack(company=root, source="PM1")
    head = _unit(company, COMPANY[0], COMPANY[1], UnitKind.COMPANY, root)
    for code, name in DEPARTMENTS:
        _unit(company, code, name, UnitKind.DEPARTMENT, head)
    for site in SITES:
        office = _unit(company, site.code, site.name, UnitKind.SITE, head)
        for code, name in TEAMS:
            title = f"{site.estate}{name}"
            _unit(company, f"{site.code}-{code}", title, UnitKind.DEPARTMENT, office)
    password = make_password(PASSWORD)
    for staff in COMPANY_STAFF:
        _join(company, staff, staff.unit, since, password)
    for site in SITES:
        for staff in SITE_STAFF[site.code]:
            unit = f"{site.code}-{staff.unit}" if staff.unit else site.code
            _join(company, staff, unit, since, password)
    _roster(company)
    record_action(
        actor=company.system,
        subject_kind="company",
        subject_id=root.pk,
        name="demonstration_made",
        data={"people": len(company.people), "units": len(company.units)},
    )
    return company


def _unit(company: Company, code: str, name: str, kind: str, parent: Unit) -> Unit:
    unit: Unit = Unit.objects.create(
        company=company.root, parent=parent, code=code, name=name, kind=kind, position=len(company.units)
    )
    company.units[code] = unit
    return unit


def _join(company: Company, staff: Staff, unit: str, since: date, password: str) -> None:
    person = Person.objects.create(
        username=staff.username,
        name=staff.name,
        company=company.root,
        unit=company.units[unit],
        password=password,
    )
    post = Post.objects.get(company=company.root, code=staff.post)
    # a complaint handler answers for the site, whatever department he sits in
    held_at = unit.split("-")[0] if staff.post == "handler" else unit
    Holding.objects.create(
        company=company.root, person=person, post=post, unit=company.units[held_at], since=since
    )
    company.people[staff.username] = person


def _roster(company: Company) -> None:
    """The front desks take turns: one by day, the other in the evening, for two weeks from today."""
    post = Post.objects.get(company=company.root, code="duty")
    today = clock.today()
    zone = clock.now().tzinfo
    shifts = []
    for site in SITES:
        desk = [one for one in SITE_STAFF[site.code] if one.post == "duty"]
        for offset in range(14):
            day = today + timedelta(days=offset)
            first, second = (desk[0], desk[1]) if offset % 2 == 0 else (desk[1], desk[0])
            for staff, (starts, ends) in zip((first, second), ((8, 16), (16, 22)), strict=True):
                shifts.append(
                    Shift(
                        company=company.root,
                        unit=company.units[site.code],
                        post=post,
                        person=company.people[staff.username],
                        starts=clock.at(day, time(starts), zone),
                        ends=clock.at(day, time(ends), zone),
                    )
                )
    Shift.objects.bulk_create(shifts)
