"""Unfinished registrations and the files that come before their case."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from huiyin.cases import drafts
from huiyin.cases.deskform import FACTS, FLAGS
from huiyin.cases.ownfacts import PREFIX
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of

# facts of a pack's own that a draft keeps
MOST_OWN = 60


@login_required
@require_POST
def draft(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Keep what is typed, for this or another device."""
    names = (
        *FACTS,
        *FLAGS,
        "safety",
        "at",
        "who",
        "spot",
        "spot_answer",
        "spot_validity",
        "spot_reason",
        "spot_outcome",
    )
    own = [name for name in request.POST if name.startswith(PREFIX)][:MOST_OWN]
    data = {name: request.POST.get(name, "") for name in (*names, *own)}
    label = " ".join(part for part in (request.POST.get("who_title", ""), data["text"][:40]) if part)
    drafts.save_draft(actor=actor_of(request), uuid=uuid, data=data, label=label)
    return HttpResponse(status=204)


@login_required
@require_POST
def discard(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    drafts.discard_draft(actor=actor_of(request), uuid=uuid)
    if request.headers.get("HX-Request"):
        return HttpResponse("")
    return HttpResponseRedirect(reverse("cases:register"))


@login_required
@require_POST
def draft_files(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Files as they are dropped, pasted or taken; each refusal says which and why."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    problems = []
    for file in request.FILES.getlist("files"):
        try:
            drafts.add_file(actor=actor, uuid=uuid, content=file, name=file.name or "")
        except InvalidInput as error:
            problems.append(error.message)
    return _files(request, actor, uuid, problems)


@login_required
@require_POST
def file_removed(request: HttpRequest, uuid: uuids.UUID, file: uuids.UUID) -> HttpResponse:
    actor = actor_of(request)
    drafts.remove_file(actor=actor, uuid=uuid, file=file)
    return _files(request, actor, uuid, [])


def _files(request: HttpRequest, actor: Actor, uuid: uuids.UUID, problems: list[str]) -> HttpResponse:
    try:
        files = list(drafts.get_draft(actor, uuid).files.select_related("stored"))
    except NotFound:
        files = []
    context = {"files": files, "uuid": uuid, "problems": problems}
    return render(request, "cases/register_files.html", context)


urlpatterns = [
    path("register/drafts/<uuid:uuid>/", draft, name="register-draft"),
    path("register/drafts/<uuid:uuid>/discard/", discard, name="register-discard"),
    path("register/drafts/<uuid:uuid>/files/", draft_files, name="register-files"),
    path("register/drafts/<uuid:uuid>/files/<uuid:file>/remove/", file_removed, name="register-file-remove"),
]
