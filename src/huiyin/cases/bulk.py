"""One decision over several cases: giving them to somebody, each through the procedure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.selectors import visible_cases
from huiyin.cases.verbs import assign_case
from huiyin.core import clock
from huiyin.core.errors import HuiyinError, InvalidInput
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Holding, Person, Unit
from huiyin.organization.selectors import current_holdings

MOST = 200


@dataclass(frozen=True, slots=True)
class Assigned:
    """`refused` pairs the number of a case with why it was not given away."""

    done: list[str]
    refused: list[tuple[str, str]]


def assignable_people(actor: Actor) -> list[Person]:
    """Who may be given cases where the actor assigns: those holding a post that handles there."""
    holdings: Iterable[Holding] = (
        current_holdings(clock.today())
        .filter(
            company_id=actor.company_id,
            unit_id__in=actor.unit_ids(Capability.ASSIGN),
            person__is_active=True,
        )
        .select_related("person", "post")
    )
    found = {one.person_id: one.person for one in holdings if Capability.HANDLE in one.post.may}
    return sorted(found.values(), key=lambda person: (person.unit_id or 0, person.name))


def assignable_units(actor: Actor) -> list[Unit]:
    return list(Unit.objects.filter(pk__in=actor.unit_ids(Capability.ASSIGN), active=True))


def assign_many(*, actor: Actor, uuids: Iterable[str], person: str = "", unit: str = "") -> Assigned:
    """Give cases to a person or a unit. What the procedure refuses for one does not hold up the others."""
    actor.require(Capability.ASSIGN)
    wanted = list(dict.fromkeys(uuids))
    if not wanted:
        raise InvalidInput(_("请先勾选要派的工单。"))
    if len(wanted) > MOST:
        raise InvalidInput(_("一次最多派 %(most)d 张。") % {"most": MOST})
    if not person and not unit:
        raise InvalidInput(_("请选择派给谁。"), fields={"person": _("必选")})
    if person and person not in {one.username for one in assignable_people(actor)}:
        raise InvalidInput(_("不能派给这个人。"), fields={"person": _("请从列表里选")})
    done, refused = [], []
    for case in _in_order(actor, wanted):
        try:
            assign_case(actor=actor, case=case, person=person, to_unit=unit)
        except HuiyinError as error:
            refused.append((case.number, error.message))
        else:
            done.append(case.number)
    return Assigned(done, refused)


def _in_order(actor: Actor, uuids: list[str]) -> list[Case]:
    return list(visible_cases(actor).filter(uuid__in=uuids).order_by("id"))
