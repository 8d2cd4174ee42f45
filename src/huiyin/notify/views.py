"""Pages of notifications: one's own list, one's wishes, the robots of a unit."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.core import clock
from huiyin.core.errors import InvalidInput
from huiyin.notify import services
from huiyin.notify.channels import robots as channel
from huiyin.notify.forms import PreferenceForm, RobotForm
from huiyin.notify.models import Preference, Robot
from huiyin.notify.selectors import get_robot, own_notifications, visible_robots
from huiyin.notify.sentences import sentence
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of

PAGE = 50


@require_GET
@login_required
def notification_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    after = request.GET.get("after", "")
    rows = own_notifications(actor, before=int(after) if after.isdigit() else None, limit=PAGE + 1)
    shown = rows[:PAGE]
    context = {
        "rows": [(row, _line(row)) for row in shown],
        "next": shown[-1].pk if len(rows) > PAGE else None,
        "unread": services.unread(actor),
    }
    template = "notify/_rows.html" if request.headers.get("HX-Request") else "notify/list.html"
    return render(request, template, context)


def _line(row: services.Notification) -> str:
    return sentence(what=row.what, case=row.case, params=row.params) if row.case else ""


@require_GET
@login_required
def count(request: HttpRequest) -> HttpResponse:
    """How many are unread, as plain text for the bell; empty for none."""
    found = services.unread(actor_of(request))
    return HttpResponse("" if not found else "99+" if found > 99 else str(found), content_type="text/plain")


@require_POST
@login_required
def read(request: HttpRequest) -> HttpResponse:
    """Mark all of one's own as read."""
    services.mark_read(actor=actor_of(request))
    return redirect("notify:list")


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
    wish = Preference.objects.filter(person_id=actor.person_id).first()
    initial = {
        "mail": wish.mail if wish else True,
        "quiet_from": wish.quiet_from if wish else None,
        "quiet_until": wish.quiet_until if wish else None,
    }
    form = PreferenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_preference(actor=actor, **form.cleaned_data)
        messages.success(request, _("已按您的习惯设置好。"))
        return redirect("notify:preference")
    return render(request, "notify/preference.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@login_required
def robot_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.ADMIN)
    return render(request, "notify/robots.html", {"robots": visible_robots(actor)})


@login_required
@require_http_methods(["GET", "POST"])
def robot_edit(request: HttpRequest, uuid: uuids.UUID | None = None) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.ADMIN)
    robot = get_robot(actor, uuid) if uuid else None
    form = RobotForm(request.POST or None, actor=actor, robot=robot)
    if request.method == "POST" and form.is_valid() and (saved := _save(request, form, robot)):
        messages.success(request, _("机器人「%(name)s」已保存。") % {"name": saved.name})
        return redirect("notify:robots")
    status = 422 if form.errors else 200
    return render(request, "notify/robot_edit.html", {"form": form, "robot": robot}, status=status)


def _save(request: HttpRequest, form: RobotForm, robot: Robot | None) -> Robot | None:
    try:
        return services.save_robot(actor=actor_of(request), robot=robot, **form.cleaned_data)
    except InvalidInput as error:
        for field, message in error.fields.items():
            form.add_error(field if field in form.fields else None, message)
        return None


@require_POST
@login_required
def robot_try(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Send one line now, and say what came of it."""
    robot = get_robot(actor_of(request), uuid)
    text = _("这是一条试发消息：%(time)s") % {"time": clock.now().strftime("%H:%M:%S")}
    try:
        channel.send(kind=robot.kind, url=robot.url, secret=robot.secret, text=text)
    except channel.NotDelivered as error:
        messages.error(request, _("没有发出去：%(error)s") % {"error": error})
    else:
        messages.success(request, _("已发到群里，请在群里确认。"))
    return redirect("notify:robots")
