"""`huiyin init`: the database, the first company, its administrator and its procedure."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING

from huiyin.cli.common import migrate, pending_migrations, start_django
from huiyin.core.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from huiyin.organization.models import Person, Post, Unit

SUMMARY = "make the database, the first company and its administrator"
ADMINISTRATOR = "administrator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--company", metavar="NAME", help="name of the company (asked for where left out)")
    parser.add_argument("--code", default="G", help="its code (default G)")
    parser.add_argument("--admin", metavar="USERNAME", help="sign-in name of the administrator")
    parser.add_argument("--admin-name", metavar="NAME", help="name of the administrator")
    parser.add_argument("--password", help="otherwise HUIYIN_ADMIN_PASSWORD, or asked for")
    parser.add_argument(
        "--pack", default="PM1", help="procedure pack: a folder or a built-in code (default PM1)"
    )
    parser.add_argument("--no-pack", action="store_true", help="install no procedure yet")
    parser.add_argument("--database-only", action="store_true", help="only bring the database up to date")


def run(args: argparse.Namespace) -> int:
    start_django()
    if pending := pending_migrations():
        print(f"Making the database ({len(pending)} steps) …", flush=True)
        migrate()
    if args.database_only:
        return 0
    name = args.company or _ask("Company")
    username = args.admin or _ask("Sign-in name of the administrator")
    password = args.password or os.environ.get("HUIYIN_ADMIN_PASSWORD") or _ask_password()
    company = first_company(
        name=name,
        code=args.code,
        username=username,
        person_name=args.admin_name or username,
        password=password,
        pack=None if args.no_pack else args.pack,
    )
    print(f"{company.name} is there. Start it with `huiyin serve`, sign in as {username}.")
    return 0


def first_company(
    *, name: str, code: str, username: str, person_name: str, password: str, pack: str | None
) -> Unit:
    """The company with its administrator and procedure, all or nothing."""
    from django.db import transaction

    from huiyin.organization.models import Unit
    from huiyin.organization.services import found_company

    if Unit.objects.filter(parent__isnull=True).exists():
        raise Conflict("there is a company already; add units and people on the pages", code="initialised")
    with transaction.atomic():
        company = found_company(name=name, code=code)
        if pack is not None:
            _install(company, pack)
        _administrator(company, username, person_name, password)
    return company


def _install(company: Unit, pack: str) -> None:
    from huiyin.procedures.services import install_pack

    edition = install_pack(company=company, source=pack)
    print(f"Procedure {edition.procedure.code} {edition.label}: {edition.procedure.title}")


def _administrator(company: Unit, username: str, name: str, password: str) -> Person:
    from huiyin.core import clock
    from huiyin.organization.actors import system_actor
    from huiyin.organization.services import create_person, give_post

    actor = system_actor(company.pk)
    person, _initial = create_person(actor=actor, username=username, name=name, unit=company)
    _set_password(person, password)
    give_post(actor=actor, person=person, post=_post(company), unit=company, since=clock.today())
    return person


def _set_password(person: Person, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput(f"the password: {' '.join(error.messages)}", code="password") from error
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])


def _post(company: Unit) -> Post:
    """The pack's administrator post, or one of our own where the pack has none."""
    from huiyin.organization.actors import system_actor
    from huiyin.organization.models import Capability, Post
    from huiyin.organization.services import create_post

    for post in Post.objects.filter(company=company, whole_company=True, active=True):
        if Capability.ADMIN in post.may:
            return post
    return create_post(
        actor=system_actor(company.pk),
        code=ADMINISTRATOR,
        name="系统管理员",
        may=[Capability.ADMIN, Capability.IMPORT, Capability.CUSTOMERS, Capability.AUDIT],
        whole_company=True,
        position=1000,
    )


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise InvalidInput(f"{question}: give it as an option (see `huiyin init --help`)", code="not_given")
    answer = ""
    while not answer:
        answer = input(f"{question}: ").strip()
    return answer


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise InvalidInput("give the password as --password or HUIYIN_ADMIN_PASSWORD", code="not_given")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise InvalidInput("the two passwords differ", code="password")
    return password
