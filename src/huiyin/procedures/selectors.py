"""Which edition runs, compiled once for each process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.engine import Calendar, Pack, Procedure, build_calendar, compile_pack
from huiyin.organization.actors import Actor
from huiyin.procedures.models import Edition, EditionState

RUNNING = (EditionState.EFFECTIVE, EditionState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Rules:
    """An edition ready to run."""

    pack: Pack
    procedure: Procedure
    calendar: Calendar


# By the digest of the content: the same pack is compiled once however many editions hold it.
_compiled: dict[str, Rules] = {}
KEPT = 64


def rules_of(edition: Edition) -> Rules:
    """The compiled edition."""
    found = _compiled.get(edition.digest)
    if found is None:
        pack = Pack.model_validate(edition.pack)
        procedure = compile_pack(pack)
        found = Rules(pack=pack, procedure=procedure, calendar=build_calendar(procedure))
        while len(_compiled) >= KEPT:
            _compiled.pop(next(iter(_compiled)), None)
        _compiled[edition.digest] = found
    return found


def edition_for(*, company_id: int, kind: str, at: datetime) -> Edition:
    """The edition in force at that moment whose pack handles this kind of case.

    A case older than the first edition takes the first. Raises InvalidInput where no procedure has the kind.
    """
    return edition_among(running_editions(company_id), kind=kind, at=at)


def edition_among(editions: Sequence[Edition], *, kind: str, at: datetime) -> Edition:
    """The same among editions that were read already, in the order of `running_editions`."""
    day = timezone.localtime(at).date()
    found: Edition | None = None
    for edition in editions:
        if kind and kind not in rules_of(edition).procedure.kinds:
            continue
        if found is None or edition.effective_from <= day:
            found = edition
    if found is None:
        raise InvalidInput(_("没有程序文件规定这类事项。"), fields={"kind": _("请选择类型")})
    return found


def running_editions(company_id: int) -> list[Edition]:
    """The editions that run or ran, the oldest first."""
    return list(
        Edition.objects.filter(company_id=company_id, state__in=RUNNING)
        .order_by("effective_from", "id")
        .defer("pack", "forms")
    )


def current_rules(actor: Actor, *, at: datetime | None = None) -> Rules:
    """The rules of the edition in force for the actor's company, for pages that need names and lists.

    Raises NotFound where the company has no procedure yet.
    """
    editions = [one for one in running_editions(actor.company_id) if one.state == EditionState.EFFECTIVE]
    day = timezone.localtime(at or clock.now()).date()
    in_force = [one for one in editions if one.effective_from <= day] or editions
    if not in_force:
        raise NotFound(_("公司还没有安装程序文件。"))
    return rules_of(in_force[-1])


def name_edition(company_id: int, subject: str) -> tuple[str, str]:
    """What the journal calls an edition, and its page."""
    editions = Edition.objects.filter(company_id=company_id, pk=int(subject) if subject.isdecimal() else 0)
    found = editions.select_related("procedure").defer("pack", "forms").first()
    if found is None:
        return subject, ""
    return f"{found.procedure.title} {found.label}", reverse("procedures:edition", args=[found.pk])
