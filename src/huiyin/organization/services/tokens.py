"""Keys for programs. The secret is shown once; what is kept cannot be turned back into it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.organization.actors import Actor, Held
from huiyin.organization.authority import require_may_grant
from huiyin.organization.models import ApiToken, Capability, Post, Unit
from huiyin.organization.recording import record
from huiyin.organization.selectors import subtree_ids

LONGEST = timedelta(days=3 * 366)
# the time of last use is written at most this often: a busy program would otherwise write at every request
_USE_NOTED = timedelta(minutes=5)
_SCHEME = "hy"


@transaction.atomic
def create_token(
    *, actor: Actor, unit: Unit, post: Post, name: str, may: Collection[str], expires_at: datetime
) -> tuple[ApiToken, str]:
    """A token and its secret. It acts in this post, inside this unit's subtree, with these capabilities."""
    if Capability.ADMIN in may:
        raise Forbidden(_("接口密钥不能有系统管理权限。"))
    require_may_grant(actor, post, unit, may)
    moment = clock.now()
    if not name.strip() or len(name.strip()) > 80:
        message = _("请填写用途，最长 80 个字。")
        raise InvalidInput(message, fields={"name": message})
    if not may or set(may) - set(post.may):
        message = _("请在该岗位的权限之内选择。")
        raise InvalidInput(message, fields={"may": message})
    if not moment < expires_at <= moment + LONGEST:
        message = _("到期日要在今天之后、三年之内。")
        raise InvalidInput(message, fields={"expires_at": message})
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        company_id=actor.company_id,
        unit=unit,
        post=post,
        name=name.strip(),
        may=[one for one in Capability.values if one in set(may)],
        prefix=prefix,
        digest=_digest(secret),
        created_by=actor.name,
        created_at=moment,
        expires_at=expires_at,
    )
    _record(actor, token, "token_created")
    return token, f"{_SCHEME}_{prefix}_{secret}"


@transaction.atomic
def revoke_token(*, actor: Actor, token: ApiToken) -> None:
    if token.company_id != actor.company_id:
        raise NotFound(_("没有这个接口密钥。"))
    if not actor.may(Capability.ADMIN, token.unit_id):
        raise Forbidden(_("这个接口密钥超出您的管理范围。"))
    if token.revoked_at is not None:
        raise Conflict(_("这个接口密钥已经吊销。"))
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    _record(actor, token, "token_revoked")


def actor_for_token(secret: str) -> Actor | None:
    """The actor behind a secret; None where it is unknown, wrong, expired, revoked, or its post closed."""
    scheme, _sep, rest = secret.partition("_")
    prefix, _sep, tail = rest.partition("_")
    if scheme != _SCHEME or not prefix.isalnum() or not tail:
        return None
    token = ApiToken.objects.select_related("unit", "post").filter(prefix=prefix).first()
    if token is None or not hmac.compare_digest(token.digest, _digest(tail)):
        return None
    moment = clock.now()
    if token.revoked_at is not None or token.expires_at <= moment:
        return None
    if not token.unit.active or not token.post.active:
        return None
    _note_use(token, moment)
    held = Held(
        post=token.post.code,
        post_name=token.post.name,
        unit_id=token.unit_id,
        unit_name=token.unit.name,
        # a post that has lost a capability since takes it from its tokens as well
        may=frozenset(token.may) & frozenset(token.post.may),
        scope=subtree_ids(token.unit),
    )
    return Actor(company_id=token.company_id, name=token.name, held=(held,), token_id=token.pk)


def _note_use(token: ApiToken, moment: datetime) -> None:
    noted = token.last_used_at
    if noted is not None and noted >= moment - _USE_NOTED:
        return
    ApiToken.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lt=moment - _USE_NOTED), pk=token.pk
    ).update(last_used_at=moment)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(actor: Actor, token: ApiToken, name: str) -> None:
    record(
        actor=actor,
        subject_kind="token",
        subject_id=token.pk,
        name=name,
        data={
            "name": token.name,
            "prefix": token.prefix,
            "unit": token.unit.code,
            "post": token.post.code,
            "may": token.may,
            "expires_at": token.expires_at.isoformat(),
        },
    )
