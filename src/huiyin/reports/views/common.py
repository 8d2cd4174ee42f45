"""What the views of reports share."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.reports.exports.documents import File


def cutoff_of(request: HttpRequest) -> datetime | None:
    """The cut-off that the address names. Raises InvalidInput where it is no time or yet to come."""
    text = request.GET.get("cutoff", "") or request.POST.get("cutoff", "")
    if not text:
        return None
    try:
        found = parse_datetime(text.strip().replace(" ", "+"))
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput(_("看不懂截止时间。"), fields={"cutoff": _("写法不对")})
    found = timezone.make_aware(found) if timezone.is_naive(found) else found
    if found > clock.now():
        raise InvalidInput(_("截止时间不能晚于现在。"), fields={"cutoff": _("不能晚于现在")})
    return found


def download(file: File) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
