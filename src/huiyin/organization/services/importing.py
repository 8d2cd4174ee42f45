"""Units, people and holdings from a file. Running it twice changes nothing the second time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import HuiyinError, InvalidInput
from huiyin.core.phrases import listed
from huiyin.organization.actors import Actor
from huiyin.organization.models import Holding, Person, Post, Unit, UnitKind
from huiyin.organization.recording import record
from huiyin.organization.selectors import actor_for
from huiyin.organization.services.holdings import end_holding, give_post
from huiyin.organization.services.people import create_person, edit_person
from huiyin.organization.services.units import create_unit, edit_unit, move_unit
from huiyin.organization.spreadsheet import Row, parse_day


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing in one row: `result` is created, changed, unchanged or refused."""

    row: Row
    kind: str
    title: str
    result: str
    reason: str = ""


@dataclass(slots=True)
class Imported:
    outcomes: list[Outcome] = field(default_factory=list)
    passwords: list[tuple[Person, str]] = field(default_factory=list)

    def count(self, result: str) -> int:
        return sum(one.result == result for one in self.outcomes)


@dataclass(slots=True)
class _Run:
    actor: Actor
    done: Imported
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def attempt(self, row: Row, kind: str, title: str, action: Callable[[], str]) -> bool:
        """One thing, in its own savepoint: what is refused leaves nothing behind and stops nothing."""
        try:
            with transaction.atomic():
                result = action()
        except HuiyinError as error:
            self.done.outcomes.append(Outcome(row, kind, title, "refused", error.message))
            return False
        self.done.outcomes.append(Outcome(row, kind, title, result))
        return True

    def widen(self) -> None:
        """An actor's scope is as it was when he was made: new units are in it only for one made anew."""
        if self.actor.person is not None:
            self.actor = actor_for(self.actor.person)

    def first_time(self, *key: str) -> bool:
        """Whether this very thing has not stood in an earlier row."""
        known = key in self.seen
        self.seen.add(key)
        return not known


@transaction.atomic
def import_organization(*, actor: Actor, rows: Sequence[Row], dry_run: bool = False) -> Imported:
    """Import what can be; the rest is named with row and reason.

    A dry run does all of it and takes it back, so that the preview cannot differ from the import.
    """
    run = _Run(actor, Imported())
    _units(run, [row for row in rows if {"unit_code", "unit_name"} <= row.cells.keys()])
    for row in rows:
        if {"username", "name"} <= row.cells.keys():
            _person(run, row)
    for row in rows:
        if {"username", "post"} <= row.cells.keys():
            _holding(run, row)
    _leftover(run, rows)
    if run.done.count("created") + run.done.count("changed"):
        record(
            actor=actor,
            subject_kind="unit",
            subject_id=actor.company_id,
            name="organization_imported",
            data={one: run.done.count(one) for one in ("created", "changed", "unchanged", "refused")},
        )
    if dry_run:
        transaction.set_rollback(True)
    return run.done


def _leftover(run: _Run, rows: Sequence[Row]) -> None:
    """Rows from which nothing could be made are named too."""
    used = {(one.row.sheet, one.row.line) for one in run.done.outcomes}
    known_units = {
        row.cells["unit_code"] for row in rows if "unit_name" in row.cells and "unit_code" in row.cells
    }
    for row in rows:
        repeated = row.cells.get("unit_code") in known_units and "unit_name" in row.cells
        if (row.sheet, row.line) not in used and not repeated:
            reason = _("缺少必要的列：部门要有编码和名称，人员要有用户名和姓名，任职要有用户名和岗位。")
            title = next(iter(row.cells.values()))
            run.done.outcomes.append(Outcome(row, _("行"), title[:40], "refused", reason))


def _units(run: _Run, rows: list[Row]) -> None:
    """Parents before children, in whatever order the file has them."""
    waiting = [
        row
        for row in rows
        if run.first_time(
            "unit",
            *(row.cells.get(key, "") for key in ("unit_code", "unit_name", "unit_kind", "parent_code")),
        )
    ]
    coming = {row.cells["unit_code"] for row in waiting}
    while waiting:
        ready = [
            row
            for row in waiting
            if row.cells.get("parent_code", "") not in coming - {row.cells["unit_code"]}
        ]
        for row in ready or waiting:
            run.attempt(row, _("部门"), row.cells["unit_name"], partial(_unit, run.actor, row))
            run.widen()
        waiting = [row for row in waiting if row not in ready] if ready else []
        coming = {row.cells["unit_code"] for row in waiting}


