"""Pages of notifications: one's own list, one's wishes, the robots of a unit."""

from __future__ import annotations

import uuid as uuids

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.cases.models import Case
from huiyin.cases.rows import where_of
from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.notify import services
from huiyin.notify.channels import robots as channel
from huiyin.notify.forms import PreferenceForm, RobotForm
from huiyin.notify.models import Notification, Preference, Robot
from huiyin.notify.selectors import (
    get_own,
    get_robot,
    new_cases,
    own_notifications,
    seen_cases,
    unread,
    visible_robots,
)
from huiyin.notify.sentences import sentence
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of

PAGE = 50


@require_GET
@login_required
def notification_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    after = request.GET.get("after", "")
    before = int(after) if after.isdecimal() and len(after) < 19 else None
    rows = own_notifications(actor, before=before, limit=PAGE + 1)
    shown = rows[:PAGE]
    waiting = new_cases(actor)
    seen = seen_cases(actor, shown)
    context = {
        "rows": [(row, _line(row), _about(seen.get(row.case_id or 0))) for row in shown],
        "next": shown[-1].pk if len(rows) > PAGE else None,
        "unread": unread(actor),
        "new_cases": waiting if waiting > 1 and before is None else 0,
    }
    return render(request, "notify/list.html", context)


def _line(row: Notification) -> str:
    return sentence(what=row.what, case=row.case, params=row.params) if row.case else ""


def _about(case: Case | None) -> tuple[str, str] | None:
    """Where, and the customer's words; None where the case is not one's own to see."""
    return (where_of(case), case.text) if case else None


@require_GET
@login_required
def count(request: HttpRequest) -> HttpResponse:
    """How many are unread, as plain text for the bell; empty for none."""
    found = unread(actor_of(request))
    return HttpResponse("" if not found else "99+" if found > 99 else str(found), content_type="text/plain")


@require_POST
@login_required
def read(request: HttpRequest) -> HttpResponse:
    """Mark all of one's own as read."""
    services.mark_read(actor=actor_of(request))
    return redirect("notify:list")


@require_POST
@login_required
def open_new(request: HttpRequest) -> HttpResponse:
    """The new cases that nobody has been given: having looked at them, they are news no more."""
    services.mark_new_read(actor=actor_of(request))
    return redirect(f"{reverse('cases:list')}?mark=unassigned")


@require_POST
@login_required
def open_one(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Go to the case of a notification, which is read then."""
    row = get_own(actor_of(request), uuid)
    services.mark_read(actor=actor_of(request), uuid=uuid)
    return redirect("cases:detail", row.case.number) if row.case else redirect("notify:list")


@require_POST
@login_required
def acknowledge(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """“知道了，我来处理”: it climbs no further."""
    row = services.acknowledge(actor=actor_of(request), uuid=uuid)
    messages.success(request, _("已记下您看到了，不再上报。"))
    return redirect("cases:detail", row.case.number) if row.case else redirect("notify:list")


@login_required
@require_http_methods(["GET", "POST"])
def preference(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    wish = Preference.objects.filter(person_id=actor.person_id or 0).first()
    initial = {
        "mail": wish.mail if wish else True,
        "quiet_from": wish.quiet_from if wish else None,
        "quiet_until": wish.quiet_until if wish else None,
    }
    posted = request.method == "POST"
    form = PreferenceForm(request.POST if posted else None, initial=initial)
    if posted and form.is_valid():
        try:
            services.save_preference(actor=actor, **form.cleaned_data)
        except InvalidInput as error:
            _show(form, error)
        else:
            messages.success(request, _("已按您的习惯设置好。"))
            return redirect("notify:preference")
    return render(request, "notify/preference.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@login_required
def robot_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.ADMIN)
    shown = [(robot, channel.error_words(robot.last_error)) for robot in visible_robots(actor)]
    return render(request, "notify/robots.html", {"robots": shown})


@login_required
@require_http_methods(["GET", "POST"])
def robot_edit(request: HttpRequest, uuid: uuids.UUID | None = None) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.ADMIN)
    robot = get_robot(actor, uuid) if uuid else None
    posted = request.method == "POST"
    form = RobotForm(request.POST if posted else None, actor=actor, robot=robot)
    if posted and form.is_valid() and (saved := _save(request, form, robot)):
        messages.success(request, _("机器人「%(name)s」已保存。") % {"name": saved.name})
        return redirect("notify:robots")
    status = 422 if form.errors else 200
    return render(request, "notify/robot_edit.html", {"form": form, "robot": robot}, status=status)


def _save(request: HttpRequest, form: RobotForm, robot: Robot | None) -> Robot | None:
    try:
        return services.save_robot(actor=actor_of(request), robot=robot, **form.cleaned_data)
    except InvalidInput as error:
        _show(form, error)
        return None


def _show(form: forms.Form, error: InvalidInput) -> None:
    for field, message in error.fields.items():
        form.add_error(field if field in form.fields else None, message)


@require_POST
@login_required
def robot_try(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Send one line now, and say what came of it."""
    robot = get_robot(actor_of(request), uuid)
    text = _("这是一条试发消息：%(time)s") % {"time": clock.now().strftime("%H:%M:%S")}
    try:
        services.try_robot(actor=actor_of(request), robot=robot, text=text)
    except channel.NotDelivered as error:
        messages.error(request, _("没有发出去：%(error)s。") % {"error": error})
    else:
        messages.success(request, _("已发到群里，请在群里确认。"))
    return redirect("notify:robots")
