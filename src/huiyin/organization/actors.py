"""Who acts: a person in a post, a program with a token, or the system itself.

Every service takes an `Actor`. Scope is asked of it and of nothing else: `unit_ids(capability)` is the set
of units whose objects this actor may see or change with that capability; it is empty where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from huiyin.core.errors import Forbidden
from huiyin.organization.models import Capability

if TYPE_CHECKING:
    from huiyin.organization.models import Person


@dataclass(frozen=True, slots=True)
class Held:
    """One post that the actor holds now, himself or for an absent person."""

    post: str
    post_name: str
    unit_id: int
    unit_name: str
    may: frozenset[str]
    scope: frozenset[int]
    standing_in_for: str = ""
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """`held` in the order of preference: the post that is worked in first."""

    company_id: int
    name: str
    held: tuple[Held, ...] = ()
    person: Person | None = None
    token_id: int | None = None
    system: bool = False
    _scopes: dict[str, frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def reference(self) -> str:
        """Stable name in the journal: `person:12`, `token:3`, `system`."""
        if self.person is not None:
            return f"person:{self.person.pk}"
        return f"token:{self.token_id}" if self.token_id else "system"

    @property
    def person_id(self) -> int | None:
        return self.person.pk if self.person is not None else None

    def may(self, capability: Capability | str, unit_id: int | None = None) -> bool:
        if self.system:
            return True
        scope = self.unit_ids(capability)
        return bool(scope) if unit_id is None else unit_id in scope

    def unit_ids(self, capability: Capability | str) -> frozenset[int]:
        """Units in which the actor has the capability. Empty for the system: it never lists for itself."""
        key = str(capability)
        if key not in self._scopes:
            found: set[int] = set()
            for held in self.held:
                if key in held.may:
                    found |= held.scope
            self._scopes[key] = frozenset(found)
        return self._scopes[key]

    def require(self, capability: Capability | str, unit_id: int | None = None) -> None:
        """Raises Forbidden where the actor lacks the capability (in that unit)."""
        if not self.may(capability, unit_id):
            raise Forbidden(_("您的岗位没有这项权限。"), capability=str(capability))

    def posts_at(self, unit_id: int) -> tuple[Held, ...]:
        """The posts through which this actor reaches that unit, preferred first."""
        return tuple(held for held in self.held if unit_id in held.scope)

    def post_at(self, unit_id: int, *, among: Iterable[str] | None = None) -> str | None:
        """The post to act in for a matter of that unit; of those named in `among` where given."""
        wanted = None if among is None else set(among)
        for held in self.posts_at(unit_id):
            if wanted is None or held.post in wanted:
                return held.post
        return None


def system_actor(company_id: int) -> Actor:
    """The system itself: ticking, import, catching up."""
    return Actor(company_id=company_id, name=_("系统"), system=True)
