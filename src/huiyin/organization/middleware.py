"""What a signed-in person brings to every request: his language, and a password that is his own."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.organization.models import Person

GetResponse = Callable[[HttpRequest], HttpResponse]

# what may be opened with the initial password: changing it, the language of that page, and leaving
_BEFORE_CHANGE = frozenset({"account_change_password", "account_logout", "web:language"})
# what may be opened without the second factor that one's post asks for
_BEFORE_SECOND_FACTOR = frozenset(
    {
        *_BEFORE_CHANGE,
        "account_login",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
    }
)


class PersonLanguageMiddleware:
    """The language a person has chosen goes before that of the browser."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, Person) and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        return self.get_response(request)


class InitialPasswordMiddleware:
    """Whoever still has the password that was given to him changes it before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is not None and match.view_name in _BEFORE_CHANGE:
            return None
        user = request.user
        if not isinstance(user, Person) or not user.must_change_password:
            return None
        return _sent_to(request, "account_change_password", _("请先修改初始密码。"))


class SecondFactorMiddleware:
    """Whoever holds a post that asks for two steps sets them up before anything else, and keeps them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        user = request.user
        if name in _BEFORE_SECOND_FACTOR or not isinstance(user, Person) or user.must_change_password:
            return None
        if not any(held.second_factor for held in request.actor.held):  # type: ignore[attr-defined]
            return None
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            return _sent_to(request, "mfa_activate_totp", _("您的岗位要用两步验证登录，请先设置。"))
        if name == "mfa_deactivate_totp":
            return _sent_to(request, "mfa_index", _("您的岗位要用两步验证登录，不能取消。"))
        return None


def _sent_to(request: HttpRequest, name: str, why: str) -> HttpResponse:
    page = reverse(name)
    if request.path.startswith("/api/"):
        problem = {"title": why, "status": 403}
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = page
        return response
    if name != "account_change_password":
        messages.warning(request, why)
    return HttpResponseRedirect(page)
