"""From what a person or program sends to rows: units, places, households, people by their outside names."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput
from huiyin.customers.models import Customer, Household, Place, PlaceKind
from huiyin.customers.spelling import parse_room
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit

# Beyond the vocabulary's free words: what tells who a person is, also erasable.
PERSONAL = frozenset({"reporter_phone", "note"})
LIMITS = {
    "text": 20_000,
    "demand": 5_000,
    "reporter": 80,
    "reporter_phone": 40,
    "external_number": 80,
    "region": 40,
    "via": 40,
    "responsible_party": 40,
}
# So many sites of one company may have a room of the same number.
MANY = 200


@dataclass(slots=True)
class Resolved:
    """The rows behind the facts of a registration."""

    unit: Unit
    customer: Customer | None = None
    household: Household | None = None
    place: Place | None = None
    equipment: Place | None = None


def split_texts(types: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Codes and times for the chain; words of and about persons for the erasable rows beside it.

    `types` are the event's fields in the compiled procedure: what has the type `text` is words.
    """
    words = {key for key in data if key in PERSONAL or types.get(key) == "text"}
    kept = {key: value for key, value in data.items() if key not in words}
    return kept, {key: str(data[key]) for key in words if data[key] not in (None, "")}


def moment(value: Any, field: str) -> datetime:
    """An aware time from ISO text; a time without zone is the installation's. Raises InvalidInput."""
    if isinstance(value, datetime):
        found: datetime | None = value
    else:
        try:
            found = parse_datetime(str(value).strip())
        except ValueError:
            found = None
    if found is None:
        raise InvalidInput(_("时间写法不对。"), fields={field: _("请写成 2026-09-30T16:30:00+08:00 的形式")})
    if timezone.is_naive(found):
        found = timezone.make_aware(found)
    return found.replace(microsecond=0)


def clean(data: Mapping[str, Any]) -> dict[str, Any]:
    """Empty values left out, texts trimmed and held to their limits. Raises InvalidInput naming the field."""
    found: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, str):
            value = value.replace("\x00", "").strip()
            if len(value) > LIMITS.get(key, 20_000):
                raise InvalidInput(
                    _("有一项太长了，已写的内容还在。"),
                    fields={key: _("最多 %(limit)d 字") % {"limit": LIMITS.get(key, 20_000)}},
                )
        if value not in (None, ""):
            found[key] = value
    return found


def _uuid(value: Any) -> uuids.UUID | None:
    try:
        return uuids.UUID(str(value))
    except ValueError:
        return None


def resolve(actor: Actor, data: Mapping[str, Any], *, unit_ids: frozenset[int] | None) -> Resolved:
    """The rows that the facts name; `unit_ids` is where the actor may register, None for everywhere.

    A household or place also gives the unit where none is named. Raises InvalidInput for what does not
    exist or is not the actor's to see: both read the same.
    """
    household = _one(Household, actor, data, "household", unit_ids)
    customer = _one(Customer, actor, data, "customer", unit_ids)
    place = _place(actor, data, "place", unit_ids)
    equipment = _place(actor, data, "equipment", unit_ids)
    if place is None and household is not None:
        place = household.room
    unit = _unit(actor, data.get("unit"), unit_ids, household, place, equipment, customer)
    return Resolved(unit=unit, customer=customer, household=household, place=place, equipment=equipment)


def _one(
    model: Any, actor: Actor, data: Mapping[str, Any], field: str, unit_ids: frozenset[int] | None
) -> Any:
    value = data.get(field)
    if value in (None, ""):
        return None
    key = _uuid(value)
    rows = model.objects.filter(company_id=actor.company_id)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    if model is Household:
        rows = rows.select_related("room")
    found = rows.filter(uuid=key).first() if key else None
    if found is None:
        raise InvalidInput(_("没有找到这位业主或这一户。"), fields={field: _("没有找到")})
    return found


def _place(
    actor: Actor, data: Mapping[str, Any], field: str, unit_ids: frozenset[int] | None
) -> Place | None:
    """By uuid, by code, or a room as people write it; where several sites have it, the named unit's."""
    value = data.get(field)
    if value in (None, ""):
        return None
    rows = Place.objects.filter(company_id=actor.company_id)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    if key := _uuid(value):
        found = list(rows.filter(uuid=key))
    else:
        found = list(rows.filter(code=str(value))[:MANY]) or _written_room(rows, str(value))
    if len(found) > 1 and data.get("unit"):
        found = [one for one in found if one.unit.code == str(data["unit"])]
    if not found:
        raise InvalidInput(_("没有找到这个位置。"), fields={field: _("没有找到")})
    if len(found) > 1:
        raise InvalidInput(_("不止一个地方有这个位置。"), fields={field: _("请写明是哪个管理处的")})
    return found[0]


def _written_room(rows: QuerySet[Place], text: str) -> list[Place]:
    """`3栋2单元501` is 3-2-501; words before it are the name of the estate."""
    room = parse_room(text)
    if room is None or room.open_end:
        return []
    rooms = rows.filter(kind=PlaceKind.ROOM, code=room.code, closed_on__isnull=True)
    if room.hint:
        rooms = rooms.filter(full_name__startswith=room.hint)
    return list(rooms[:MANY])


def settle(facts: dict[str, Any], resolved: Resolved) -> None:
    """The names of rows as codes of ours: what was written for them is found again by nobody."""
    facts["unit"] = resolved.unit.code
    for field, place in (("place", resolved.place), ("equipment", resolved.equipment)):
        if place is not None and facts.get(field) not in (None, "", str(place.uuid)):
            facts[field] = place.code or str(place.uuid)


def _unit(actor: Actor, value: Any, unit_ids: frozenset[int] | None, *from_rows: Any) -> Unit:
    rows = Unit.objects.filter(company_id=actor.company_id, active=True)
    if unit_ids is not None:
        rows = rows.filter(pk__in=unit_ids)
    found: Unit | None
    if value not in (None, ""):
        found = rows.filter(code=str(value)).first()
    else:
        unit_id = next((row.unit_id for row in from_rows if row is not None), None)
        found = rows.filter(pk=unit_id).first() if unit_id else _home(actor, rows)
    if found is None:
        raise InvalidInput(_("请选择是哪个管理处的事。"), fields={"unit": _("没有找到")})
    return found


def _home(actor: Actor, rows: Any) -> Unit | None:
    """The unit the actor works in, where nothing else tells."""
    for held in actor.held:
        if found := rows.filter(pk=held.unit_id).first():
            return found  # type: ignore[no-any-return]
    return None
