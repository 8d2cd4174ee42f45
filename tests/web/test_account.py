"""The pages of signing in, in our own words and frame."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from tests.factories.organization import SmallCompany

from huiyin.organization.models import Person

PASSWORD = "a-long-enough-password"


@pytest.fixture
def person(company: SmallCompany, settings: object) -> Person:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    person = company.people["duty_a"]
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, username: str, password: str) -> str:
    answer = client.post(reverse("account_login"), {"login": username, "password": password}, follow=True)
    return answer.content.decode()


def test_wrong_name_and_wrong_password_say_the_same(client: Client, person: Person) -> None:
    answers = [sign_in(Client(), name, "wrong-password-1") for name in (person.username, "nobody-at-all")]
    shown = [re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", text) for text in answers]
    assert shown[0] == shown[1]
    assert "is-error" in shown[0]


def test_two_steps_from_opening_to_signing_in_and_closing(client: Client, person: Person) -> None:
    sign_in(client, person.username, PASSWORD)
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert "请再确认一次身份" in asked.content.decode()
    confirmed = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    page = confirmed.content.decode()
    found = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page)
    assert found is not None
    secret = found[1]

    def code() -> str:
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    client.post(reverse("mfa_activate_totp"), {"code": code()})
    assert "已开启" in client.get(reverse("mfa_index")).content.decode()
    assert "恢复码" in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert "全部作废" in client.get(reverse("mfa_generate_recovery_codes")).content.decode()
    assert "要关闭两步验证吗" in client.get(reverse("mfa_deactivate_totp")).content.decode()

    again = Client()
    assert "六位数字" in sign_in(again, person.username, PASSWORD)
    assert again.get(reverse("web:profile")).status_code == 302


def test_leaving_needs_a_post(client: Client, person: Person) -> None:
    sign_in(client, person.username, PASSWORD)
    assert "要退出登录吗" in client.get(reverse("account_logout")).content.decode()
    assert client.get(reverse("web:profile")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("web:profile")).status_code == 302


def test_initial_password_leads_to_its_change(client: Client, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(must_change_password=True)
    assert "初始密码" in sign_in(client, person.username, PASSWORD)
