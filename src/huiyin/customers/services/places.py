"""The premises tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput
from huiyin.customers.keys import remake_places
from huiyin.customers.models import Customer, Household, Place, PlaceKind, new_token
from huiyin.customers.scope import require_change
from huiyin.customers.spelling import room_code, sort_key
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit

CODED = (PlaceKind.BUILDING, PlaceKind.ENTRANCE, PlaceKind.ROOM)
# what may stand below what
PARENTS: Mapping[str, frozenset[str]] = {
    PlaceKind.SITE: frozenset(),
    PlaceKind.BUILDING: frozenset({PlaceKind.SITE}),
    PlaceKind.ENTRANCE: frozenset({PlaceKind.BUILDING}),
    PlaceKind.ROOM: frozenset({PlaceKind.SITE, PlaceKind.BUILDING, PlaceKind.ENTRANCE}),
}
ANYWHERE = frozenset({PlaceKind.SITE, PlaceKind.BUILDING, PlaceKind.ENTRANCE, PlaceKind.PUBLIC_PLACE})


def full_name(parent: Place | None, kind: str, name: str) -> str:
    """锦绣花园 3栋2单元501; what is no part of a room's address stands apart: 锦绣花园 3栋 1号电梯."""
    if parent is None:
        return name
    apart = " " if parent.kind == PlaceKind.SITE or kind not in CODED else ""
    return f"{parent.full_name}{apart}{name}"[:200]


def full_code(parent: Place | None, kind: str, name: str) -> str:
    """The code that follows from the name: 2单元 in building 3 is 3-2."""
    if kind not in CODED or parent is None:
        return ""
    own = room_code(name)
    return f"{parent.code}-{own}" if parent.code and kind != PlaceKind.BUILDING else own


def new_place(
    *, parent: Place | None, unit: Unit, kind: str, name: str, code: str = "", note: str = ""
) -> Place:
    """A place with everything that follows from its parent; not yet saved."""
    code = (room_code(code) if kind in CODED else code.strip()) or full_code(parent, kind, name)
    return Place(
        company_id=unit.company_id,
        unit=unit,
        parent=parent,
        site=parent.site if parent else None,
        building=parent.building if parent else None,
        kind=kind,
        code=code[:40],
        name=name,
        full_name=full_name(parent, kind, name),
        sort=sort_key(code or name),
        note=note,
    )


def save_new(place: Place) -> None:
    """Save; a site and a building are their own site and building."""
    place.save()
    if place.kind in (PlaceKind.SITE, PlaceKind.BUILDING):
        if place.kind == PlaceKind.SITE:
            place.site = place
        else:
            place.building = place
        place.save(update_fields=["site", "building"])


def create_place(
    *,
    actor: Actor,
    kind: str,
    name: str,
    parent: Place | None = None,
    unit: Unit | None = None,
    code: str = "",
    note: str = "",
) -> Place:
    """`unit` is needed for a site; below it everything belongs to the site's unit."""
    unit = parent.unit if parent is not None else unit
    name = name.strip()
    _check_new(parent, unit, kind, name)
    assert unit is not None
    require_change(actor, unit.pk)
    place = new_place(parent=parent, unit=unit, kind=kind, name=name, code=code, note=note)
    try:
        with transaction.atomic():
            save_new(place)
            remake_places([place])
            _record(actor, place, "place_created", {"kind": kind, "code": place.code, "name": name})
    except IntegrityError as error:
        raise Conflict(_("这里已经有“%(name)s”。") % {"name": name}, code="place_exists") from error
    return place


def _check_new(parent: Place | None, unit: Unit | None, kind: str, name: str) -> None:
    if kind not in PlaceKind.values:
        raise InvalidInput(_("没有这种场所。"), fields={"kind": _("没有这种场所。")})
    if not name:
        raise InvalidInput(_("请填写名称。"), fields={"name": _("请填写名称。")})
    if kind == PlaceKind.SITE:
        if parent is not None or unit is None:
            raise InvalidInput(_("项目要属于一个管理处。"), fields={"unit": _("请选择管理处。")})
    elif parent is None or parent.kind not in PARENTS.get(kind, ANYWHERE):
        raise InvalidInput(_("请选择它所在的位置。"), fields={"parent": _("请选择它所在的位置。")})


