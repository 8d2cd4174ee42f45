"""The list of what the actor may set."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huiyin.organization.models import Capability
from huiyin.organization.settings_index import SettingsPlace, places
from huiyin.organization.views.shared import actor_of


@dataclass(frozen=True, slots=True)
class Shown:
    url: str
    label: str | Promise
    detail: str | Promise
    icon: str


def _shown(place: SettingsPlace) -> Shown | None:
    try:
        return Shown(reverse(place.url_name), place.label, place.detail, place.icon)
    except NoReverseMatch:
        return None


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """For everybody: one's own account is here too."""
    actor = actor_of(request)
    found = [
        shown
        for place in places()
        if not place.capabilities or any(actor.may(one) for one in place.capabilities)
        if (shown := _shown(place))
    ]
    administrator = actor.may(Capability.ADMIN)
    lead = _("只列出您能改的") if administrator else _("您的账号")
    return render(request, "organization/index.html", {"places": found, "lead": lead})
