"""What a household's card says of its cases: what is open, what was complained of before, how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.listing import with_names
from huiyin.cases.models import Case
from huiyin.cases.rows import Row, row_of
from huiyin.cases.selectors import visible_cases
from huiyin.core.ids import new_uuid
from huiyin.customers.hooks import CardSection, CardSubject
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

OPEN = 6
EARLIER = 4


@dataclass(frozen=True, slots=True)
class Past:
    """A closed case and how it ended, in words."""

    row: Row
    ending: str


def ending_of(case: Case) -> str:
    """Satisfied, approved closure, invalid … what somebody on the phone wants to know first."""
    if case.state != "closed":
        return labels.state_label(case.state)
    if case.approved_closure:
        return _("特批结案")
    if case.follow_up_outcome:
        return _("回访%(outcome)s") % {"outcome": labels.label(labels.OUTCOMES, case.follow_up_outcome)}
    return labels.state_label(case.state)


def _theirs(actor: Actor, subject: CardSubject) -> QuerySet[Case]:
    about = Q(pk__in=[])
    if subject.household is not None:
        about |= Q(household=subject.household)
    elif subject.place is not None:
        about |= Q(place=subject.place) | Q(equipment=subject.place)
    else:
        about |= Q(customer__in=[one.pk for one in subject.customers])
    return visible_cases(actor).filter(about)


def case_section(actor: Actor, subject: CardSubject) -> CardSection | None:
    """Registered with the customers' card."""
    if not actor.may(Capability.VIEW) and not actor.may(Capability.REGISTER):
        return None
    theirs = _theirs(actor, subject)
    opened = [row_of(case) for case in with_names(theirs.filter(open=True)).order_by("-id")[:OPEN]]
    closed = list(with_names(theirs.filter(open=False)).order_by("-registered_at", "-id")[: EARLIER + 20])
    return CardSection(
        name="cases",
        title=_("来往记录"),
        template="cases/card_section.html",
        context={
            "open": sorted(opened, key=lambda row: (row.due is None, row.due or row.registered_at)),
            "earlier": [Past(row_of(case), ending_of(case)) for case in closed[:EARLIER]],
            "more": len(closed) - EARLIER if len(closed) > EARLIER else 0,
            "may_chase": actor.may(Capability.REGISTER),
            "uuids": {row.uuid: str(new_uuid()) for row in opened},
        },
    )