def ensure_room(*, actor: Actor, site: Place, code: str) -> tuple[Place, bool]:
    """(the room with that code, whether it was made now), with building and entrance as the code says."""
    parts = room_code(code).split("-")
    parent, made = site, False
    kinds = [PlaceKind.BUILDING, PlaceKind.ENTRANCE][: len(parts) - 1] if len(parts) <= 3 else []
    steps = [(kind, parts[index]) for index, kind in enumerate(kinds)]
    steps.append((PlaceKind.ROOM, "-".join(parts[len(kinds) :])))
    for kind, part in steps:
        own = f"{parent.code}-{part}" if parent.code and kind != PlaceKind.BUILDING else part
        known = Place.objects.filter(site=site, kind=kind, code=own).first()
        made = known is None
        parent = known or create_place(
            actor=actor, kind=kind, name=default_name(kind, part), parent=parent, code=own
        )
    return parent, made


def default_name(kind: str, part: str) -> str:
    """How a part of a room's code is called where nobody says otherwise. Data, so not translated."""
    return {PlaceKind.BUILDING: f"{part}栋", PlaceKind.ENTRANCE: f"{part}单元"}.get(PlaceKind(kind), part)


def update_place(
    *,
    actor: Actor,
    place: Place,
    name: str | None = None,
    note: str | None = None,
    code: str | None = None,
    developer: Customer | None = None,
    clear_developer: bool = False,
) -> Place:
    """What is None stays. A new name goes down to everything below."""
    require_change(actor, place.unit_id)
    changes: dict[str, Any] = {"name": name, "note": note, "developer": developer}
    changes = {field: value for field, value in changes.items() if value is not None}
    if code is not None:
        changes["code"] = room_code(code) if place.kind in CODED else code.strip()
        changes["sort"] = sort_key(changes["code"] or name or place.name)
    if clear_developer:
        changes["developer"] = None
    changed = [field for field, value in changes.items() if getattr(place, field) != value]
    if not changed:
        return place
    for field in changed:
        setattr(place, field, changes[field])
    try:
        with transaction.atomic():
            place.save(update_fields=changed)
            _rename(place)
            _record(actor, place, "place_updated", {field: _plain(changes[field]) for field in changed})
    except IntegrityError as error:
        raise Conflict(_("这里已经有“%(name)s”。") % {"name": place.name}, code="place_exists") from error
    return place


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Customer) else value


def _rename(place: Place) -> None:
    """Full names and keys of the place and all below it."""
    level = [place]
    while level:
        for one in level:
            one.full_name = full_name(one.parent, one.kind, one.name)
        Place.objects.bulk_update(level, ["full_name"], batch_size=500)
        remake_places(level)
        level = list(Place.objects.filter(parent__in=level).select_related("parent"))


def close_place(*, actor: Actor, place: Place) -> Place:
    """Take a place out of use. Refused while something in it is in use."""
    require_change(actor, place.unit_id)
    in_use = Place.objects.filter(parent=place, closed_on__isnull=True).exists()
    if in_use or Household.objects.filter(room=place, until__isnull=True, vacant=False).exists():
        raise Conflict(_("里面还有在用的房屋或住户，先处理它们。"), code="place_in_use")
    with transaction.atomic():
        place.closed_on = clock.today()
        place.save(update_fields=["closed_on"])
        remake_places([place])
        _record(actor, place, "place_closed", {})
    return place


def renew_token(*, actor: Actor, place: Place) -> Place:
    """A new QR code; the old one leads nowhere from now on."""
    require_change(actor, place.unit_id)
    with transaction.atomic():
        place.token = new_token()
        place.save(update_fields=["token"])
        _record(actor, place, "place_token_renewed", {})
    return place


def _record(actor: Actor, place: Place, name: str, data: dict[str, Any]) -> None:
    record_action(actor=actor, subject_kind="place", subject_id=place.pk, name=name, data=data)
