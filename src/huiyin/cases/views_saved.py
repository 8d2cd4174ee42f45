"""Choices of filters that a person keeps under a name."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from huiyin.cases.filters import Filters
from huiyin.cases.models import SavedView
from huiyin.core.errors import Forbidden, InvalidInput, NotFound
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor

MOST = 30


def saved_views(actor: Actor) -> list[SavedView]:
    if actor.person is None:
        return []
    return list(SavedView.objects.filter(company_id=actor.company_id, person=actor.person))


@transaction.atomic
def save_view(*, actor: Actor, name: str, query: str) -> SavedView:
    """Keep the choice in `query` under a name; a name used before now stands for this one."""
    if actor.person is None:
        raise Forbidden(_("登录后才能保存视图。"))
    name = name.strip()[:60]
    if not name:
        raise InvalidInput(_("请给这个视图起个名字。"), fields={"name": _("必填")})
    kept = Filters.from_query(QueryDict(query)).query().urlencode()
    if len(kept) > 1000:
        raise InvalidInput(_("条件太多，存不下。请减少一些。"))
    others = SavedView.objects.filter(person=actor.person).exclude(name=name).count()
    if others >= MOST:
        raise InvalidInput(_("最多保存 %(most)d 个视图，请先删掉不用的。") % {"most": MOST})
    view, _created = SavedView.objects.update_or_create(
        person=actor.person, name=name, defaults={"company_id": actor.company_id, "query": kept}
    )
    record_action(
        actor=actor,
        subject_kind="person",
        subject_id=actor.person.pk,
        name="view_saved",
        data={"view": view.pk},
    )
    return view


@transaction.atomic
def delete_view(*, actor: Actor, name: str) -> None:
    """Forget a choice. Raises NotFound where there is none of that name."""
    if actor.person is None:
        raise Forbidden(_("登录后才能保存视图。"))
    view = SavedView.objects.filter(
        company_id=actor.company_id, person=actor.person, name=name.strip()
    ).first()
    if view is None:
        raise NotFound(_("没有这个视图。"))
    record_action(
        actor=actor,
        subject_kind="person",
        subject_id=actor.person.pk,
        name="view_deleted",
        data={"view": view.pk},
    )
    view.delete()
