"""Addresses of the main job. Each module of views brings its own; fixed addresses stand before `<number>`."""

from __future__ import annotations

from huiyin.cases.views import desk, lists, register

app_name = "cases"

urlpatterns = [
    *desk.urlpatterns,
    *register.urlpatterns,
    *lists.urlpatterns,
]
