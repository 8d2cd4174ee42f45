"""How far an actor reaches a case: through its unit, the unit it was given to, or being its handler."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.core.errors import Forbidden
from huiyin.organization.actors import Actor, Held
from huiyin.organization.models import Capability


def posts_for(actor: Actor, case: Case, through: int | None = None) -> tuple[Held, ...]:
    """The posts in which the actor reaches the case, preferred first; all of them where he is its handler.

    `through` is another unit that takes part, such as the one a slip was sent to.
    """
    units = {case.unit_id, case.assigned_unit_id, through}
    handler = case.handler_id is not None and case.handler_id == actor.person_id
    return tuple(held for held in actor.held if handler or units & held.scope)


def may(actor: Actor, capability: Capability | str, case: Case, through: int | None = None) -> bool:
    """Whether one of those posts has the capability. Who took the case in may always look and add a note."""
    if actor.system or any(str(capability) in held.may for held in posts_for(actor, case, through)):
        return True
    first = case.first_receiver_id is not None and case.first_receiver_id == actor.person_id
    return first and str(capability) == Capability.VIEW


def require(actor: Actor, capability: Capability | str, case: Case, through: int | None = None) -> None:
    """Raises Forbidden where the actor lacks the capability for this case."""
    if not may(actor, capability, case, through):
        raise Forbidden(_("您的岗位没有这项权限。"), capability=str(capability))
