"""Addresses of the main job. Each module of views brings its own; fixed addresses stand before `<number>`."""

from __future__ import annotations

from huiyin.cases.views import assessments, attachments, case, desk, followups, lists, register, steps

app_name = "cases"

urlpatterns = [
    *desk.urlpatterns,
    *register.urlpatterns,
    *lists.urlpatterns,
    *followups.urlpatterns,
    *assessments.urlpatterns,
    *attachments.urlpatterns,
    *steps.urlpatterns,
    *case.urlpatterns,
]
