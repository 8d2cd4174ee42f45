"""How far an administrator goes: what he may manage, and what he may give to others.

Nobody gives more than he has. An administrator of a subtree manages what lies wholly inside it; whoever
administers the root gives any post of the company.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Holding, Person, Post, Shift, StandIn, Unit
from huiyin.organization.selectors import current_holdings, subtree_ids

# Beyond daily work: an administrator of a part gives these only where he has them himself.
ELEVATED = frozenset(
    {Capability.ADMIN, Capability.AUDIT, Capability.PROCEDURES, Capability.PUBLISH, Capability.IMPORT}
)


def administers_company(actor: Actor) -> bool:
    return actor.may(Capability.ADMIN, actor.company_id)


def require_unit(actor: Actor, unit: Unit) -> None:
    """The unit is inside what this actor administers; otherwise it does not exist for him."""
    if unit.company_id != actor.company_id or not actor.may(Capability.ADMIN, unit.pk):
        raise NotFound(_("没有这个部门。"))


def require_company(actor: Actor) -> None:
    if not administers_company(actor):
        raise Forbidden(_("只有全公司的管理员可以这样做。"))


def reach(post: Post, unit: Unit) -> frozenset[int]:
    """The units that holding this post in this unit opens."""
    if post.whole_company:
        return subtree_ids(Unit(pk=unit.company_id))
    return subtree_ids(unit)


def _within(actor: Actor, units: Iterable[int]) -> bool:
    return all(actor.may(Capability.ADMIN, unit) for unit in units)


def administers(actor: Actor, post: Post, unit: Unit) -> bool:
    """Whether everything that this post in this unit opens lies inside what the actor administers."""
    return unit.company_id == actor.company_id and _within(actor, reach(post, unit))


def may_grant(actor: Actor, post: Post, unit: Unit, may: Collection[str] | None = None) -> bool:
    """Whether the actor may put somebody into this post in this unit (with these of its capabilities)."""
    if post.company_id != actor.company_id or not administers(actor, post, unit):
        return False
    wanted = set(post.may if may is None else may)
    return administers_company(actor) or all(actor.may(one, unit.pk) for one in wanted & ELEVATED)


def require_may_grant(actor: Actor, post: Post, unit: Unit, may: Collection[str] | None = None) -> None:
    require_unit(actor, unit)
    if not may_grant(actor, post, unit, may):
        raise Forbidden(_("岗位“%(post)s”的权限超出您能授予的范围。") % {"post": post.name})


def may_roster(actor: Actor, post: Post, unit: Unit) -> bool:
    """Administrators; and whoever assigns work there, for posts below his own or that can do no more."""
    if post.company_id != actor.company_id or unit.company_id != actor.company_id:
        return False
    if may_grant(actor, post, unit):
        return True
    if post.whole_company or not actor.may(Capability.ASSIGN, unit.pk):
        return False
    beyond = {one for one in post.may if not actor.may(one, unit.pk)}
    superiors = {one.post for one in actor.posts_at(unit.pk)}
    return not beyond or (not beyond & ELEVATED and _is_below(post, superiors))


def _is_below(post: Post, superiors: Collection[str]) -> bool:
    """Whether the post reports, directly or through others, to one of these."""
    above = dict(Post.objects.filter(company_id=post.company_id).values_list("code", "reports_to"))
    code, seen = post.reports_to, set[str]()
    while code and code not in seen:
        if code in superiors:
            return True
        seen.add(code)
        code = above.get(code, "")
    return False


def may_see_person(actor: Actor, person: Person) -> bool:
    if person.company_id != actor.company_id:
        return False
    if administers_company(actor):
        return True
    scope = actor.unit_ids(Capability.ADMIN)
    return person.unit_id in scope or _unfinished(person).filter(unit__in=scope).exists()


def may_manage(actor: Actor, person: Person) -> bool:
    """Whether everything the person holds, now or later, lies inside what the actor administers.

    Otherwise an administrator of one site could take over the general manager's account.
    """
    if person.company_id != actor.company_id:
        return False
    if administers_company(actor):
        return True
    if person.unit_id is None or not actor.may(Capability.ADMIN, person.unit_id):
        return False
    stands_in = StandIn.objects.filter(person=person, until__gte=clock.today()).values("holding")
    held = Holding.objects.filter(Q(pk__in=_unfinished(person)) | Q(pk__in=stands_in))
    shifts = Shift.objects.filter(person=person, ends__gt=clock.now()).select_related("post", "unit")
    powers = {(one.post, one.unit) for one in held.select_related("post", "unit")}
    powers |= {(one.post, one.unit) for one in shifts}
    return all(may_grant(actor, post, unit) for post, unit in powers)


def require_manageable(actor: Actor, person: Person) -> None:
    if not may_see_person(actor, person):
        raise NotFound(_("没有这个人。"))
    if not may_manage(actor, person):
        raise Forbidden(_("%(name)s的岗位超出您的管理范围，请找全公司的管理员。") % {"name": person.name})


def _unfinished(person: Person) -> QuerySet[Holding]:
    return Holding.objects.filter(Q(until__isnull=True) | Q(until__gte=clock.today()), person=person)


def company_administrators(company_id: int) -> set[int]:
    """People who can administer the whole company today."""
    holdings = current_holdings(clock.today()).filter(company_id=company_id, person__is_active=True)
    return {
        holding.person_id
        for holding in holdings.select_related("post")
        if Capability.ADMIN in holding.post.may
        and (holding.post.whole_company or holding.unit_id == company_id)
    }


@contextmanager
def keeping_an_administrator(actor: Actor) -> Iterator[None]:
    """Refuse what would leave a company without anybody to administer it."""
    had_one = bool(company_administrators(actor.company_id))
    yield
    if had_one and not company_administrators(actor.company_id):
        raise Conflict(_("这样公司就没有系统管理员了，请先让另一个人担任。"), code="last_administrator")
