"""What nobody acknowledged goes up the line of report, step by step, until somebody does."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.notify.models import Notification
from huiyin.notify.telling import Matter, tell_post
from huiyin.organization.selectors import superior_post


def climb(now: datetime, *, limit: int = 500) -> int:
    """Tell the superior post of what nobody acknowledged in time; returns how many climbed."""
    due = Notification.objects.filter(climbs_at__lte=now).order_by("climbs_at").values_list("pk", flat=True)
    return sum(_climb_one(pk, now) for pk in list(due[:limit]))


@transaction.atomic
def _climb_one(pk: int, now: datetime) -> bool:
    rows = Notification.objects.select_for_update(of=("self",)).select_related("case__unit", "case__edition")
    one = rows.filter(pk=pk, climbs_at__lte=now).first()
    if one is None or one.case is None:
        return False
    one.climbs_at = None
    one.save(update_fields=["climbs_at"])
    matter = Matter(key=one.matter, what=one.what, at=one.at, params=one.params, clause=one.clause)
    post = one.post
    asked = {post}
    # a post that nobody holds, or whose holders know already, is passed over
    while (post := superior_post(company_id=one.company_id, post=post)) and post not in asked:
        asked.add(post)
        if Notification.objects.filter(matter=one.matter, post=post).exists():
            return False
        if tell_post(case=one.case, matter=matter, post=post):
            return True
    return False
