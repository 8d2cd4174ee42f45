"""Files of a case: in, out, taken down."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import UUIDField
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from huiyin.cases.attachments import add_files, shown_attachment, void_attachment
from huiyin.cases.selectors import get_case
from huiyin.cases.views.case import show
from huiyin.core.errors import InvalidInput
from huiyin.core.files import serve_file, serve_thumbnail
from huiyin.organization.requests import actor_of


@login_required
@require_POST
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Files dropped, chosen or photographed."""
    actor = actor_of(request)
    case = get_case(actor, number)
    sent = request.FILES.getlist("files")
    if not sent:
        raise InvalidInput(_("还没有选择文件。"))
    files = [(one.name or _("照片"), one.file) for one in sent if one.file]
    added = add_files(actor=actor, case=case, files=files, uuid=_uuid(request))
    if added:
        words = ngettext("添加了 %(count)d 个文件。", "添加了 %(count)d 个文件。", len(added))
        messages.success(request, words % {"count": len(added)})
    if getattr(request, "htmx", False):
        return show(request, actor, case)
    return redirect("cases:detail", number=case.number)


def _uuid(request: HttpRequest) -> UUID | None:
    try:
        found: UUID | None = UUIDField(required=False).clean(request.POST.get("uuid", ""))
    except ValidationError:
        return None
    return found


@login_required
@require_GET
def download(request: HttpRequest, uuid: UUID) -> FileResponse:
    found = shown_attachment(actor_of(request), uuid)
    return serve_file(found.stored, found.name)


@login_required
@require_GET
def thumbnail(request: HttpRequest, uuid: UUID) -> FileResponse:
    return serve_thumbnail(shown_attachment(actor_of(request), uuid).stored)


@login_required
@require_POST
def void(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a file down, with a reason."""
    actor = actor_of(request)
    found = shown_attachment(actor, uuid)
    void_attachment(actor=actor, attachment=found, reason=request.POST.get("reason", ""))
    messages.success(request, _("已撤下“%(name)s”，原因留在记录里。") % {"name": found.name})
    case = get_case(actor, found.case.number)
    if getattr(request, "htmx", False):
        return show(request, actor, case)
    return redirect("cases:detail", number=case.number)


urlpatterns = [
    path("cases/<str:number>/files/", attach, name="attach"),
    path("files/<uuid:uuid>/", download, name="file"),
    path("files/<uuid:uuid>/thumbnail/", thumbnail, name="thumbnail"),
    path("files/<uuid:uuid>/void/", void, name="void-file"),
]
