"""Signing in as people do it: the page, wrong passwords, the initial password, the second factor."""

from __future__ import annotations

import base64
import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.factories.organization import SmallCompany

from huiyin.journal.models import Entry
from huiyin.organization.models import Person
from huiyin.organization.services import create_person, deactivate_person, unlock_person

PASSWORD = "hetang-8842-x"
LOGIN = "/account/login/"


@pytest.fixture
def desk(small: SmallCompany, fast_passwords: None) -> Person:
    person = small.people["duty_a"]
    person.password = make_password(PASSWORD)
    person.save()
    return person


def _sign_in(client: Client, username: str, password: str, address: str = "10.0.0.1") -> object:
    return client.post(LOGIN, {"login": username, "password": password}, REMOTE_ADDR=address)


def test_username_and_password_open_the_door(client: Client, desk: Person) -> None:
    response = _sign_in(client, "duty_a", PASSWORD)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.get("/settings/me/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_look_the_same(client: Client, desk: Person) -> None:
    pages = [_sign_in(client, name, "falsch-falsch").content.decode() for name in ("duty_a", "nobody")]
    blank = [re.sub(r'value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": "[^"]*"', "", page) for page in pages]
    assert blank[0] == blank[1]
    assert "duty_a" not in blank[0]


def test_only_who_knows_the_password_learns_that_an_account_is_closed(
    client: Client, small: SmallCompany, desk: Person
) -> None:
    deactivate_person(actor=small.actor("admin"), person=desk)
    wrong = _sign_in(client, "duty_a", "falsch-falsch")
    assert "停用" not in wrong.content.decode()
    right = _sign_in(client, "duty_a", PASSWORD)
    assert right["Location"] == LOGIN
    assert "账号已停用" in client.get(LOGIN).content.decode()
    assert "_auth_user_id" not in client.session


def test_deactivating_ends_a_session_at_once(client: Client, small: SmallCompany, desk: Person) -> None:
    _sign_in(client, "duty_a", PASSWORD)
    deactivate_person(actor=small.actor("admin"), person=desk)
    assert client.get("/settings/me/").status_code == 302


class TestLockout:
    def test_after_eight_wrong_passwords_even_the_right_one_waits(self, client: Client, desk: Person) -> None:
        names = ["duty_a", "Duty_A", "DUTY_A", " duty_a"] * 2  # one account, however it is written
        codes = [_sign_in(client, name, "falsch-falsch").status_code for name in names]
        assert codes == [200] * 7 + [429]
        locked = _sign_in(client, "duty_a", PASSWORD)
        assert locked.status_code == 429
        assert "15 分钟" in locked.content.decode()
        assert "duty_a" not in locked.content.decode()

    def test_an_unknown_name_is_locked_just_the_same(self, client: Client, desk: Person) -> None:
        codes = [_sign_in(client, "nobody", "falsch-falsch").status_code for _ in range(8)]
        assert codes == [200] * 7 + [429]

    def test_the_person_gets_in_from_another_address(self, client: Client, desk: Person) -> None:
        for _ in range(8):
            _sign_in(client, "duty_a", "falsch-falsch", "10.9.9.9")
        assert _sign_in(client, "duty_a", PASSWORD).status_code == 302

    def test_the_administrator_sees_and_lifts_it(
        self, client: Client, small: SmallCompany, desk: Person
    ) -> None:
        for _ in range(8):
            _sign_in(client, "duty_a", "falsch-falsch")
        admin = Client()
        admin.force_login(small.people["admin"])
        assert "李晓梅" in admin.get("/settings/lockouts/").content.decode()
        other = Client()
        other.force_login(small.people["site_admin_a"])
        assert "李晓梅" in other.get("/settings/lockouts/").content.decode()
        unlock_person(actor=small.actor("site_admin_a"), person=desk)
        assert "李晓梅" not in admin.get("/settings/lockouts/").content.decode()
        assert _sign_in(client, "duty_a", PASSWORD).status_code == 302

    def test_many_addresses_against_one_name_are_slowed_down(self, client: Client, desk: Person) -> None:
        for number in range(30):
            _sign_in(client, "duty_a", "falsch-falsch", f"10.1.0.{number}")
        assert _sign_in(client, "duty_a", PASSWORD, "10.1.1.1").status_code == 200
        cache.clear()
        assert _sign_in(client, "duty_a", PASSWORD, "10.1.1.2").status_code == 302


class TestInitialPassword:
    @pytest.fixture
    def newcomer(self, small: SmallCompany, fast_passwords: None) -> tuple[Person, str]:
        return create_person(actor=small.actor("admin"), username="neu", name="新来的", unit=small.site_a)

    def test_must_be_changed_before_anything_else(self, client: Client, newcomer: tuple[Person, str]) -> None:
        person, initial = newcomer
        _sign_in(client, "neu", initial)
        page = reverse("account_change_password")
        assert client.get("/settings/me/")["Location"] == page
        fragment = client.get("/settings/me/", headers={"HX-Request": "true"})
        assert fragment["HX-Redirect"] == page
        assert client.get(page).status_code == 200

        kept = client.post(page, {"oldpassword": initial, "password1": initial, "password2": initial})
        assert kept.status_code == 200
        assert "不能与初始密码相同" in kept.content.decode()
        weak = client.post(page, {"oldpassword": initial, "password1": "1" * 10, "password2": "1" * 10})
        assert weak.status_code == 200
        assert Person.objects.get(pk=person.pk).must_change_password

        changed = client.post(page, {"oldpassword": initial, "password1": PASSWORD, "password2": PASSWORD})
        assert changed.status_code == 302
        assert not Person.objects.get(pk=person.pk).must_change_password
        assert client.get("/settings/me/").status_code == 200
        assert Entry.objects.filter(name="password_changed", actor=f"person:{person.pk}").count() == 1

    def test_one_may_leave_without_changing_it(self, client: Client, newcomer: tuple[Person, str]) -> None:
        _sign_in(client, "neu", newcomer[1])
        client.post(reverse("account_logout"))
        assert "_auth_user_id" not in client.session


class TestSecondFactor:
    @staticmethod
    def _code(secret: str) -> str:
        counter = next(iter(yield_hotp_counters_from_time()))
        return format_hotp_value(hotp_value(secret, counter))

    def _activate(self, client: Client) -> str:
        page = reverse("mfa_activate_totp")
        shown = client.get(page)
        if shown.status_code == 302:  # a fresh confirmation of the password is asked first
            client.post(shown["Location"], {"password": PASSWORD})
            shown = client.get(page)
        secret = shown.context["form"].secret
        assert base64.b32decode(secret)
        done = client.post(page, {"code": self._code(secret)})
        assert done.status_code == 302, done.content.decode()[:2000]
        return str(secret)

    def test_is_set_up_and_then_asked_for(
        self, client: Client, small: SmallCompany, desk: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _sign_in(client, "duty_a", PASSWORD)
        secret = self._activate(client)

        again = Client()
        asked = _sign_in(again, "duty_a", PASSWORD)
        assert asked["Location"].startswith(reverse("mfa_authenticate"))
        assert again.get("/settings/me/").status_code == 302
        wrong = again.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert wrong.status_code == 200
        # the code just used for setting up is spent; the next one comes half a minute later
        later = time.time() + 30
        monkeypatch.setattr(time, "time", lambda: later)
        right = again.post(reverse("mfa_authenticate"), {"code": self._code(secret)})
        assert right.status_code == 302
        assert again.get("/settings/me/").status_code == 200

    def test_recovery_codes_open_once(self, client: Client, desk: Person) -> None:
        _sign_in(client, "duty_a", PASSWORD)
        self._activate(client)
        page = client.get(reverse("mfa_view_recovery_codes"))
        code = page.context["unused_codes"][0]
        first, second = Client(), Client()
        for attempt, status in ((first, 302), (second, 200)):
            _sign_in(attempt, "duty_a", PASSWORD)
            assert attempt.post(reverse("mfa_authenticate"), {"code": code}).status_code == status

    def test_the_administrator_lifts_it_for_a_lost_phone(
        self, client: Client, small: SmallCompany, desk: Person
    ) -> None:
        _sign_in(client, "duty_a", PASSWORD)
        self._activate(client)
        admin = Client()
        admin.force_login(small.people["admin"])
        admin.post("/settings/people/at/duty_a/second-factor/")
        assert _sign_in(Client(), "duty_a", PASSWORD)["Location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/set/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-abc/",
        "password/reset/key/done/",
        "login/code/confirm/",
        "inactive/",
    ],
)
def test_what_needs_mail_or_opens_accounts_is_closed(client: Client, small: SmallCompany, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404
    client.force_login(small.people["duty_a"])
    assert client.post(f"/account/{path}").status_code == 404


def test_the_chosen_language_goes_before_the_browsers(client: Client, small: SmallCompany) -> None:
    client.force_login(small.people["duty_a"])
    client.post("/settings/me/", {"phone": "", "email": "", "language": "en"})
    page = client.get("/settings/me/", headers={"Accept-Language": "zh-CN"})
    assert '<html lang="en">' in page.content.decode()
