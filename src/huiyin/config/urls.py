"""Every address of the system; the rooms bring their own."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# In order: a room earlier in the list wins an address.
ROOM_URLS = (
    "huiyin.organization.urls",
    "huiyin.customers.urls",
    "huiyin.procedures.urls",
    "huiyin.cases.urls",
    "huiyin.notify.urls",
    "huiyin.records.urls",
    "huiyin.reports.urls",
    "huiyin.imports.urls",
    "huiyin.journal.urls",
    "huiyin.api.urls",
    "huiyin.web.urls",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    *[path("", include(module)) for module in ROOM_URLS if find_spec(module)],
]