def _unit(actor: Actor, row: Row) -> str:
    code, name = row.cells["unit_code"], row.cells["unit_name"]
    unit = Unit.objects.select_related("parent").filter(company_id=actor.company_id, code=code).first()
    parent = _known_unit(actor, row.cells["parent_code"]) if "parent_code" in row.cells else None
    kind = _kind(row.cells["unit_kind"]) if "unit_kind" in row.cells else ""
    if unit is None:
        create_unit(
            actor=actor,
            parent=parent or Unit.objects.get(pk=actor.company_id),
            kind=kind or UnitKind.DEPARTMENT,
            code=code,
            name=name,
        )
        return "created"
    changed = False
    if unit.name != name or (kind and unit.kind != kind):
        edit_unit(actor=actor, unit=unit, name=name, kind=kind or unit.kind, position=unit.position)
        changed = True
    if parent is not None and unit.parent_id != parent.pk:
        move_unit(actor=actor, unit=unit, parent=parent)
        changed = True
    return "changed" if changed else "unchanged"


def _person(run: _Run, row: Row) -> None:
    keys = ("username", "name", "phone", "email", "unit_code")
    if not run.first_time("person", *(row.cells.get(key, "") for key in keys)):
        return
    run.attempt(row, _("人员"), row.cells["name"], lambda: _write_person(run, row))


def _write_person(run: _Run, row: Row) -> str:
    actor, cells = run.actor, row.cells
    person = Person.objects.filter(company_id=actor.company_id, username=cells["username"]).first()
    if person is None:
        if "unit_code" not in cells:
            raise InvalidInput(_("新人员要有单位编码。"))
        made = create_person(
            actor=actor,
            username=cells["username"],
            name=cells["name"],
            unit=_known_unit(actor, cells["unit_code"]),
            phone=cells.get("phone", ""),
            email=cells.get("email", ""),
        )
        run.done.passwords.append(made)
        return "created"
    # somebody who holds posts in two units stands in two rows: the first says where he belongs
    first = run.first_time("person's unit", cells["username"])
    unit = _known_unit(actor, cells["unit_code"]) if "unit_code" in cells and first else person.unit
    phone, email = cells.get("phone", person.phone), cells.get("email", person.email)
    wanted = (cells["name"], phone, email, unit.pk if unit else None)
    if wanted == (person.name, person.phone, person.email, person.unit_id):
        return "unchanged"
    edit_person(actor=actor, person=person, name=cells["name"], phone=phone, email=email, unit=unit)
    return "changed"


def _holding(run: _Run, row: Row) -> None:
    cells = row.cells
    if not run.first_time(
        "holding", *(cells.get(key, "") for key in ("username", "post", "unit_code", "since", "until"))
    ):
        return
    run.attempt(
        row, _("任职"), f"{cells['username']} {cells['post']}", lambda: _write_holding(run.actor, cells)
    )


def _write_holding(actor: Actor, cells: dict[str, str]) -> str:
    person = Person.objects.filter(company_id=actor.company_id, username=cells["username"]).first()
    if person is None:
        raise InvalidInput(_("没有用户“%(username)s”。") % {"username": cells["username"]})
    post = _known_post(actor, cells["post"])
    unit = _known_unit(actor, cells["unit_code"]) if "unit_code" in cells else person.unit
    if unit is None:
        raise InvalidInput(_("任职要有单位编码。"))
    since, until = parse_day(cells.get("since", "")), parse_day(cells.get("until", ""))
    same = Holding.objects.filter(person=person, post=post, unit=unit)
    known = (same.filter(since=since) if since else same.order_by("-since")).first()
    if known is not None and (since is not None or known.until is None or known.until >= clock.today()):
        if known.until == until:
            return "unchanged"
        if until is not None:
            end_holding(actor=actor, holding=known, last_day=until)
            return "changed"
    give_post(actor=actor, person=person, post=post, unit=unit, since=since or clock.today(), until=until)
    return "created"


def _known_unit(actor: Actor, code: str) -> Unit:
    unit: Unit | None = Unit.objects.filter(company_id=actor.company_id, code=code).first()
    if unit is None or not actor.may("admin", unit.pk):
        raise InvalidInput(_("没有编码为“%(code)s”的部门。") % {"code": code})
    return unit


def _known_post(actor: Actor, text: str) -> Post:
    posts = Post.objects.filter(company_id=actor.company_id, active=True)
    post = posts.filter(code=text).first() or posts.filter(name=text).first()
    if post is None:
        raise InvalidInput(_("没有岗位“%(post)s”。") % {"post": text})
    return post


def _kind(text: str) -> str:
    for value, label in UnitKind.choices:
        if text in {value, str(label)}:
            return value
    raise InvalidInput(
        _("没有“%(kind)s”这种部门，可以是：%(kinds)s")
        % {"kind": text, "kinds": listed(label for _value, label in UnitKind.choices)}
    )
