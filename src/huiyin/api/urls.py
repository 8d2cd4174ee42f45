"""The API: the rooms' routers under /api/v1, and its OpenAPI description, which anybody may read.

The description names no company and no case; who writes a client needs it before he has a token.
"""

from __future__ import annotations

from django.urls import path, re_path

from huiyin.api import cases, problems, procedures
from huiyin.api.auth import Token
from huiyin.api.described import DescribedAPI
from huiyin.api.edges import guarded, nowhere
from huiyin.api.kinds import StrictParser
from huiyin.api.throttling import TokenThrottle

api = DescribedAPI(
    title="huiyin",
    version="1.0.0",
    description="Cases and their events, by the company's own procedure.",
    auth=Token(),
    throttle=[TokenThrottle()],
    parser=StrictParser(),
    urls_namespace="api",
    docs_url=None,
)
problems.install(api)
api.add_router("", cases.router)
api.add_router("", procedures.router)

_patterns, _app, _namespace = api.urls

urlpatterns = [
    path("api/v1/", (guarded(_patterns), _app, _namespace)),
    re_path(r"^api/(?P<rest>.*)$", nowhere, name="api_nowhere"),
]
