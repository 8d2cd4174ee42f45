"""API tokens: what they may, and when they stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from tests.factories.organization import SmallCompany

from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.organization.models import ApiToken
from huiyin.organization.services import actor_for_token, create_token, edit_post, revoke_token


def _make(small: SmallCompany, by: str = "admin", **changes: object) -> tuple[ApiToken, str]:
    given = {
        "unit": small.site_a,
        "post": small.posts["duty"],
        "name": "小程序",
        "may": ["register", "view"],
        "expires_at": clock.now() + timedelta(days=30),
    } | changes
    return create_token(actor=small.actor(by), **given)


def test_a_token_acts_in_its_post_inside_its_subtree(small: SmallCompany) -> None:
    token, secret = _make(small)
    actor = actor_for_token(secret)
    assert actor is not None
    assert actor.reference == f"token:{token.pk}"
    assert actor.unit_ids("register") == {small.units["A"].pk, small.units["A-ENG"].pk}
    assert not actor.may("handle")
    assert actor.post_at(small.site_a.pk) == "duty"


def test_only_a_digest_is_kept(small: SmallCompany) -> None:
    token, secret = _make(small)
    tail = secret.split("_", 2)[2]
    kept = ApiToken.objects.filter(pk=token.pk).values().get()
    assert all(tail not in str(value) for value in kept.values())


def test_wrong_expired_and_revoked_secrets_open_nothing(small: SmallCompany) -> None:
    token, secret = _make(small)
    for wrong in ("", "hy__", secret[:-1], secret + "x", f"hy_{token.prefix}_", "hy_0000000000_" + "x" * 43):
        assert actor_for_token(wrong) is None
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        assert actor_for_token(secret) is None
    revoke_token(actor=small.actor("admin"), token=token)
    assert actor_for_token(secret) is None
    with pytest.raises(Conflict):
        revoke_token(actor=small.actor("admin"), token=token)


def test_what_the_post_loses_its_tokens_lose(small: SmallCompany) -> None:
    _token, secret = _make(small)
    edit_post(
        actor=small.actor("admin"), post=small.posts["duty"], name="前台", may=["view"], whole_company=False
    )
    actor = actor_for_token(secret)
    assert actor is not None
    assert actor.may("view")
    assert not actor.may("register")


def test_use_is_noted_now_and_then(small: SmallCompany) -> None:
    token, secret = _make(small)
    start = clock.now()
    for minutes in (0, 1, 6):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            actor_for_token(secret)
            token.refresh_from_db()
            assert token.last_used_at == start + timedelta(minutes=0 if minutes < 5 else minutes)


def test_a_token_is_never_more_than_its_maker_or_its_post(small: SmallCompany) -> None:
    with pytest.raises(InvalidInput):
        _make(small, may=["register", "approve"])
    with pytest.raises(Forbidden):
        _make(small, post=small.posts["administrator"], may=["admin"])
    with pytest.raises(NotFound):
        _make(small, by="site_admin_a", unit=small.site_b)
    with pytest.raises(Forbidden):
        _make(small, by="site_admin_a", post=small.posts["quality"], may=["view"])
    with pytest.raises(InvalidInput):
        _make(small, expires_at=clock.now() + timedelta(days=5000))
