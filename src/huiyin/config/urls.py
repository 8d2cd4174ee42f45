"""Every address of the system; the rooms bring their own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from huiyin.config.settings import PACKAGE, ROOMS

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("huiyin.organization.account_urls")),
    *[
        path("", include(f"{room}.urls"))
        for room in ROOMS
        if (PACKAGE / room.split(".")[1] / "urls.py").exists()
    ],
]

handler500 = "huiyin.web.middleware.server_error"
