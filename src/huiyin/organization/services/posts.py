"""Posts: normally brought by the pack; their name and capabilities may be adapted here."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput
from huiyin.core.phrases import listed
from huiyin.organization.actors import Actor
from huiyin.organization.authority import keeping_an_administrator, require_company
from huiyin.organization.models import Capability, Post
from huiyin.organization.recording import record

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@transaction.atomic
def create_post(
    *,
    actor: Actor,
    code: str,
    name: str,
    may: Collection[str],
    reports_to: str = "",
    whole_company: bool = False,
    position: int = 0,
) -> Post:
    """A post that no rule names, such as the administrator of one site."""
    require_company(actor)
    if not _CODE.fullmatch(code):
        message = _("编码以小写字母开头，只能用小写字母、数字和下划线。")
        raise InvalidInput(message, fields={"code": message})
    if Post.objects.filter(company_id=actor.company_id, code=code).exists():
        message = _("编码“%(code)s”已有岗位在用。") % {"code": code}
        raise InvalidInput(message, fields={"code": message})
    post = Post(
        company_id=actor.company_id,
        code=code,
        reports_to=reports_to,
        whole_company=whole_company,
        position=position,
    )
    _set(post, name, may)
    post.save()
    _record(actor, post, "post_created")
    return post


@transaction.atomic
def edit_post(
    *,
    actor: Actor,
    post: Post,
    name: str,
    may: Collection[str],
    whole_company: bool,
    active: bool = True,
    second_factor: bool | None = None,
) -> None:
    """`second_factor`: its holders sign in with two steps; as it is where not given.

    Raises Conflict where nobody would be left to administer the company.
    """
    require_company(actor)
    with keeping_an_administrator(actor):
        before = {"name": post.name, "may": sorted(post.may), "whole": post.whole_company}
        _set(post, name, may)
        post.whole_company, post.active = whole_company, active
        post.second_factor = post.second_factor if second_factor is None else second_factor
        post.save(update_fields=["name", "may", "whole_company", "active", "second_factor"])
        _record(actor, post, "post_edited", before=before)


def _set(post: Post, name: str, may: Collection[str]) -> None:
    unknown = set(may) - set(Capability.values)
    if unknown:
        raise InvalidInput(_("没有这些权限：%(names)s") % {"names": listed(sorted(unknown))})
    if not name.strip() or len(name.strip()) > 80:
        message = _("请填写岗位名称，最长 80 个字。")
        raise InvalidInput(message, fields={"name": message})
    post.name = name.strip()
    post.may = [one for one in Capability.values if one in set(may)]


def _record(actor: Actor, post: Post, name: str, **data: object) -> None:
    described = {
        "code": post.code,
        "name": post.name,
        "may": post.may,
        "whole": post.whole_company,
        "active": post.active,
        "second_factor": post.second_factor,
        **data,
    }
    record(actor=actor, subject_kind="post", subject_id=post.pk, name=name, data=described)
