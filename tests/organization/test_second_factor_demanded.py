"""A post can ask that its holders sign in with two steps."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from tests.factories.organization import SmallCompany
from tests.organization import test_sign_in as signing
from tests.organization.test_sign_in import desk

from huiyin.journal.models import Entry
from huiyin.organization.models import Person, Post
from huiyin.organization.services import edit_post

__all__ = ["desk"]


def demand(small: SmallCompany, on: bool = True) -> None:
    post = Post.objects.get(company=small.root, code="duty")
    same = {"name": post.name, "may": post.may, "whole_company": False}
    edit_post(actor=small.actor("admin"), post=post, second_factor=on, **same)


def test_nothing_opens_before_it_is_set_up(client: Client, small: SmallCompany, desk: Person) -> None:
    demand(small)
    page = reverse("mfa_activate_totp")
    signing._sign_in(client, "duty_a", signing.PASSWORD)
    for address in ("/settings/me/", "/cases/", "/settings/"):
        assert client.get(address)["Location"] == page
    answer = client.get("/cases/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, page)
    signing.TestSecondFactor()._activate(client)
    assert client.get("/settings/me/").status_code == 200


def test_who_has_it_keeps_it(client: Client, small: SmallCompany, desk: Person) -> None:
    demand(small)
    signing._sign_in(client, "duty_a", signing.PASSWORD)
    signing.TestSecondFactor()._activate(client)
    for ask in (client.get, client.post):
        assert ask(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    demand(small, on=False)
    assert client.get(reverse("mfa_deactivate_totp")).get("Location") != reverse("mfa_index")


def test_other_posts_are_not_asked(client: Client, small: SmallCompany) -> None:
    demand(small)
    client.force_login(small.people["head_a"])
    assert client.get("/settings/me/").status_code == 200
    assert client.get("/settings/").status_code == 200


def test_one_may_always_leave(client: Client, small: SmallCompany, desk: Person) -> None:
    demand(small)
    signing._sign_in(client, "duty_a", signing.PASSWORD)
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_the_administrator_sets_it_on_the_posts_page(client: Client, small: SmallCompany) -> None:
    client.force_login(small.people["admin"])
    given = {"name": "前台", "may": ["view"], "active": "on", "second_factor": "on"}
    assert client.post("/settings/posts/at/duty/", given).status_code == 302
    assert Post.objects.get(company=small.root, code="duty").second_factor
    assert Entry.objects.get(name="post_edited").data["second_factor"] is True


def test_editing_elsewhere_leaves_it(small: SmallCompany) -> None:
    demand(small)
    post = Post.objects.get(company=small.root, code="duty")
    edit_post(actor=small.actor("admin"), post=post, name="值班", may=post.may, whole_company=False)
    assert Post.objects.get(pk=post.pk).second_factor
