"""What a signed-in person brings to every request: his language, and a password that is his own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.organization.models import Person

GetResponse = Callable[[HttpRequest], HttpResponse]

# what may be opened with the initial password: changing it, the language of that page, and leaving
_BEFORE_CHANGE = frozenset({"account_change_password", "account_logout", "web:language"})


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
        page = reverse("account_change_password")
        if getattr(request, "htmx", False):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = page
            return response
        if request.path.startswith("/api/"):
            problem = {"title": _("请先修改初始密码。"), "status": 403}
            return JsonResponse(problem, status=403, content_type="application/problem+json")
        return HttpResponseRedirect(page)
