"""The API: the rooms' routers under /api/v1, its OpenAPI description and its page."""

from __future__ import annotations

from django.urls import path
from ninja import NinjaAPI
from ninja.throttling import AuthRateThrottle

from huiyin.api import cases, problems
from huiyin.api.auth import Token

api = NinjaAPI(
    title="huiyin",
    version="1.0.0",
    description="Cases and their events, by the company's own procedure.",
    auth=Token(),
    throttle=[AuthRateThrottle("600/s")],
    urls_namespace="api",
    docs_url=None,
)
problems.install(api)
api.add_router("", cases.router)

urlpatterns = [path("api/v1/", api.urls)]
