"""Units: the tree that everything else hangs on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.authority import require_unit
from huiyin.organization.models import Holding, Shift, Unit, UnitKind
from huiyin.organization.recording import record
from huiyin.organization.selectors import subtree_ids


@dataclass(frozen=True, slots=True)
class UnitMatters:
    """A kind of open matters that a room keeps for units. `count(unit)` says how many are this unit's own."""

    kind: str
    label: str | Promise
    count: Callable[[Unit], int]


_matters: dict[str, UnitMatters] = {}


def register_unit_matters(matters: UnitMatters) -> None:
    """Called in `AppConfig.ready` of the room that keeps them."""
    _matters[matters.kind] = matters


def open_matters(unit: Unit) -> list[tuple[str, int]]:
    """What is still open in a unit, as label and number; kinds without any are left out."""
    found = [(str(one.label), one.count(unit)) for _kind, one in sorted(_matters.items())]
    return [(label, count) for label, count in found if count]


_CODE = re.compile(r"[\w.-]{1,40}")


@transaction.atomic
def found_company(*, name: str, code: str = "G", kind: str = UnitKind.COMPANY) -> Unit:
    """A new company: the root of its own tree. Nobody can act in it yet, so the system does."""
    root: Unit = Unit.objects.create(kind=kind, code=_checked_code(code), name=_checked_name(name))
    root.company = root
    root.save(update_fields=["company"])
    _record(system_actor(root.pk), root, "company_founded")
    return root


@transaction.atomic
def create_unit(*, actor: Actor, parent: Unit, kind: str, code: str, name: str, position: int = 0) -> Unit:
    require_unit(actor, parent)
    code = _checked_code(code)
    if Unit.objects.filter(company_id=actor.company_id, code=code).exists():
        message = _("编码“%(code)s”已有部门在用。") % {"code": code}
        raise InvalidInput(message, fields={"code": message})
    unit: Unit = Unit.objects.create(
        company_id=actor.company_id,
        parent=parent,
        kind=_checked_kind(kind),
        code=code,
        name=_checked_name(name),
        position=position,
    )
    _record(actor, unit, "unit_created", parent=parent.code)
    return unit


@transaction.atomic
def edit_unit(*, actor: Actor, unit: Unit, name: str, kind: str, position: int = 0) -> None:
    """Name, kind and place among its siblings. The code stays: files and other systems refer to it."""
    require_unit(actor, unit)
    before = {"name": unit.name, "kind": unit.kind, "position": unit.position}
    unit.name, unit.position = _checked_name(name), position
    if kind != unit.kind:
        unit.kind = _checked_kind(kind)
    unit.save(update_fields=["name", "kind", "position"])
    _record(actor, unit, "unit_edited", before=before)


@transaction.atomic
def move_unit(*, actor: Actor, unit: Unit, parent: Unit) -> None:
    """Hang a unit and all below it somewhere else in the same company."""
    require_unit(actor, unit)
    require_unit(actor, parent)
    # one move at a time in a company: two at once could close a circle
    Unit.objects.select_for_update().get(pk=actor.company_id)
    unit.refresh_from_db()
    if unit.parent is None:
        raise InvalidInput(_("最上级不能移动。"))
    require_unit(actor, unit.parent)
    if parent.pk in subtree_ids(unit):
        raise InvalidInput(_("不能移到自己或自己的下级之下。"))
    before = unit.parent.code
    unit.parent = parent
    unit.save(update_fields=["parent"])
    _record(actor, unit, "unit_moved", before=before, parent=parent.code)


@transaction.atomic
def deactivate_unit(*, actor: Actor, unit: Unit) -> None:
    """Close a unit. What it did stays; nobody and nothing open may be left in it. Raises Conflict."""
    require_unit(actor, unit)
    if unit.parent_id is None:
        raise InvalidInput(_("最上级不能停用。"))
    if unit.children.filter(active=True).exists():
        raise Conflict(_("还有下级部门，请先停用或移走它们。"))
    today = clock.today()
    if (
        Holding.objects.filter(unit=unit).exclude(until__lt=today).exists()
        or Shift.objects.filter(unit=unit, ends__gt=clock.now()).exists()
    ):
        raise Conflict(_("还有人在这里任职或排了班，请先移交。"))
    if waiting := open_matters(unit):
        listed = _("、").join(f"{label} {count}" for label, count in waiting)
        raise Conflict(
            _("这里还有：%(listed)s。请先办完或派给别的部门。") % {"listed": listed}, code="open_matters"
        )
    unit.active = False
    unit.save(update_fields=["active"])
    _record(actor, unit, "unit_deactivated")


@transaction.atomic
def reactivate_unit(*, actor: Actor, unit: Unit) -> None:
    require_unit(actor, unit)
    if unit.parent is not None and not unit.parent.active:
        raise Conflict(_("上级部门已停用，请先启用上级。"))
    unit.active = True
    unit.save(update_fields=["active"])
    _record(actor, unit, "unit_reactivated")


def _record(actor: Actor, unit: Unit, name: str, **data: object) -> None:
    described = {"code": unit.code, "name": unit.name, "kind": unit.kind, **data}
    record(actor=actor, subject_kind="unit", subject_id=unit.pk, name=name, data=described)


def _checked_code(code: str) -> str:
    code = code.strip()
    if not _CODE.fullmatch(code):
        message = _("编码只能用字母、数字、汉字、点、横线，最长 40 个字符。")
        raise InvalidInput(message, fields={"code": message})
    return code


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 120:
        message = _("请填写名称，最长 120 个字。")
        raise InvalidInput(message, fields={"name": message})
    return name


def _checked_kind(kind: str) -> str:
    if kind not in UnitKind.values:
        message = _("没有“%(kind)s”这种部门。") % {"kind": kind}
        raise InvalidInput(message, fields={"kind": message})
    return kind
