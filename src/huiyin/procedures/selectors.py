"""Which edition runs, compiled once for each process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.engine import Calendar, Pack, Procedure, build_calendar, compile_pack
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit
from huiyin.procedures.calendars import table_of
from huiyin.procedures.models import Edition, EditionState
from huiyin.procedures.models import Procedure as Controlled

COMING = (EditionState.EFFECTIVE, EditionState.APPROVED)
"""In force, or to be so on their day without anybody's further act."""
RUNNING = (*COMING, EditionState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Rules:
    """An edition ready to run."""

    pack: Pack
    procedure: Procedure
    calendar: Calendar


# By the digests of content and calendar: the same pack is compiled once however many editions hold it.
_compiled: dict[str, Rules] = {}
KEPT = 64


def rules_of(edition: Edition) -> Rules:
    """The compiled edition, with the working days of its company."""
    key = edition.digest + edition.calendar
    found = _compiled.get(key)
    if found is None:
        found = _compile(edition)
        while len(_compiled) >= KEPT:
            _compiled.pop(next(iter(_compiled)), None)
        _compiled[key] = found
    return found


def _compile(edition: Edition) -> Rules:
    if not edition.calendar:
        pack = Pack.model_validate(edition.pack)
        procedure = compile_pack(pack)
        return Rules(pack=pack, procedure=procedure, calendar=build_calendar(procedure))
    plain = _compiled.get(edition.digest)
    pack = plain.pack if plain else Pack.model_validate(edition.pack)
    procedure = plain.procedure if plain else compile_pack(pack)
    return Rules(pack, procedure, build_calendar(procedure, table_of(edition.company_id)))


def edition_for(*, company_id: int, kind: str, at: datetime, unit: Unit | None = None) -> Edition:
    """The edition in force at that moment of the procedure that handles this kind of case at this unit.

    A case older than the first edition takes the first. Raises InvalidInput where no procedure has the kind.
    """
    return edition_among(running_editions(company_id), kind=kind, at=at, unit=unit)


def edition_among(
    editions: Sequence[Edition], *, kind: str, at: datetime, unit: Unit | None = None
) -> Edition:
    """The same among editions that were read already, in the order of `running_editions`.

    Of several procedures the one laid down for the nearest unit wins, then one that names the kind.
    """
    day = timezone.localtime(at).date()
    path = _path(editions, unit)
    ranks = {one.pk: _rank(one.procedure, kind, path) for one in editions}
    fitting = [
        one
        for one in editions
        if ranks[one.pk] is not None and (not kind or kind in rules_of(one).procedure.kinds)
    ]
    if not fitting:
        raise InvalidInput(_("没有程序文件规定这类事项。"), fields={"kind": _("请选择类型")})
    in_force = [one for one in fitting if one.effective_from <= day]
    # the last of the best: editions come in the order of their days
    return max(reversed(in_force), key=lambda one: ranks[one.pk] or (0, False)) if in_force else fitting[0]


def _path(editions: Sequence[Edition], unit: Unit | None) -> dict[int, int]:
    """The unit and those above it, each with its depth; empty where no procedure is laid down for units."""
    if unit is None or not any(edition.procedure.units for edition in editions):
        return {}
    above = list(unit.ancestors(include_self=True).values_list("pk", flat=True))
    return {pk: depth for depth, pk in enumerate(above, 1)}


def _rank(procedure: Controlled, kind: str, path: Mapping[int, int]) -> tuple[int, bool] | None:
    """How closely a procedure is about a kind at a unit; None where it is not."""
    if kind and procedure.kinds and kind not in procedure.kinds:
        return None
    depths = [path[pk] for pk in procedure.units if pk in path]
    if procedure.units and not depths:
        return None
    return max(depths, default=0), bool(procedure.kinds)


def running_editions(company_id: int) -> list[Edition]:
    """The editions that run or ran or are about to, the oldest first."""
    return list(
        Edition.objects.filter(company_id=company_id, state__in=RUNNING)
        .select_related("procedure")
        .order_by("effective_from", "id")
        .defer("pack", "forms")
    )


def current_rules(actor: Actor, *, at: datetime | None = None) -> Rules:
    """The rules of the edition in force where the actor works, for pages that need names and lists.

    Raises NotFound where the company has no procedure yet.
    """
    editions = [one for one in running_editions(actor.company_id) if one.state in COMING]
    if not editions:
        raise NotFound(_("公司还没有安装程序文件。"))
    several = any(one.procedure.units for one in editions)
    unit = Unit.objects.filter(pk=actor.held[0].unit_id).first() if several and actor.held else None
    return rules_of(edition_among(editions, kind="", at=at or clock.now(), unit=unit))


def serves_firms(company_id: int) -> bool:
    """Whether every procedure in force is for customers that are firms: no premises, no owners of rooms."""
    editions = Edition.objects.filter(company_id=company_id, state__in=COMING).defer("pack", "forms")
    found = [rules_of(edition).pack.procedure.serves for edition in editions]
    return bool(found) and set(found) == {"firms"}


def name_edition(company_id: int, subject: str) -> tuple[str, str]:
    """What the journal calls an edition, and its page."""
    editions = Edition.objects.filter(company_id=company_id, pk=int(subject) if subject.isdecimal() else 0)
    found = editions.select_related("procedure").defer("pack", "forms").first()
    if found is None:
        return subject, ""
    return f"{found.procedure.title} {found.label}", reverse("procedures:edition", args=[found.pk])
