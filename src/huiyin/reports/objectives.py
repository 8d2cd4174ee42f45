"""What the company aims at for its rates."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.reports.models import Objective

RATES = ("in_time", "satisfaction")


def objectives_for(company_id: int, month: int) -> dict[str, float]:
    """rate -> percent that holds in that month."""
    rows = Objective.objects.filter(company_id=company_id, since__lte=month).order_by("since")
    return {row.rate: float(row.percent) for row in rows}


def set_objective(*, actor: Actor, rate: str, since: int, percent: Decimal) -> Objective:
    """Aim at so many percent from a month on; the trend shows it as a line."""
    actor.require(Capability.PUBLISH)
    if rate not in RATES or not 0 < percent <= 100:
        raise InvalidInput(_("目标要在 0 到 100 之间。"), fields={"percent": _("请填 0 到 100 之间的数")})
    with transaction.atomic():
        row, _made = Objective.objects.update_or_create(
            company_id=actor.company_id, rate=rate, since=since, defaults={"percent": percent}
        )
        record_action(
            actor=actor,
            subject_kind="objective",
            subject_id=rate,
            name="objective_set",
            data={"rate": rate, "since": since, "percent": str(percent)},
        )
    return row
