"""Reading the journal, as an auditor does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.errors import Forbidden, NotFound
from huiyin.journal.models import Check, Entry, Seal
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

PAGE = 50


def require_auditor(actor: Actor) -> None:
    """Entries belong to no unit, so the journal is for who audits the whole company."""
    if not actor.may(Capability.AUDIT, actor.company_id):
        raise Forbidden(_("只有全公司的审核岗位可以查看日志。"), capability=str(Capability.AUDIT))


def entries_page(
    actor: Actor, wanted: Mapping[str, Any], after: int | None = None
) -> tuple[Sequence[Entry], int | None]:
    """A page of entries, newest first, and the key of the next page."""
    require_auditor(actor)
    found = _filtered(actor, wanted)
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found.select_related("chain").order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def _filtered(actor: Actor, wanted: Mapping[str, Any]) -> QuerySet[Entry]:
    found = Entry.objects.filter(company_id=actor.company_id)
    if kind := wanted.get("kind"):
        found = found.filter(chain__subject_kind=kind)
    if subject := wanted.get("subject"):
        found = found.filter(chain__subject_id=subject)
    if clause := wanted.get("clause"):
        found = found.filter(clause=clause)
    if since := wanted.get("since"):
        found = found.filter(at__gte=_midnight(since))
    if until := wanted.get("until"):
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def entry(actor: Actor, number: int) -> Entry:
    require_auditor(actor)
    found = Entry.objects.filter(company_id=actor.company_id, pk=number)
    one = found.select_related("chain").prefetch_related("texts").first()
    if one is None:
        raise NotFound(_("没有这条记录。"))
    return one


def seals_page(actor: Actor, after: int | None = None) -> tuple[Sequence[Seal], int | None]:
    """Seals are of the whole installation: they hold digests and counts, nothing about anybody."""
    require_auditor(actor)
    found = Seal.objects.order_by("-number")
    if after:
        found = found.filter(number__lt=after)
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].number if len(rows) > PAGE else None


def seal_by_number(actor: Actor, number: int) -> Seal:
    require_auditor(actor)
    found = Seal.objects.filter(number=number).first()
    if found is None:
        raise NotFound(_("没有这次封存。"))
    return found


def check_by_number(actor: Actor, number: int) -> Check:
    require_auditor(actor)
    found = Check.objects.filter(company_id=actor.company_id, pk=number).first()
    if found is None:
        raise NotFound(_("没有这次核验。"))
    return found


def last_check(actor: Actor) -> Check | None:
    require_auditor(actor)
    return Check.objects.filter(company_id=actor.company_id).order_by("-pk").first()
