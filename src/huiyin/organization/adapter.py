"""Sign-in: nobody opens an account for himself; the administrator makes them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from huiyin.organization.models import Person
from huiyin.organization.selectors import actor_for
from huiyin.organization.services.people import change_own_password


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_password(self, password: str, user: Person | None = None) -> str:
        cleaned: str = super().clean_password(password, user)
        if user is not None and user.must_change_password and user.check_password(cleaned):
            raise ValidationError(_("新密码不能与初始密码相同。"))
        return cleaned

    def set_password(self, user: Person, password: str) -> None:
        """Reached by the page for changing one's own password only: resetting by mail is closed."""
        change_own_password(actor=actor_for(user), password=password)

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Only somebody who knows the password gets here: he is told why he stays out."""
        messages.error(request, _("这个账号已停用，请联系系统管理员。"))
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def reauthenticate(self, user: Person, password: str) -> bool:
        """By username alone: mail addresses are not proved here and say nothing about who this is."""
        confirmed: Any = self.authenticate(self.request, username=user.username, password=password)
        return confirmed is not None and confirmed.pk == user.pk
