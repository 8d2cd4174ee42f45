"""A person's statement that a clause was followed, for what the system does not run."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.cases.evidence import units_of
from huiyin.core import clock
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.evidence.models import Statement
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.procedures.hooks import Asked, ClauseSection
from huiyin.procedures.models import Edition
from huiyin.procedures.selectors import rules_of


def state_clause(
    *, actor: Actor, edition: Edition, clause: str, unit: Unit, since: date, until: date, text: str
) -> Statement:
    """Put on record how a clause was followed at a unit on these days. For those who report on the unit."""
    actor.require(Capability.REPORT, unit.pk)
    if not any(one.id == clause for one in rules_of(edition).pack.clause):
        raise NotFound(_("没有这一条款。"))
    if not text.strip():
        raise InvalidInput(_("请写明怎样执行的、记录在哪里。"), fields={"text": _("必填")})
    if since > until or until > clock.today():
        raise InvalidInput(_("日期不对。"), fields={"until": _("不早于起始日期，不晚于今天")})
    with transaction.atomic():
        made = Statement.objects.create(
            company_id=actor.company_id,
            procedure_id=edition.procedure_id,
            clause=clause,
            unit=unit,
            since=since,
            until=until,
            text=text.strip()[:1000],
            person=actor.person,
            name=actor.name,
            post=actor.post_at(unit.pk) or "",
            at=clock.now(),
        )
        record_action(
            actor=actor,
            subject_kind="clause",
            subject_id=f"{edition.procedure.code} {clause}"[:64],
            name="clause_stated",
            data={"unit": unit.code, "since": since.isoformat(), "until": until.isoformat()},
            texts={"text": made.text},
        )
    return made


def statements(procedure: int | None, units: frozenset[int], since: date, until: date) -> QuerySet[Statement]:
    """What was stated about these days, the latest first."""
    rows = Statement.objects.filter(unit_id__in=units, since__lte=until, until__gte=since)
    return rows.filter(procedure_id=procedure) if procedure is not None else rows


def statement_section(actor: Actor, asked: Asked) -> ClauseSection | None:
    """Registered with the page of a clause."""
    units = units_of(actor, asked.units)
    rows = statements(asked.procedure, units, asked.since, asked.until).filter(clause=asked.clause)
    may = actor.unit_ids(Capability.REPORT)
    context = {
        "rows": rows.select_related("unit")[:50],
        "may_state": bool(may),
        "units": Unit.objects.filter(pk__in=may, active=True).with_tree_fields(),
        "asked": asked,
    }
    return ClauseSection("evidence/_statements.html", context)
