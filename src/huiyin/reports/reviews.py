"""The weekly look of a department's head through its records and slips, on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.cases.models import Case, CaseEvent
from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.selectors import subtree_ids
from huiyin.reports.duties import holds, review_duty
from huiyin.reports.models import WeeklyReview
from huiyin.reports.names import Names
from huiyin.reports.periods import midnight, monday

SUBJECT = "weekly_review"
WEEKS_SHOWN = 13


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a unit: its Monday, and its review where there is one."""

    monday: date
    review: WeeklyReview | None

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def code(self) -> str:
        return self.monday.isoformat()

    @property
    def missing(self) -> bool:
        """Over, and nobody has signed."""
        return self.review is None and self.sunday < clock.today()


def week_cases(unit: Unit, week: date) -> QuerySet[Case]:
    """The cases of a department in which something happened that week, and those it was given."""
    ids = subtree_ids(unit)
    start, end = midnight(week), midnight(week + timedelta(days=7))
    active = CaseEvent.objects.filter(at__gte=start, at__lt=end).values("case_id")
    mine = Q(unit_id__in=ids) | Q(assigned_unit_id__in=ids)
    return Case.objects.filter(mine, company_id=unit.company_id, pk__in=active).order_by(
        "registered_at", "pk"
    )


def week_slips(unit: Unit, week: date) -> QuerySet[CaseEvent]:
    """The slips issued that week, from cases of the department or to it."""
    ids = subtree_ids(unit)
    codes = list(Unit.objects.filter(pk__in=ids).values_list("code", flat=True))
    start, end = midnight(week), midnight(week + timedelta(days=7))
    rows = CaseEvent.objects.filter(company_id=unit.company_id, name="slip_issued", at__gte=start, at__lt=end)
    mine = Q(case__unit_id__in=ids) | Q(case__assigned_unit_id__in=ids) | Q(data__to_unit__in=codes)
    return rows.filter(mine).select_related("case")


def weeks_of(unit: Unit) -> list[Week]:
    """The latest weeks, newest first, back to the unit's first case at most."""
    this = monday(clock.today())
    reviews = {one.week: one for one in WeeklyReview.objects.filter(unit=unit, week__lte=this)}
    ids = subtree_ids(unit)
    first = (
        Case.objects.filter(unit_id__in=ids)
        .order_by("recorded_at")
        .values_list("recorded_at", flat=True)
        .first()
    )
    begin = monday(first.date()) if first else this
    found = []
    for back in range(WEEKS_SHOWN):
        week = this - timedelta(weeks=back)
        if week < begin:
            break
        found.append(Week(week, reviews.get(week)))
    return found


def sign_review(*, actor: Actor, unit: Unit, week: date, remark: str = "") -> WeeklyReview:
    """Put on record that the week's records and slips were looked through, by the head of the department."""
    actor.require(Capability.REPORT, unit.pk)
    duty = review_duty(Names(actor).rules)
    post = duty.owner if duty else (actor.post_at(unit.pk) or "")
    if duty is not None and not holds(actor, duty.owner, unit.pk):
        raise Forbidden(_("每周审阅由部门负责人签署。"), post=duty.owner)
    if week.weekday() != 0 or week > clock.today():
        raise InvalidInput(_("请选择一个已经开始的星期。"), fields={"week": _("应是已过去的星期一")})
    cases = list(week_cases(unit, week).values_list("pk", flat=True))
    slips = [str(row.data.get("slip", "")) for row in week_slips(unit, week)]
    try:
        with transaction.atomic():
            review = WeeklyReview.objects.create(
                company_id=actor.company_id,
                unit=unit,
                week=week,
                cases=cases,
                slips=slips,
                remark=remark.strip(),
                post=post,
                by=actor.name,
                person=actor.person,
                at=clock.now(),
            )
            record_action(
                actor=actor,
                subject_kind=SUBJECT,
                subject_id=str(review.uuid),
                name="week_reviewed",
                data={
                    "unit": unit.code,
                    "week": week.isoformat(),
                    "cases": cases,
                    "slips": slips,
                    "post": post,
                    "clause": duty.clause if duty else "",
                },
                texts={"remark": remark.strip()} if remark.strip() else {},
            )
    except IntegrityError as error:
        raise Conflict(_("这一周已经审阅过了。"), code="already_reviewed") from error
    return review
