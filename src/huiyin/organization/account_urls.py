"""The addresses of signing in. What allauth brings beyond it is closed: accounts are made by the
administrator, nothing is proved or reset by mail. Closed names stay known, because allauth's own pages
reverse them; they answer 404 to everybody.
"""

from __future__ import annotations

from typing import NoReturn

from allauth import urls as allauth_urls
from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver

OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


def closed(request: HttpRequest, **kwargs: str) -> NoReturn:
    raise Http404


def _close(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    kept: list[URLPattern | URLResolver] = []
    for one in patterns:
        if isinstance(one, URLResolver):
            kept.append(URLResolver(one.pattern, _close(one.url_patterns)))
        elif one.name in OPEN:
            kept.append(one)
        else:
            kept.append(URLPattern(one.pattern, closed, one.default_args, one.name))
    return kept


urlpatterns = _close(allauth_urls.urlpatterns)
