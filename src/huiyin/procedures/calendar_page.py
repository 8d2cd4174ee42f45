"""The page of the working days: the years as they stand, and entering one when it is announced."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.engine.daytable import FIRST_YEAR, LAST_YEAR
from huiyin.organization.requests import actor_of
from huiyin.procedures.arrangement import Arrangement, read_arrangement
from huiyin.procedures.calendars import MAY, require_calendar, revise_year, year_lines

MOST_BYTES = 200_000


class CalendarForm(forms.Form):
    """The year's arrangement as text, or as a file that holds it."""

    year = forms.IntegerField(label=lazy("年份"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    source = forms.CharField(
        label=lazy("出处"), max_length=200, help_text=lazy("文件名或文号，例如国办发明电〔2025〕7号")
    )
    text = forms.CharField(
        label=lazy("放假安排"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 9, "data-grow": ""}),
        help_text=lazy(
            "把国务院办公厅通知里的各条原样贴上；也可以每行写一天：2027-01-01,休 或 2027-01-03,班"
        ),
    )
    file = forms.FileField(
        label=lazy("或者选文件"), required=False, help_text=lazy("JSON、CSV 或文本，不超过 200 KB")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if upload := data.get("file"):
            body = upload.read(MOST_BYTES + 1)
            try:
                data["text"] = body.decode("utf-8-sig")
            except UnicodeDecodeError:
                data["text"] = body.decode("gb18030", errors="replace")
            if len(body) > MOST_BYTES:
                self.add_error("file", _("文件太大。"))
        if not (data.get("text") or "").strip() and not self.errors:
            self.add_error("text", _("请贴上放假安排，或者选一个文件。"))
        return data


@login_required
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Posted once, the days are shown as they were read; posted with `do=keep`, they hold."""
    actor = actor_of(request)
    if not any(actor.may(one) for one in MAY):
        actor.require(MAY[0])
    today = clock.today()
    form = CalendarForm(initial={"year": today.year + (today.month > 6)})
    read: Arrangement | None = None
    if request.method == "POST":
        require_calendar(actor)
        form = CalendarForm(request.POST, request.FILES)
        read = _read(form)
        if read is not None and request.POST.get("do") == "keep":
            revise_year(actor=actor, arrangement=read, source=form.cleaned_data["source"])
            messages.success(request, _("%(year)d 年的工作日已经更新。") % {"year": read.year})
            return redirect("procedures:calendar")
    context = {
        "form": form,
        "read": read,
        "text": form.cleaned_data["text"] if read else "",
        "years": year_lines(actor.company_id, first=today.year - 1, last=today.year + 2),
        "may_edit": any(actor.may(one, actor.company_id) for one in MAY),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "procedures/calendar.html", context, status=status)


def _read(form: CalendarForm) -> Arrangement | None:
    """What the form's text says; what cannot be read stands on the form."""
    if not form.is_valid():
        return None
    try:
        return read_arrangement(form.cleaned_data["text"], form.cleaned_data["year"])
    except InvalidInput as error:
        for name, message in error.fields.items():
            form.add_error(name, message)
        return None
