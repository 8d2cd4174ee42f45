"""The page of the register of assessments."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from huiyin.cases.assessmentlist import register_of
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of


@login_required
@require_GET
def register_page(request: HttpRequest) -> HttpResponse:
    """Everybody who may look at cases; what does not concern the reader is not on his page."""
    actor = actor_of(request)
    actor.require(Capability.VIEW)
    register = register_of(actor, request.GET.get("after", ""))
    return render(request, "cases/assessments.html", {"register": register})


urlpatterns = [path("assessments/", register_page, name="assessments")]
